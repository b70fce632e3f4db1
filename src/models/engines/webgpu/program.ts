import * as tf from '@tensorflow/tfjs';
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';

export type Backend = WebGPUBackend;

/** What the backend runs. Shapes are uniforms: whatever else its text depends on must be part of its `shaderKey`. */
export type Program = Parameters<WebGPUBackend['runWebGPUProgram']>[0];

/** What to run for one tensor: the program, and the numbers that its `uniforms` declare. */
export interface Run {
  readonly program: Program;
  readonly numbers?: readonly number[];
}

/** Registers a kernel of one tensor `x` with float32 results; `run` plans it for the tensor and the call's attributes. */
export function registerKernel(
  backend: Backend,
  kernelName: string,
  run: (x: tf.TensorInfo, attributes: tf.NamedAttrMap | undefined) => Run,
): void {
  tf.registerKernel({
    kernelName,
    backendName: 'webgpu',
    kernelFunc({ inputs: { x }, attrs }) {
      if (!x) throw new Error(`${kernelName} wants a tensor.`);
      const { program, numbers = [] } = run(x, attrs);
      return backend.runWebGPUProgram(
        program,
        [x],
        'float32',
        numbers.map((value) => ({ type: 'float32', data: [value] })),
      );
    },
  });
}

/** A number of a kernel's attributes. */
export function numberOf(kernelName: string, attributes: tf.NamedAttrMap | undefined, name: string): number {
  const value = attributes?.[name];
  if (typeof value !== 'number') throw new Error(`${kernelName} wants ${name}, a number.`);
  return value;
}

let current: Backend | null = null;

/** Programs are dispatched to this backend from now on. */
export function dispatchTo(backend: Backend): void {
  current = backend;
}

/** @throws where there is none. */
export function backendInUse(): Backend {
  if (!current) throw new Error('There is no graphics card to dispatch to.');
  return current;
}

/** The uniforms of a program that are its own, in the order of its `uniforms`. */
export interface Uniform {
  readonly type: 'int32' | 'float32';
  readonly data: readonly number[];
}

/**
 * Dispatches a program, whose result is a new float32 tensor in the caller's tidy; the inputs stay the caller's. For kernels
 * whose plan is more than numbers, which is what TensorFlow.js hands on to a registered one.
 */
export function dispatched(
  program: Program,
  inputs: readonly tf.TensorInfo[],
  uniforms: readonly Uniform[] = [],
): tf.Tensor {
  const own = uniforms.map(({ type, data }) => ({ type, data: [...data] }));
  return tf.engine().makeTensorFromTensorInfo(backendInUse().runWebGPUProgram(program, [...inputs], 'float32', own));
}
