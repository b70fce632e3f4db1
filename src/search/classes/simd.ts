import { AppError } from '../../errors.ts';
import { type Candidates, type ClassKernel, TIE } from './kernel.ts';

const PAGE_BYTES = 65_536;
/** Bytes that are worked on at a time; all that lies in memory begins at a multiple. */
const VECTOR = 16;
/** Rows that lie side by side, and numbers that rows and classes are filled up to a multiple of. */
const FOUR = 4;

/** One memory of the kernel, and what lies in it. */
interface Room {
  readonly weigh: CallableFunction;
  readonly cover: CallableFunction;
  readonly rows: number;
  readonly classes: number;
  /** Rows and classes filled up: rows with similarity −∞, which have no part, and classes with nothing. */
  readonly filled: { readonly rows: number; readonly classes: number };
  /** [filled classes]: those of the query, then what is left of them. */
  readonly weights: Float64Array;
  readonly similarities: Float32Array;
  readonly keys: Float64Array;
  readonly gains: Float64Array;
  readonly chosen: Int32Array<ArrayBuffer>;
  readonly computed: Int32Array;
  /** [filled rows / 4, filled classes, 4] */
  readonly posteriors: Float32Array;
}

/**
 * The kernel of scripts/build-kernels/assembly/classes.ts. Posteriors are copied into its memory, once where the same gallery
 * is asked of again.
 */
export function simdClasses(module: WebAssembly.Module): ClassKernel {
  let room: Room | null = null;
  // Weakly: a gallery that is searched no more is not to be held for its copy's sake.
  let copied: WeakRef<Float32Array> | null = null;

  function holding({ query, gallery, similarities }: Candidates): Room {
    const classes = query.length;
    const rows = gallery.length / classes;
    if (room?.rows !== rows || room.classes !== classes) {
      room = openRoom(module, rows, classes);
      copied = null;
    }
    if (copied?.deref() !== gallery) {
      copyRows(gallery, room);
      copied = new WeakRef(gallery);
    }
    room.weights.set(query);
    room.similarities.set(similarities);
    return room;
  }

  /** The greatest key. */
  function weigh({ weigh, filled, posteriors, weights, similarities, gains, keys }: Room, weight: number): number {
    return Number(
      weigh(
        ...[posteriors.byteOffset, filled.rows, filled.classes, weights.byteOffset],
        ...[similarities.byteOffset, weight, gains.byteOffset, keys.byteOffset],
      ),
    );
  }

  return {
    weigh(candidates, weight, keys) {
      if (keys.length === 0) return;
      const its = holding(candidates);
      weigh(its, weight);
      keys.set(its.keys);
    },
    cover(candidates, weight, keys, k) {
      if (keys.length === 0) return new Int32Array();
      const its = holding(candidates);
      const greatest = weigh(its, weight);
      keys.set(its.keys);
      const { filled, posteriors, gains, weights, chosen, computed } = its;
      const found = its.cover(
        ...[posteriors.byteOffset, filled.rows, filled.classes, its.keys.byteOffset, greatest, gains.byteOffset],
        ...[weights.byteOffset, Math.min(k, its.rows), TIE, chosen.byteOffset, computed.byteOffset],
      );
      return chosen.slice(0, Number(found));
    },
  };
}

/** Four rows side by side. */
function copyRows(gallery: Float32Array, { rows, classes, filled, posteriors }: Room): void {
  let to = 0;
  for (let row = 0; row < rows; row += FOUR) {
    // What fills the last four up has no part, whatever it is.
    const last = (rows - 1) * classes;
    const a = row * classes;
    const b = Math.min(a + classes, last);
    const c = Math.min(b + classes, last);
    const d = Math.min(c + classes, last);
    for (let i = 0; i < classes; i++, to += FOUR) {
      posteriors[to] = gallery[a + i] as number;
      posteriors[to + 1] = gallery[b + i] as number;
      posteriors[to + 2] = gallery[c + i] as number;
      posteriors[to + 3] = gallery[d + i] as number;
    }
    to += (filled.classes - classes) * FOUR;
  }
}

const filledUp = (count: number): number => Math.ceil(count / FOUR) * FOUR;

/** Throws AppError 'bad-argument' where there is no such memory. */
function openRoom(module: WebAssembly.Module, rows: number, classes: number): Room {
  const filled = { rows: filledUp(rows), classes: filledUp(classes) };
  let end = 0;
  const place = (bytes: number): number => {
    const start = end;
    end += Math.ceil(bytes / VECTOR) * VECTOR;
    return start;
  };
  const weights = place(8 * filled.classes);
  const similarities = place(4 * filled.rows);
  const keys = place(8 * filled.rows);
  const gains = place(8 * filled.rows);
  const chosen = place(4 * rows);
  const computed = place(filled.rows);
  const posteriors = place(4 * filled.rows * filled.classes);
  const memory = memoryOf(Math.ceil(end / PAGE_BYTES));
  const { weigh, cover } = new WebAssembly.Instance(module, { env: { memory } }).exports;
  if (typeof weigh !== 'function' || typeof cover !== 'function') {
    throw new AppError('internal', 'The kernel of class posteriors lacks its functions.');
  }
  const { buffer } = memory;
  new Float32Array(buffer, similarities, filled.rows).fill(Number.NEGATIVE_INFINITY);
  return {
    ...{ weigh, cover, rows, classes, filled },
    weights: new Float64Array(buffer, weights, classes),
    similarities: new Float32Array(buffer, similarities, rows),
    keys: new Float64Array(buffer, keys, rows),
    gains: new Float64Array(buffer, gains, rows),
    chosen: new Int32Array(buffer, chosen, rows),
    computed: new Int32Array(buffer, computed, filled.rows / FOUR),
    posteriors: new Float32Array(buffer, posteriors, filled.rows * filled.classes),
  };
}

function memoryOf(pages: number): WebAssembly.Memory {
  try {
    return new WebAssembly.Memory({ initial: pages, maximum: pages });
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    const sentence =
      'The memory that a browser gives a search does not suffice to rank by class. Choose the plain ranking.';
    throw new AppError('bad-argument', sentence, { cause });
  }
}
