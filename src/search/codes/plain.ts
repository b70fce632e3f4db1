import { type CodeKernel, MOST_CODE, strideOf, TILE_ROWS } from './kernel.ts';

const { abs, fround, max } = Math;

/** Added and taken away again in float32 it leaves whole numbers, halves at the even one, as SIMD rounds them. */
const WHOLE = 1.5 * 2 ** 23;

/** For browsers without WASM SIMD, and what the kernel in SIMD is compared with. */
export const plainCodes: CodeKernel = {
  room(rows, dimensions) {
    const stride = strideOf(dimensions);
    const codes = new Int8Array(rows * stride);
    const scales = new Float32Array(rows);
    const found = { rows: new Int32Array(TILE_ROWS), scores: new Float32Array(TILE_ROWS) };
    // Indexing stays in range by construction; `as number` tells the compiler so without a test in the inner loop.
    return {
      stride,
      write(block, at) {
        for (let row = 0; row * dimensions < block.length; row++) {
          const numbers = block.subarray(row * dimensions, (row + 1) * dimensions);
          const most = numbers.reduce((largest, value) => max(largest, abs(value)), 0);
          scales[at + row] = most / MOST_CODE;
          const times = most > 0 ? fround(MOST_CODE / most) : 0;
          codes.set(
            numbers.map((value) => fround(fround(value * times) + WHOLE) - WHOLE),
            (at + row) * stride,
          );
        }
      },
      codesOf: (first, count) => codes.subarray(first * stride, (first + count) * stride),
      scalesOf: (first, count) => scales.subarray(first, first + count),
      above(query, first, count, threshold) {
        let above = 0;
        for (let row = first; row < first + count; row++) {
          const start = row * stride;
          let sum = 0;
          for (let i = 0; i < stride; i++) sum += (codes[start + i] as number) * (query[i] as number);
          const score = fround(fround(sum) * (scales[row] as number));
          if (score <= threshold) continue;
          found.rows[above] = row;
          found.scores[above] = score;
          above++;
        }
        return { rows: found.rows.subarray(0, above), scores: found.scores.subarray(0, above) };
      },
    };
  },
};
