/** Functions of four numbers at once, and of rows of numbers in their place. */

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

/**
 * 1, and no compiler knows it, since it is exported and could change. What is multiplied with it before a loop stays in a register, or a
 * load away; a constant is made again wherever a loop uses it, by three instructions.
 */
export let one: f32 = 1;

// e^x = 2ⁿ · 2^f, n being x · log₂ e rounded: added to 1.5 · 2²³ + 127, that leaves n and the bias of exponents in the last bits.
const LOG2E: f32 = 1.44269504;
const ROUND: f32 = 12583039;
// 2^f = 1 + f · (…), for |f| ≤ ½, but for 2e-9 of it.
const F6: f32 = 0.000153532674, F5: f32 = 0.00133990031, F4: f32 = 0.00961843878;
const F3: f32 = 0.05550331995, F2: f32 = 0.24022647738, F1: f32 = 0.69314718246;

/**
 * Where e^x stops falling: 1e-13 is nothing beside 1. Further down, its products would lie below 2⁻¹²⁶, with which some processors
 * take a hundred times as long.
 */
const LEAST: f32 = -30;

/** 2^f for |f| ≤ ½, by constants that the caller has in registers; `whole` is 1. */
@inline
function powerOf2(f: v128, f6: v128, f5: v128, f4: v128, f3: v128, f2: v128, f1: v128, whole: v128): v128 {
  let sum = fma(f6, f, f5);
  sum = fma(sum, f, f4);
  sum = fma(sum, f, f3);
  sum = fma(sum, f, f2);
  sum = fma(sum, f, f1);
  return fma(sum, f, whole);
}

