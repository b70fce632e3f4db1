import type { Candidates, ClassKernel } from './classes/kernel.ts';

/**
 * An order of the gallery for a query. A new one is a file that exports one of these, its line in rankings.ts, and beside
 * the file the same order in NumPy, `<name>.py`, by which the bundle's script recomputes it.
 */
export interface Ranking<Name extends string = string> {
  readonly name: Name;
  /** Where it is chosen. */
  readonly label: string;
  /** In a sentence and in a run's name: "by class". */
  readonly order: string;
  /** One sentence for a table of runs. */
  readonly summary: string;
  /** Two sentences for the user: what it uses, what it gives up. */
  readonly explanation: readonly [uses: string, givesUp: string];
  /** Needs class posteriors, and so training labels. */
  readonly usesClasses: boolean;
  /**
   * Writes a key for each candidate into `keys` [n]: the order is by descending key, ties by gallery order. For a ranking
   * that does not use classes, both posteriors may be empty.
   */
  keys(candidates: Candidates, keys: Float64Array, kernel: ClassKernel): void;
}
