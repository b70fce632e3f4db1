import * as tf from '@tensorflow/tfjs';
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';

type Program = Parameters<WebGPUBackend['runWebGPUProgram']>[0];

/** The name that x · σ(x) is registered under where it is one kernel. */
const SILU = 'LikenessSilu';

/** Threads of a workgroup, as the backend's own elementwise kernels have it. */
const WORKGROUP = 128;

/**
 * σ as exact as single precision allows. WGSL's own `exp` may be wrong by 3 + 2|x| units in the last place, with a bias
 * that a network adds up layer by layer: here exp is reduced to |r| ≤ ln 2 / 2 by Cody and Waite's two-part ln 2
 * (Software Manual for the Elementary Functions, 1980) and summed up to r⁷/7!, whose rest is below 2⁻²⁷.
 */
const SIGMOID_WGSL = `
  fn expOfNegative(x : f32) -> f32 {
    let n = round(x * 1.44269504);
    let r = (x - n * 0.693359375) + n * 2.12194440e-4;
    var sum = 1.98412698e-4;
    sum = fma(sum, r, 1.38888889e-3);
    sum = fma(sum, r, 8.33333333e-3);
    sum = fma(sum, r, 4.16666667e-2);
    sum = fma(sum, r, 1.66666667e-1);
    sum = fma(sum, r, 0.5);
    sum = fma(sum, r, 1.0);
    sum = fma(sum, r, 1.0);
    return ldexp(sum, i32(n));
  }
  fn sigmoid(x : f32) -> f32 {
    let e = expOfNegative(max(-abs(x), -87.0));
    return select(e, 1.0, x >= 0.0) / (1.0 + e);
  }`;

/** Replaces the backend's σ and adds x · σ(x) in one pass. Called again, it changes nothing. */
export function registerActivations(backend: WebGPUBackend): void {
  if (tf.getKernel(SILU, 'webgpu')) return;
  // Registered twice, a kernel is replaced with a warning.
  tf.unregisterKernel(tf.Sigmoid, 'webgpu');
  register(backend, tf.Sigmoid, 'sigmoid(a)');
  register(backend, SILU, 'a * sigmoid(a)');
}

/** x · σ(x) (Elfwing et al. 2018), in one pass where the backend has the kernel. The input stays the caller's. */
export function silu(x: tf.Tensor4D): tf.Tensor4D {
  if (!tf.getKernel(SILU, tf.getBackend())) return tf.mul(x, tf.sigmoid(x));
  return tf.engine().runKernel<tf.Tensor4D>(SILU, { x });
}

function register(backend: WebGPUBackend, kernelName: string, expression: string): void {
  tf.registerKernel({
    kernelName,
    backendName: 'webgpu',
    kernelFunc({ inputs: { x } }) {
      if (!x) throw new Error(`${kernelName} wants a tensor.`);
      const size = tf.util.sizeFromShape(x.shape);
      const program: Program = {
        shaderKey: `likeness_${kernelName}`,
        variableNames: ['A'],
        outputShape: x.shape,
        size: true,
        workgroupSize: [WORKGROUP, 1, 1],
        dispatchLayout: { x: x.shape.map((_, axis) => axis) },
        dispatch: [Math.ceil(size / WORKGROUP), 1, 1],
        getUserCode: () => `${SIGMOID_WGSL}
          fn main(index : i32) {
            if (index < uniforms.size) {
              let a = getAByOutputIndex(index);
              setOutputAtIndex(index, ${expression});
            }
          }`,
      };
      return backend.runWebGPUProgram(program, [x], 'float32');
    },
  });
}
