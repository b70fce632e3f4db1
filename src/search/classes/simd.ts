import { AppError } from '../../errors.ts';
import { type ClassKernel, type ClassPosteriors, TIE } from './kernel.ts';

const PAGE_BYTES = 65_536;
/** Bytes that are worked on at a time; all that lies in memory begins at a multiple. */
const VECTOR = 16;

/** One memory of the kernel, and where things lie in it. */
interface Room {
  readonly memory: WebAssembly.Memory;
  readonly agreements: CallableFunction;
  readonly cover: CallableFunction;
  readonly rows: number;
  readonly classes: number;
  /** Numbers of a row: the classes, filled up with zeros. */
  readonly stride: number;
  readonly weights: number;
  readonly keys: number;
  readonly gains: number;
  readonly chosen: number;
  readonly computed: number;
  readonly posteriors: number;
}

/**
 * The kernel of scripts/build-kernels/assembly/classes.ts. Posteriors are copied into its memory, once where the same gallery
 * is asked of again.
 */
export function simdClasses(module: WebAssembly.Module): ClassKernel {
  let room: Room | null = null;
  // Weakly: a gallery that is searched no more is not to be held for its copy's sake.
  let copied: WeakRef<Float32Array> | null = null;

  function holding({ query, gallery }: ClassPosteriors): Room {
    const classes = query.length;
    const rows = gallery.length / classes;
    if (room?.rows !== rows || room.classes !== classes) {
      room = openRoom(module, rows, classes);
      copied = null;
    }
    const { stride } = room;
    if (copied?.deref() !== gallery) {
      const numbers = new Float32Array(room.memory.buffer, room.posteriors, rows * stride);
      // Rows that need no filling up follow one another in both; what fills the others up stays zero.
      const together = stride === classes ? rows : 1;
      for (let row = 0; row < rows; row += together) {
        numbers.set(gallery.subarray(row * classes, (row + together) * classes), row * stride);
      }
      copied = new WeakRef(gallery);
    }
    new Float64Array(room.memory.buffer, room.weights, stride).set(query);
    return room;
  }

  return {
    agreements(posteriors, sums) {
      if (sums.length === 0) return;
      const { memory, agreements, rows, stride, weights, gains, posteriors: at } = holding(posteriors);
      agreements(at, rows, stride, weights, gains);
      sums.set(new Float64Array(memory.buffer, gains, rows));
    },
    cover(posteriors, keys, gains, k) {
      if (keys.length === 0) return new Int32Array();
      const its = holding(posteriors);
      const { memory, cover, rows, stride } = its;
      new Float64Array(memory.buffer, its.keys, rows).set(keys);
      new Float64Array(memory.buffer, its.gains, rows).set(gains);
      const most = Math.min(k, rows);
      const found = Number(
        cover(
          ...[its.posteriors, rows, stride, its.keys, its.gains, its.weights],
          ...[most, TIE, its.chosen, its.computed],
        ),
      );
      return new Int32Array(memory.buffer, its.chosen, found).slice();
    },
  };
}

/** Throws AppError 'bad-argument' where there is no such memory. */
function openRoom(module: WebAssembly.Module, rows: number, classes: number): Room {
  const stride = Math.ceil(classes / 4) * 4;
  let end = 0;
  const place = (bytes: number): number => {
    const start = end;
    end += Math.ceil(bytes / VECTOR) * VECTOR;
    return start;
  };
  const weights = place(8 * stride);
  const keys = place(8 * rows);
  const gains = place(8 * rows);
  const chosen = place(4 * rows);
  const computed = place(4 * rows);
  const posteriors = place(4 * rows * stride);
  const memory = memoryOf(Math.ceil(end / PAGE_BYTES));
  const { agreements, cover } = new WebAssembly.Instance(module, { env: { memory } }).exports;
  if (typeof agreements !== 'function' || typeof cover !== 'function') {
    throw new AppError('internal', 'The kernel of class posteriors lacks its functions.');
  }
  return { memory, agreements, cover, rows, classes, stride, weights, keys, gains, chosen, computed, posteriors };
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
