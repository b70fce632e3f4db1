import * as tf from '@tensorflow/tfjs';
import { backendInUse } from '../../src/models/engines/webgpu/program.ts';

/** What the graphics card is asked for. */
export interface Counts {
  readonly dispatches: number;
  /** Of tensors that dispatches read and write, each once: what memory has to move at least. */
  readonly bytes: number;
}

/** What `work` asks the WebGPU backend for, counted without computing anything: every result is zeros. */
export async function countedOnly(work: () => Promise<unknown>): Promise<Counts> {
  const backend = backendInUse();
  const size = ({ shape }: Pick<tf.TensorInfo, 'shape'>) => tf.util.sizeFromShape(shape);
  let [dispatches, numbers] = [0, 0];
  const { runWebGPUProgram } = backend;
  backend.runWebGPUProgram = (program, inputs, dtype, _uniforms, output) => {
    dispatches++;
    const result =
      output ??
      backend.makeTensorInfo(program.outputShape, dtype, new Float32Array(size({ shape: program.outputShape })));
    numbers += [...inputs, result].reduce((sum, tensor) => sum + size(tensor), 0);
    return result;
  };
  try {
    await work();
  } finally {
    backend.runWebGPUProgram = runWebGPUProgram;
  }
  return { dispatches, bytes: 4 * numbers };
}
