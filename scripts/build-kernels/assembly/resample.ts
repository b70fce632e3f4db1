// The two passes of src/data/resample.ts, four numbers or more at once. Integers: the results are bit-identical.

/** PRECISION_BITS of src/data/resample.ts. */
const PRECISION_BITS: i32 = 22;
const HALF: i32 = 1 << (PRECISION_BITS - 1);

/** Four bytes from `at` on as four integers. */
@inline
function four(at: usize): v128 {
  return i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(v128.load32_zero(at)));
}

/**
 * `rows` rows of RGBA, `rowBytes` each, the first of whose pixels is column `originX` → RGB rows of `outputs` pixels,
 * `outBytes` apart. Writes one byte beyond each row.
 */
export function resampleRows(
  rgba: usize, rowBytes: i32, rows: i32, originX: i32,
  starts: usize, counts: usize, weights: usize, stride: i32, outputs: i32,
  out: usize, outBytes: i32,
): void {
  for (let y: i32 = 0; y < rows; y++, rgba += <usize>rowBytes, out += <usize>outBytes) {
    let at = out;
    let weightsOfOutput = weights;
    for (let x: i32 = 0; x < outputs; x++, at += 3, weightsOfOutput += <usize>stride << 2) {
      const place = <usize>x << 2;
      let from = rgba + (<usize>(load<i32>(starts + place) - originX) << 2);
      let weight = weightsOfOutput;
      const end = weight + (<usize>load<i32>(counts + place) << 2);
      // Two sums, since one would wait for its own last product.
      let even = i32x4.splat(HALF), odd = i32x4.splat(0);
      while (weight + 8 <= end) {
        even = i32x4.add(even, i32x4.mul(four(from), v128.load32_splat(weight)));
        odd = i32x4.add(odd, i32x4.mul(four(from + 4), v128.load32_splat(weight + 4)));
        from += 8;
        weight += 8;
      }
      if (weight < end) even = i32x4.add(even, i32x4.mul(four(from), v128.load32_splat(weight)));
      const sum = i32x4.shr_s(i32x4.add(even, odd), PRECISION_BITS);
      const short = i16x8.narrow_i32x4_s(sum, sum);
      v128.store32_lane(at, i8x16.narrow_i16x8_u(short, short), 0);
    }
  }
}

/**
 * Rows of `rowBytes` samples, a multiple of 16, the first of which is input row `originY` → one row an output, one behind
 * the other.
 */
export function resampleColumns(
  samples: usize, rowBytes: i32, originY: i32,
  starts: usize, counts: usize, weights: usize, stride: i32, outputs: i32,
  out: usize,
): void {
  const step = <usize>rowBytes;
  for (let y: i32 = 0; y < outputs; y++, weights += <usize>stride << 2, out += step) {
    const place = <usize>y << 2;
    const first = samples + <usize>(load<i32>(starts + place) - originY) * step;
    const end = weights + (<usize>load<i32>(counts + place) << 2);
    for (let i: usize = 0; i < step; i += 16) {
      let s0 = i32x4.splat(HALF), s1 = s0, s2 = s0, s3 = s0;
      let from = first + i;
      for (let at = weights; at < end; at += 4, from += step) {
        const bytes = v128.load(from);
        const weight = v128.load32_splat(at);
        const low = i16x8.extend_low_i8x16_u(bytes), high = i16x8.extend_high_i8x16_u(bytes);
        s0 = i32x4.add(s0, i32x4.mul(i32x4.extend_low_i16x8_u(low), weight));
        s1 = i32x4.add(s1, i32x4.mul(i32x4.extend_high_i16x8_u(low), weight));
        s2 = i32x4.add(s2, i32x4.mul(i32x4.extend_low_i16x8_u(high), weight));
        s3 = i32x4.add(s3, i32x4.mul(i32x4.extend_high_i16x8_u(high), weight));
      }
      const low = i16x8.narrow_i32x4_s(i32x4.shr_s(s0, PRECISION_BITS), i32x4.shr_s(s1, PRECISION_BITS));
      const high = i16x8.narrow_i32x4_s(i32x4.shr_s(s2, PRECISION_BITS), i32x4.shr_s(s3, PRECISION_BITS));
      v128.store(out + i, i8x16.narrow_i16x8_u(low, high));
    }
  }
}
