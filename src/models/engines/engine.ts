import * as tf from '@tensorflow/tfjs';
import { AppError, toAppError } from '../../errors.ts';
import type { EngineKind } from '../../types.ts';
import type { Share } from './wasm/team.ts';
import { probeWebgpu } from './webgpu/adapter.ts';
import { type WatchedDevice, watchDevice } from './webgpu/device.ts';
import { registerWebgpuKernels } from './webgpu/kernels.ts';

/** The TensorFlow.js backend that networks run on, one at a time in a thread. */
export interface Engine extends WatchedDevice {
  readonly kind: EngineKind;
  /** The adapter's name with WebGPU, null with WASM. */
  readonly adapter: string | null;
  /**
   * Brings a tensor to where it is computed with, so that no copy of it is kept here: TensorFlow.js would do so at the first
   * forward pass, and a whole network would lie in this thread until then.
   * @throws AppError 'engine-memory', 'engine-lost'.
   */
  upload(tensor: tf.Tensor): Promise<void>;
  /**
   * Lets `work` compute single images as one of a team of workers; null where the engine cannot. @throws as WasmKernels.together.
   */
  readonly together: (<R>(share: Share, work: () => Promise<R>) => Promise<R>) | null;
  /** Tensors that are alive in this thread. */
  memory(): { numTensors: number; numBytes: number };
}

/**
 * Sets the backend up and lets it compute something known. A software adapter is accepted: who asks for WebGPU in
 * spite of `probeWebgpu` gets it. `onProgress` is called whenever a step of setting up or of computing is done.
 * @throws AppError 'engine-unavailable' with the reason, 'engine-lost'.
 */
export async function openEngine(kind: EngineKind, onProgress: () => void = () => {}): Promise<Engine> {
  tf.enableProdMode();
  const engine = kind === 'webgpu' ? await openWebgpu(onProgress) : await openWasm(onProgress);
  onProgress();
  await Promise.race([engine.checked(selfTest), engine.lost]).catch((error) => {
    // Whatever it cannot do now, it could not do with a network.
    throw error instanceof AppError && error.code !== 'internal'
      ? error
      : unavailable(toAppError(error).message, error);
  });
  onProgress();
  return engine;
}

async function openWasm(onProgress: () => void): Promise<Engine> {
  const { openWasmKernels, prepareWasm } = await import('./wasm/backend.ts');
  prepareWasm();
  await use('wasm', 'WebAssembly could not be started; the browser is too old or low on memory. Reload the page.');
  const kernels = await openWasmKernels();
  const lost = new Promise<never>(() => {});
  return {
    kind: 'wasm',
    adapter: null,
    lost,
    mark: onProgress,
    checked: (work) => work(),
    upload: async () => {},
    together: kernels?.together ?? null,
    memory,
  };
}

async function openWebgpu(onProgress: () => void): Promise<Engine> {
  const { adapter, software, reason } = await probeWebgpu();
  if (adapter === null) throw unavailable(reason ?? 'There is no graphics adapter.');
  onProgress();
  const { WebGPUBackend } = await import('@tensorflow/tfjs-backend-webgpu');
  // Small operations would else be computed by the CPU backend, with a readback each.
  tf.env().set('WEBGPU_CPU_FORWARD', false);
  await use('webgpu', `The graphics adapter (${adapter}) could not be started.`);
  const backend = tf.backend();
  if (!(backend instanceof WebGPUBackend)) throw unavailable('The WebGPU backend did not start.');
  registerWebgpuKernels(backend, software);
  const { lost, mark, checked } = watchDevice(backend.device, onProgress);
  const upload = ({ dataId }: tf.Tensor) => checked(async () => backend.uploadToGPU(dataId));
  return { kind: 'webgpu', adapter, lost, mark, checked, upload, together: null, memory };
}

async function use(backend: EngineKind, failure: string): Promise<void> {
  let cause: unknown;
  try {
    if (await tf.setBackend(backend)) return;
  } catch (error) {
    cause = error;
  }
  throw unavailable(failure, cause);
}

