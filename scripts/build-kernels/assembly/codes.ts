// Embeddings as codes of 8 bits with one scale a row, and products over them. src/search/codes/plain.ts is the same in
// JavaScript: the results are bit-identical.

/** The greatest code. */
const MOST: f32 = 127;

/**
 * `rows` rows of `stride` numbers, a multiple of 16 → `stride` codes from −127 to 127 and one scale a row: a number is
 * about code · scale. A row of zeros has scale 0.
 */
export function quantise(vectors: usize, rows: i32, stride: i32, codes: usize, scales: usize): void {
  const bytes = <usize>stride << 2;
  for (let row: i32 = 0; row < rows; row++, vectors += bytes, scales += 4) {
    let largest = f32x4.splat(0);
    for (let at: usize = 0; at < bytes; at += 16) largest = f32x4.max(largest, f32x4.abs(v128.load(vectors + at)));
    const most = max(
      max(f32x4.extract_lane(largest, 0), f32x4.extract_lane(largest, 1)),
      max(f32x4.extract_lane(largest, 2), f32x4.extract_lane(largest, 3)),
    );
    store<f32>(scales, most / MOST);
    const times = f32x4.splat(most > 0 ? MOST / most : 0);
    for (let at: usize = 0; at < bytes; at += 64, codes += 16) {
      const low = i16x8.narrow_i32x4_s(rounded(vectors + at, times), rounded(vectors + at + 16, times));
      const high = i16x8.narrow_i32x4_s(rounded(vectors + at + 32, times), rounded(vectors + at + 48, times));
      v128.store(codes, i8x16.narrow_i16x8_s(low, high));
    }
  }
}

/** Halves go to the even number. */
@inline
function rounded(at: usize, times: v128): v128 {
  return i32x4.trunc_sat_f32x4_s(f32x4.nearest(f32x4.mul(v128.load(at), times)));
}

/**
 * Which of the rows first … first + count have a score above `threshold`, the product of the row with `query` (`stride`
 * integers of 16 bits) times its scale: into `rowsOut` and `scoresOut`, in row order. Returns their number.
 */
export function rowsAbove(
  codes: usize, scales: usize, first: i32, count: i32, query: usize, stride: i32, threshold: f32,
  rowsOut: usize, scoresOut: usize,
): i32 {
  let row = codes + <usize>first * <usize>stride;
  let scale = scales + (<usize>first << 2);
  let found: usize = 0;
  for (let i: i32 = 0; i < count; i++, scale += 4) {
    // Two sums, since one would wait for its own last product.
    let even = i32x4.splat(0), odd = i32x4.splat(0);
    let number = query;
    for (const end = row + <usize>stride; row < end; row += 16, number += 32) {
      const bytes = v128.load(row);
      even = i32x4.add(even, i32x4.dot_i16x8_s(i16x8.extend_low_i8x16_s(bytes), v128.load(number)));
      odd = i32x4.add(odd, i32x4.dot_i16x8_s(i16x8.extend_high_i8x16_s(bytes), v128.load(number + 16)));
    }
    const sums = i32x4.add(even, odd);
    const sum =
      i32x4.extract_lane(sums, 0) + i32x4.extract_lane(sums, 1) +
      i32x4.extract_lane(sums, 2) + i32x4.extract_lane(sums, 3);
    const score = <f32>sum * load<f32>(scale);
    if (score > threshold) {
      store<i32>(rowsOut + found, first + i);
      store<f32>(scoresOut + found, score);
      found += 4;
    }
  }
  return <i32>(found >> 2);
}
