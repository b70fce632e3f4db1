import { AppError } from '../../errors.ts';
import { type CodeKernel, strideOf, TILE_ROWS } from './kernel.ts';

const PAGE_BYTES = 65_536;
/** What a 32-bit memory can have. */
const MOST_PAGES = 65_536;
/** Rows that lie beside the codes that are made of them. */
const ROWS_AT_A_TIME = 256;
/** Bytes that are worked on at a time; all that lies in memory begins at a multiple. */
const VECTOR = 16;

/** The kernel of scripts/build-kernels/assembly/codes.ts; every gallery has an instance and a memory of its own. */
export const simdCodes = (module: WebAssembly.Module): CodeKernel => ({
  room(rows, dimensions) {
    const stride = strideOf(dimensions);
    let end = 0;
    const place = (bytes: number): number => {
      const start = end;
      end += Math.ceil(bytes / VECTOR) * VECTOR;
      return start;
    };
    const asked = place(2 * stride);
    const rowsFound = place(4 * TILE_ROWS);
    const scoresFound = place(4 * TILE_ROWS);
    const vectors = place(4 * stride * ROWS_AT_A_TIME);
    const scales = place(4 * rows);
    const codes = place(stride * rows);
    const memory = memoryOf(Math.ceil(end / PAGE_BYTES));
    if (!memory) {
      const sentence = `${rows} images of ${dimensions} numbers are more than the memory of a search holds. Search a part of them.`;
      throw new AppError('bad-argument', sentence);
    }
    const { quantise, rowsAbove } = new WebAssembly.Instance(module, { env: { memory } }).exports;
    if (typeof quantise !== 'function' || typeof rowsAbove !== 'function') {
      throw new AppError('internal', 'The kernel of 8-bit codes lacks its functions.');
    }
    return {
      stride,
      write(block, at) {
        const count = block.length / dimensions;
        for (let from = 0; from < count; from += ROWS_AT_A_TIME) {
          const some = Math.min(ROWS_AT_A_TIME, count - from);
          const room = new Float32Array(memory.buffer, vectors, some * stride);
          // Rows that need no filling up follow one another in both; what fills the others up stays zero.
          const together = stride === dimensions ? some : 1;
          for (let row = 0; row < some; row += together) {
            const start = (from + row) * dimensions;
            room.set(block.subarray(start, start + together * dimensions), row * stride);
          }
          quantise(vectors, some, stride, codes + stride * (at + from), scales + 4 * (at + from));
        }
      },
      codesOf: (first, count) => new Int8Array(memory.buffer, codes + stride * first, stride * count),
      scalesOf: (first, count) => new Float32Array(memory.buffer, scales + 4 * first, count),
      above(query, first, count, threshold) {
        new Int16Array(memory.buffer, asked, stride).set(query);
        const found = rowsAbove(codes, scales, first, count, asked, stride, threshold, rowsFound, scoresFound);
        return {
          rows: new Int32Array(memory.buffer, rowsFound, found),
          scores: new Float32Array(memory.buffer, scoresFound, found),
        };
      },
    };
  },
});

/** Null where there is no such memory. */
function memoryOf(pages: number): WebAssembly.Memory | null {
  if (pages > MOST_PAGES) return null;
  try {
    return new WebAssembly.Memory({ initial: pages, maximum: pages });
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}
