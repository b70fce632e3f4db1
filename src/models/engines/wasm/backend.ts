import * as tf from '@tensorflow/tfjs';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import plain from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url';
import simd from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url';

/**
 * Points the WASM backend at its bundled binaries. One thread: its threaded binary starts workers from blobs and wants
 * cross-origin isolation, and several single-threaded backbone workers side by side are as fast.
 */
export function prepareWasm(): void {
  tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
  setWasmPaths({
    'tfjs-backend-wasm.wasm': plain,
    'tfjs-backend-wasm-simd.wasm': simd,
    // Never fetched with the flag above, but the backend insists on an entry.
    'tfjs-backend-wasm-threaded-simd.wasm': simd,
  });
}

export { openWasmKernels } from './kernels.ts';
