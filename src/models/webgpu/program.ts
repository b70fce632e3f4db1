import type * as tf from '@tensorflow/tfjs';
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';

export type Backend = WebGPUBackend;

/** What the backend runs. Shapes are uniforms: whatever else its text depends on must stand in its `shaderKey`. */
export type Program = Parameters<WebGPUBackend['runWebGPUProgram']>[0];

/** The tensor `x` of a kernel's inputs. */
export function oneInput(kernelName: string, { x }: tf.NamedTensorInfoMap): tf.TensorInfo {
  if (!x) throw new Error(`${kernelName} wants a tensor.`);
  return x;
}

/** A number of a kernel's attributes. */
export function numberOf(kernelName: string, attributes: tf.NamedAttrMap | undefined, name: string): number {
  const value = attributes?.[name];
  if (typeof value !== 'number') throw new Error(`${kernelName} wants ${name}, a number.`);
  return value;
}
