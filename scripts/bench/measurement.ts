/** One thing that is measured. Its file lies beside this one, and bench.ts lists it. */
export interface Measurement {
  /** For `--only`. */
  readonly name: string;
  /** What is measured, in a few words for `--help`. */
  readonly about: string;
  /** Measures, telling what it does line by line. What it returns is written to the file of `--json`. */
  run(options: BenchOptions, tell: (line: string) => void): Promise<unknown>;
}

export interface BenchOptions {
  /** Rounds of A B A B after one that warms up. */
  readonly rounds: number;
  /** Gallery sizes of the search. */
  readonly rows: readonly number[];
  /** Architectures to extract with; null for all. */
  readonly models: readonly string[] | null;
  /** Configurations of WebGPU's candidates; null for what the app does. */
  readonly with: string | null;
  /** Gallery images of the start. */
  readonly images: number;
  /** Sizes that take minutes and half a gigabyte, too. */
  readonly large: boolean;
  /** Leave out what takes minutes: the published hnswlib-wasm, batches of one image, reloads at scale. */
  readonly quick: boolean;
}