function memory(): { numTensors: number; numBytes: number } {
  const { numTensors, numBytes } = tf.memory();
  return { numTensors, numBytes };
}

function unavailable(message: string, cause?: unknown): AppError {
  return new AppError('engine-unavailable', message, { cause });
}

const SIDE = 12;
const CHANNELS = 8;
const OUTPUTS = 16;
/** Single precision over sums of 72 terms; a broken driver is off by far more. */
const TOLERANCE = 1e-4;

/**
 * Computes a convolution, its activation and a matrix product on the current backend, and again in plain loops.
 * @throws AppError 'engine-unavailable' where they differ: some drivers compute wrong numbers without any error.
 */
export async function selfTest(): Promise<void> {
  const image = wave(SIDE * SIDE * CHANNELS, 0.7);
  const kernel = wave(9 * CHANNELS * CHANNELS, 1.3);
  const matrix = wave(CHANNELS * OUTPUTS, 2.1);
  const result = tf.tidy(() => {
    const x = tf.tensor4d(image, [1, SIDE, SIDE, CHANNELS]);
    const filter = tf.tensor4d(kernel, [3, 3, CHANNELS, CHANNELS]);
    const convolved = tf.fused.conv2d({ x, filter, strides: 1, pad: 'same', activation: 'relu' });
    return tf.matMul(tf.reshape(convolved, [SIDE * SIDE, CHANNELS]), tf.tensor2d(matrix, [CHANNELS, OUTPUTS]));
  });
  try {
    const computed = await result.data();
    const expected = product(convolution(image, kernel), matrix);
    if (
      expected.every((value, i) => Math.abs(value - (computed[i] ?? Number.NaN)) <= TOLERANCE * (1 + Math.abs(value)))
    ) {
      return;
    }
  } finally {
    result.dispose();
  }
  const message = `The ${tf.getBackend()} engine computes wrong numbers on this machine and is not used.`;
  throw new AppError('engine-unavailable', message);
}

function wave(length: number, frequency: number): Float32Array {
  return Float32Array.from({ length }, (_, i) => Math.sin(frequency * (i + 1)));
}

/** 3 × 3, zero padding, ReLU: [SIDE, SIDE, CHANNELS] → the same. */
function convolution(image: Float32Array, kernel: Float32Array): Float64Array {
  const sums = new Float64Array(image.length);
  for (let y = 0; y < SIDE; y++) {
    for (let x = 0; x < SIDE; x++) {
      for (let tap = 0; tap < 9; tap++) {
        const [row, column] = [y + Math.floor(tap / 3) - 1, x + (tap % 3) - 1];
        if (row < 0 || row >= SIDE || column < 0 || column >= SIDE) continue;
        for (let i = 0; i < CHANNELS * CHANNELS; i++) {
          const [from, to] = [Math.floor(i / CHANNELS), i % CHANNELS];
          const value = at(image, (row * SIDE + column) * CHANNELS + from);
          const place = (y * SIDE + x) * CHANNELS + to;
          sums[place] = at(sums, place) + value * at(kernel, tap * CHANNELS * CHANNELS + i);
        }
      }
    }
  }
  return sums.map((sum) => Math.max(0, sum));
}

/** [rows, CHANNELS] × [CHANNELS, OUTPUTS]. */
function product(left: Float64Array, right: Float32Array): Float64Array {
  const rows = left.length / CHANNELS;
  return Float64Array.from({ length: rows * OUTPUTS }, (_, i) => {
    const [row, column] = [Math.floor(i / OUTPUTS), i % OUTPUTS];
    let sum = 0;
    for (let c = 0; c < CHANNELS; c++) sum += at(left, row * CHANNELS + c) * at(right, c * OUTPUTS + column);
    return sum;
  });
}

function at(values: Float32Array | Float64Array, index: number): number {
  return values[index] ?? 0;
}
