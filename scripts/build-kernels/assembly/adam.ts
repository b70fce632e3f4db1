import { fma } from './activations';

const BETA1: f32 = 0.9, REST1: f32 = 0.1;
const BETA2: f32 = 0.999, REST2: f32 = 0.001;
const EPSILON: f32 = 1e-8;

/**
 * What src/heads/adam.ts does to `count` numbers, four at once and in float32: `rate` is the learning rate over
 * 1 − β₁ᵗ, `correction` is 1 / √(1 − β₂ᵗ), `decay` the weight of the L2 penalty. In place; `count` is rounded up to a
 * multiple of 4, which is what arrays have room for.
 */
export function adam(
  values: usize, gradients: usize, first: usize, second: usize, count: i32, rate: f32, correction: f32, decay: f32,
): void {
  const bytes = <usize>((count + 3) & ~3) << 2;
  const keep1 = f32x4.splat(BETA1), take1 = f32x4.splat(REST1);
  const keep2 = f32x4.splat(BETA2), take2 = f32x4.splat(REST2);
  const step = f32x4.splat(rate), scale = f32x4.splat(correction), penalty = f32x4.splat(decay);
  const epsilon = f32x4.splat(EPSILON);
  for (let i: usize = 0; i < bytes; i += 16) {
    const value = v128.load(values + i);
    const gradient = fma(penalty, value, v128.load(gradients + i));
    const mean = fma(keep1, v128.load(first + i), f32x4.mul(take1, gradient));
    const square = fma(keep2, v128.load(second + i), f32x4.mul(take2, f32x4.mul(gradient, gradient)));
    v128.store(first + i, mean);
    v128.store(second + i, square);
    const size = fma(f32x4.sqrt(square), scale, epsilon);
    v128.store(values + i, f32x4.sub(value, f32x4.div(f32x4.mul(step, mean), size)));
  }
}
