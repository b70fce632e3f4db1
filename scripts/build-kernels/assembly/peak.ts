/** What the bench measures a machine's limits with; no part of the app. */
import { fma, sumOf } from './activations';

/** `rounds` times 12 products and sums of 4 numbers that wait for none of each other. */
export function multiplyAdd(rounds: i32): f32 {
  const a = f32x4.splat(<f32>0.9999), b = f32x4.splat(<f32>0.0001);
  let s0 = f32x4.splat(0), s1 = f32x4.splat(1), s2 = f32x4.splat(2), s3 = f32x4.splat(3);
  let s4 = f32x4.splat(4), s5 = f32x4.splat(5), s6 = f32x4.splat(6), s7 = f32x4.splat(7);
  let s8 = f32x4.splat(8), s9 = f32x4.splat(9), s10 = f32x4.splat(10), s11 = f32x4.splat(11);
  for (let round: i32 = 0; round < rounds; round++) {
    s0 = fma(s0, a, b); s1 = fma(s1, a, b); s2 = fma(s2, a, b); s3 = fma(s3, a, b);
    s4 = fma(s4, a, b); s5 = fma(s5, a, b); s6 = fma(s6, a, b); s7 = fma(s7, a, b);
    s8 = fma(s8, a, b); s9 = fma(s9, a, b); s10 = fma(s10, a, b); s11 = fma(s11, a, b);
  }
  const sum = f32x4.add(f32x4.add(f32x4.add(s0, s1), f32x4.add(s2, s3)), f32x4.add(f32x4.add(s4, s5), f32x4.add(s6, s7)));
  return sumOf(f32x4.add(sum, f32x4.add(f32x4.add(s8, s9), f32x4.add(s10, s11))));
}

/** Copies `bytes`, a multiple of 64. */
export function copy(from: usize, to: usize, bytes: usize): void {
  for (const end = from + bytes; from < end; from += 64, to += 64) {
    v128.store(to, v128.load(from));
    v128.store(to, v128.load(from, 16), 16);
    v128.store(to, v128.load(from, 32), 32);
    v128.store(to, v128.load(from, 48), 48);
  }
}
