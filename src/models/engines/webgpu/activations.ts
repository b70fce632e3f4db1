import * as tf from '@tensorflow/tfjs';
import type { Activation } from '../layers.ts';
import { type Backend, type Program, registerKernel } from './program.ts';
import { expOfNegative, type Lanes } from './wgsl.ts';

/** The names that activations are registered under where each is one kernel. */
const SILU = 'LikenessSilu';
const GELU = 'LikenessGelu';
const HARD_SWISH = 'LikenessHardSwish';

/** Threads of a workgroup, as the backend's own elementwise kernels have it. */
const WORKGROUP = 128;

const exponential = (lanes: Lanes) => expOfNegative('expOfNegative', lanes);

export const sigmoidWgsl = (lanes: Lanes) => `
  fn sigmoid(x : ${lanes}) -> ${lanes} {
    let e = expOfNegative(-abs(x));
    return select(e, ${lanes}(1.0), x >= ${lanes}(0.0)) / (1.0 + e);
  }`;

/**
 * GELU (Hendrycks & Gimpel 2016) = x · Φ(x) = max(x, 0) − |x| · erfc(|x| / √2) / 2, which cancels nowhere; erfc by
 * Abramowitz and Stegun (1964), 7.1.26, whose error is below 1.5e-7.
 */
const geluWgsl = (lanes: Lanes) => `
  fn gelu(x : ${lanes}) -> ${lanes} {
    let g = abs(x) * 0.707106781;
    let t = 1.0 / fma(g, ${lanes}(0.3275911), ${lanes}(1.0));
    var sum = ${lanes}(1.061405429);
    sum = fma(sum, t, ${lanes}(-1.453152027));
    sum = fma(sum, t, ${lanes}(1.421413741));
    sum = fma(sum, t, ${lanes}(-0.284496736));
    sum = fma(sum, t, ${lanes}(0.254829592));
    let erfc = sum * t * expOfNegative(-g * g);
    return max(x, ${lanes}(0.0)) - abs(x) * 0.5 * erfc;
  }`;

/** x · clamp(x + 3, 0, 6) / 6 (Howard et al. 2019): near −3 the sum is exact, a rounded sixth of x is not. */
const hardSwishWgsl = (lanes: Lanes) => `
  fn gate(x : ${lanes}) -> ${lanes} {
    return clamp(x + 3.0, ${lanes}(0.0), ${lanes}(6.0)) / 6.0;
  }`;

const ACTIVATIONS: Readonly<
  Record<Activation, { readonly needs: readonly ((lanes: Lanes) => string)[]; readonly of: string }>
> = {
  linear: { needs: [], of: 'a' },
  relu: { needs: [], of: 'max(a, zero)' },
  silu: { needs: [exponential, sigmoidWgsl], of: 'a * sigmoid(a)' },
  gelu: { needs: [exponential, geluWgsl], of: 'gelu(a)' },
  'hard-swish': { needs: [hardSwishWgsl], of: 'a * gate(a)' },
};

/** A function `activated`, for kernels that end with an activation. */
export function activationWgsl(activation: Activation, lanes: Lanes): string {
  const { needs, of } = ACTIVATIONS[activation];
  return `${needs.map((text) => text(lanes)).join('')}
  fn activated(a : ${lanes}) -> ${lanes} {
    let zero = ${lanes}(0.0);
    return ${of};
  }`;
}

/** Replaces the backend's σ, and adds x · σ(x), GELU and hard swish in one pass each. */
export function registerActivations(backend: Backend): void {
  // Registered twice, a kernel is replaced with a warning.
  tf.unregisterKernel(tf.Sigmoid, 'webgpu');
  register(backend, tf.Sigmoid, sigmoidWgsl, 'sigmoid(a)');
  register(backend, SILU, sigmoidWgsl, 'a * sigmoid(a)');
  register(backend, GELU, geluWgsl, 'gelu(a)');
  register(backend, HARD_SWISH, hardSwishWgsl, 'a * gate(a)');
}

/** x · σ(x) (Elfwing et al. 2018). The input stays the caller's, as in all of these; the backend has the kernels. */
export const silu = (x: tf.Tensor): tf.Tensor => tf.engine().runKernel(SILU, { x });

export const gelu = (x: tf.Tensor): tf.Tensor => tf.engine().runKernel(GELU, { x });

export const hardSwish = (x: tf.Tensor): tf.Tensor => tf.engine().runKernel(HARD_SWISH, { x });

function register(backend: Backend, kernelName: string, wgsl: (lanes: Lanes) => string, expression: string): void {
  registerKernel(backend, kernelName, ({ shape }) => {
    const size = tf.util.sizeFromShape(shape);
    const components = size % 4 === 0 ? 4 : 1;
    const lanes = components === 4 ? 'vec4<f32>' : 'f32';
    const program: Program = {
      shaderKey: `likeness_${kernelName}_${components}`,
      variableNames: ['A'],
      outputShape: shape,
      outputComponent: components,
      size: true,
      workgroupSize: [WORKGROUP, 1, 1],
      dispatchLayout: { x: shape.map((_, axis) => axis) },
      dispatch: [Math.ceil(size / components / WORKGROUP), 1, 1],
      getUserCode: () => `${exponential(lanes)} ${wgsl(lanes)}
        fn main(index : i32) {
          if (index < uniforms.size) {
            let a = getAByOutputIndex(index);
            setOutputAtIndex(index, ${expression});
          }
        }`,
    };
    return { program };
  });
}
