import { AppError } from '../../src/errors.ts';
import { seededRandom } from '../../src/math/random.ts';
import { TARGETS } from './readers.ts';

/** How many bytes a reader may ask for, for each byte of its file and besides: far from what a lying header claims. */
const BYTES_A_BYTE = 100;
const BYTES_BESIDES = 8 * 2 ** 20;

export interface FuzzCase {
  readonly target: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Null where all is well. */
  run(): Promise<string | null>;
}

/** The case that seed and number stand for, always the same. */
export function fuzzCase(seed: number, number: number): FuzzCase {
  const random = seededRandom(seed, number);
  const target = TARGETS[random.below(TARGETS.length)];
  if (!target) throw new Error('There are no readers.');
  const bytes = target.make(random);
  return {
    target: target.name,
    bytes,
    async run() {
      let fault: string | null = null;
      const asked = await counted(async () => {
        try {
          await target.read(bytes);
        } catch (error) {
          fault = faultOf(error, target.codes);
        }
      });
      if (fault === null && asked > BYTES_A_BYTE * bytes.length + BYTES_BESIDES) return `asked for ${asked} bytes`;
      return fault;
    },
  };
}

function faultOf(error: unknown, codes: readonly string[]): string | null {
  if (!(error instanceof AppError))
    return `threw ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
  if (!codes.includes(error.code)) return `refused with the code ${error.code}: ${error.message}`;
  if (error.message.length > 2000) return `refused with a sentence of ${error.message.length} characters`;
  return null;
}

/** Bytes of typed arrays and buffers made, and of blobs read, while `work` runs. */
async function counted(work: () => Promise<void>): Promise<number> {
  let asked = 0;
  const restore: (() => void)[] = [];
  for (const name of ['ArrayBuffer', 'Uint8Array', 'Uint16Array', 'Uint32Array', 'Float32Array', 'Array'] as const) {
    const original = globalThis[name];
    Reflect.set(
      globalThis,
      name,
      new Proxy(original, {
        construct(target, [length, ...rest]: [unknown, ...unknown[]], newTarget) {
          if (typeof length === 'number') asked += length;
          return Reflect.construct(target, [length, ...rest], newTarget);
        },
      }),
    );
    restore.push(() => Reflect.set(globalThis, name, original));
  }
  for (const name of ['arrayBuffer', 'text'] as const) {
    const original: (this: Blob) => Promise<unknown> = Blob.prototype[name];
    Reflect.set(Blob.prototype, name, function counting(this: Blob) {
      asked += this.size;
      return original.call(this);
    });
    restore.push(() => Reflect.set(Blob.prototype, name, original));
  }
  try {
    await work();
  } finally {
    for (const each of restore) each();
  }
  return asked;
}
