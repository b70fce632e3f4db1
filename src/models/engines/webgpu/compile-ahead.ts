import * as tf from '@tensorflow/tfjs';
import { backendInUse } from './program.ts';

/** TensorFlow.js's own switch: programs are compiled, all at once, and none is dispatched. */
const COMPILE_ONLY = 'WEBGPU_ENGINE_COMPILE_ONLY';

/** Compiles what `work` will dispatch, and resolves when all is compiled. `work` runs at once, and must read nothing back. */
export async function compiledAhead(work: () => void): Promise<void> {
  tf.env().set(COMPILE_ONLY, true);
  try {
    work();
  } finally {
    tf.env().set(COMPILE_ONLY, false);
  }
  await backendInUse().checkCompileCompletionAsync();
}