/** e^(x − top) in place of `bytes` bytes of numbers x ≤ top, and at least e^LEAST. Returns their sum. */
export function expBelow(at: usize, bytes: usize, top: f32): f32 {
  const least = f32x4.splat(LEAST * one), highest = f32x4.splat(top);
  const log2e = f32x4.splat(LOG2E * one), round = f32x4.splat(ROUND * one), whole = f32x4.splat(one);
  const f6 = f32x4.splat(F6 * one), f5 = f32x4.splat(F5 * one), f4 = f32x4.splat(F4 * one);
  const f3 = f32x4.splat(F3 * one), f2 = f32x4.splat(F2 * one), f1 = f32x4.splat(F1 * one);
  let all = f32x4.splat(0);
  for (const end = at + bytes; at < end; at += 16) {
    const within = f32x4.pmax(f32x4.sub(v128.load(at), highest), least);
    const n = fma(within, log2e, round);
    const f = fma(within, log2e, f32x4.sub(round, n));
    const e = f32x4.mul(powerOf2(f, f6, f5, f4, f3, f2, f1, whole), i32x4.shl(n, 23));
    all = f32x4.add(all, e);
    v128.store(at, e);
  }
  return sumOf(all);
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

/** σ(x) = 1 / (1 + e^−x), or x · σ(x): in place, of rows as `activateRows` takes them. */
@inline
function logistic(at: usize, step: usize, end: usize, length: usize, timesX: bool): void {
  const least = f32x4.splat(LEAST * one), most = f32x4.splat(-LEAST * one);
  const log2e = f32x4.splat(-LOG2E * one), round = f32x4.splat(ROUND * one), whole = f32x4.splat(one);
  const f6 = f32x4.splat(F6 * one), f5 = f32x4.splat(F5 * one), f4 = f32x4.splat(F4 * one);
  const f3 = f32x4.splat(F3 * one), f2 = f32x4.splat(F2 * one), f1 = f32x4.splat(F1 * one);
  for (; at < end; at += step) {
    const stop = at + length;
    for (let p = at; p < stop; p += 16) {
      const x = v128.load(p);
      const within = f32x4.pmin(f32x4.pmax(x, least), most);
      const n = fma(within, log2e, round);
      const f = fma(within, log2e, f32x4.sub(round, n));
      const power = powerOf2(f, f6, f5, f4, f3, f2, f1, whole);
      v128.store(p, f32x4.div(timesX ? x : whole, fma(power, i32x4.shl(n, 23), whole)));
    }
  }
}

function sigmoid(at: usize, step: usize, end: usize, length: usize): void {
  logistic(at, step, end, length, false);
}

function silu(at: usize, step: usize, end: usize, length: usize): void {
  logistic(at, step, end, length, true);
}

/**
 * x · Φ(x) = max(x, 0) − |x| · erfc(|x| / √2) / 2, which cancels nowhere; erfc by Abramowitz and Stegun (1964), 7.1.26,
 * whose error is below 1.5e-7. In place, of rows as `activateRows` takes them.
 */
function gelu(at: usize, step: usize, end: usize, length: usize): void {
  const zero = f32x4.splat(0), whole = f32x4.splat(one), least = f32x4.splat(LEAST * one);
  const root = f32x4.splat(<f32>0.707106781 * one), p0 = f32x4.splat(<f32>0.3275911 * one);
  const a5 = f32x4.splat(<f32>1.061405429 * one), a4 = f32x4.splat(<f32>-1.453152027 * one);
  const a3 = f32x4.splat(<f32>1.421413741 * one), a2 = f32x4.splat(<f32>-0.284496736 * one), a1 = f32x4.splat(<f32>0.254829592 * one);
  const log2e = f32x4.splat(LOG2E * one), round = f32x4.splat(ROUND * one), half = f32x4.splat(<f32>-0.5 * one);
  const f6 = f32x4.splat(F6 * one), f5 = f32x4.splat(F5 * one), f4 = f32x4.splat(F4 * one);
  const f3 = f32x4.splat(F3 * one), f2 = f32x4.splat(F2 * one), f1 = f32x4.splat(F1 * one);
  for (; at < end; at += step) {
    const stop = at + length;
    for (let p = at; p < stop; p += 16) {
      const x = v128.load(p);
      const size = f32x4.abs(x);
      const g = f32x4.mul(size, root);
      const t = f32x4.div(whole, fma(g, p0, whole));
      const within = f32x4.pmax(f32x4.neg(f32x4.mul(g, g)), least);
      const n = fma(within, log2e, round);
      const f = fma(within, log2e, f32x4.sub(round, n));
      const e = f32x4.mul(powerOf2(f, f6, f5, f4, f3, f2, f1, whole), i32x4.shl(n, 23));
      let sum = fma(a5, t, a4);
      sum = fma(sum, t, a3);
      sum = fma(sum, t, a2);
      sum = fma(sum, t, a1);
      const erfc = f32x4.mul(f32x4.mul(sum, t), e);
      v128.store(p, fma(f32x4.mul(size, half), erfc, f32x4.pmax(x, zero)));
    }
  }
}

/**
 * In place: `rows` rows of `width` numbers, a multiple of 4, that begin `stride` numbers apart. The activation is chosen
 * outside the loops: chosen at every number, the compiler computes all of them.
 */
export function activateRows(at: usize, stride: i32, rows: i32, width: i32, activation: i32): void {
  const step = <usize>stride << 2, length = <usize>width << 2;
  const end = at + <usize>rows * step;
  if (activation == RELU) {
    for (; at < end; at += step) for (let i: usize = 0; i < length; i += 16) v128.store(at + i, relu(v128.load(at + i)));
  } else if (activation == SILU) {
    silu(at, step, end, length);
  } else if (activation == GELU) {
    gelu(at, step, end, length);
  } else if (activation == HARD_SWISH) {
    for (; at < end; at += step) {
      for (let i: usize = 0; i < length; i += 16) v128.store(at + i, hardSwish(v128.load(at + i)));
    }
  } else if (activation == SIGMOID) {
    sigmoid(at, step, end, length);
  } else if (activation == CLIP) {
    for (; at < end; at += step) for (let i: usize = 0; i < length; i += 16) v128.store(at + i, clip(v128.load(at + i)));
  }
}
