/** Functions of four numbers at once. */

/** a · b + c, rounded once where the binary is built with relaxed SIMD. */
@inline
export function fma(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(a, b, c);
  return f32x4.add(f32x4.mul(a, b), c);
}

@inline
export function sumOf(x: v128): f32 {
  return (
    f32x4.extract_lane(x, 0) + f32x4.extract_lane(x, 1) + (f32x4.extract_lane(x, 2) + f32x4.extract_lane(x, 3))
  );
}

/** e^x for x ≤ 0: Cody and Waite's reduction to |r| ≤ ln 2 / 2 (1980), then the series up to r⁷ / 7!. */
@inline
export function expOfNegative(x: v128): v128 {
  const clamped = f32x4.max(x, f32x4.splat(-87));
  const n = f32x4.nearest(f32x4.mul(clamped, f32x4.splat(1.44269504)));
  let r = fma(n, f32x4.splat(-0.693359375), clamped);
  r = fma(n, f32x4.splat(2.1219444e-4), r);
  let sum = f32x4.splat(1.98412698e-4);
  sum = fma(sum, r, f32x4.splat(1.38888889e-3));
  sum = fma(sum, r, f32x4.splat(8.33333333e-3));
  sum = fma(sum, r, f32x4.splat(4.16666667e-2));
  sum = fma(sum, r, f32x4.splat(1.66666667e-1));
  sum = fma(sum, r, f32x4.splat(0.5));
  sum = fma(sum, r, f32x4.splat(1));
  sum = fma(sum, r, f32x4.splat(1));
  // Times 2ⁿ, in the exponent's bits.
  return i32x4.add(sum, i32x4.shl(i32x4.trunc_sat_f32x4_s(n), 23));
}

// Numbered as src/models/engines/wasm/kernels.ts names them. NaN stays NaN in all of them.
export const RELU: i32 = 1;
const SILU: i32 = 2;
const GELU: i32 = 3;
const HARD_SWISH: i32 = 4;
const SIGMOID: i32 = 5;
const CLIP: i32 = 6;

@inline
export function relu(x: v128): v128 {
  return f32x4.pmax(x, f32x4.splat(0));
}

/** scale · σ(x) */
@inline
function scaledSigmoid(x: v128, scale: v128): v128 {
  const one = f32x4.splat(1);
  const e = expOfNegative(f32x4.neg(f32x4.abs(x)));
  const numerator = v128.bitselect(e, one, f32x4.lt(x, f32x4.splat(0)));
  return f32x4.div(f32x4.mul(scale, numerator), f32x4.add(one, e));
}

/** To 0 … 1. */
@inline
function clip(x: v128): v128 {
  return f32x4.pmin(f32x4.pmax(x, f32x4.splat(0)), f32x4.splat(1));
}

/** x · min(max(x + 3, 0), 6) / 6 */
@inline
function hardSwish(x: v128): v128 {
  return f32x4.mul(x, clip(fma(x, f32x4.splat(1 / 6), f32x4.splat(0.5))));
}

/**
 * x · Φ(x) = max(x, 0) − |x| · erfc(|x| / √2) / 2, which cancels nowhere; erfc by Abramowitz and Stegun (1964), 7.1.26,
 * whose error is below 1.5e-7.
 */
@inline
function gelu(x: v128): v128 {
  const one = f32x4.splat(1);
  const size = f32x4.abs(x);
  const g = f32x4.mul(size, f32x4.splat(0.707106781));
  const t = f32x4.div(one, fma(g, f32x4.splat(0.3275911), one));
  let sum = f32x4.splat(1.061405429);
  sum = fma(sum, t, f32x4.splat(-1.453152027));
  sum = fma(sum, t, f32x4.splat(1.421413741));
  sum = fma(sum, t, f32x4.splat(-0.284496736));
  sum = fma(sum, t, f32x4.splat(0.254829592));
  const erfc = f32x4.mul(f32x4.mul(sum, t), expOfNegative(f32x4.neg(f32x4.mul(g, g))));
  return f32x4.sub(f32x4.max(x, f32x4.splat(0)), f32x4.mul(f32x4.mul(size, f32x4.splat(0.5)), erfc));
}

/**
 * In place: `rows` rows of `width` numbers, a multiple of 4, that begin `stride` numbers apart. The activation is chosen
 * outside the loops: chosen at every number, the compiler computes all of them.
 */
export function activateRows(at: usize, stride: i32, rows: i32, width: i32, activation: i32): void {
  const step = <usize>stride << 2, length = <usize>width << 2;
  const end = at + <usize>rows * step;
  const one = f32x4.splat(1);
  if (activation == RELU) {
    for (; at < end; at += step) for (let i: usize = 0; i < length; i += 16) v128.store(at + i, relu(v128.load(at + i)));
  } else if (activation == SILU) {
    for (; at < end; at += step) {
      for (let i: usize = 0; i < length; i += 16) {
        const x = v128.load(at + i);
        v128.store(at + i, scaledSigmoid(x, x));
      }
    }
  } else if (activation == GELU) {
    for (; at < end; at += step) for (let i: usize = 0; i < length; i += 16) v128.store(at + i, gelu(v128.load(at + i)));
  } else if (activation == HARD_SWISH) {
    for (; at < end; at += step) {
      for (let i: usize = 0; i < length; i += 16) v128.store(at + i, hardSwish(v128.load(at + i)));
    }
  } else if (activation == SIGMOID) {
    for (; at < end; at += step) {
      for (let i: usize = 0; i < length; i += 16) v128.store(at + i, scaledSigmoid(v128.load(at + i), one));
    }
  } else if (activation == CLIP) {
    for (; at < end; at += step) for (let i: usize = 0; i < length; i += 16) v128.store(at + i, clip(v128.load(at + i)));
  }
}
