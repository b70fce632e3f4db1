import * as tf from '@tensorflow/tfjs';
import { AppError } from '../errors.ts';
import type { EngineKind } from '../types.ts';
import { selfTest } from './engine-self-test.ts';
import { probeWebgpu } from './webgpu-adapter.ts';

/** The TensorFlow.js backend that networks run on, one at a time in a thread. */
export interface Engine {
  readonly kind: EngineKind;
  /** The adapter's name with WebGPU, null with WASM. */
  readonly adapter: string | null;
  /** Rejects with AppError 'engine-lost' when the graphics device is lost; a new worker is needed then. Never resolves. */
  readonly lost: Promise<never>;
  /** Tensors that are alive in this thread. */
  memory(): { numTensors: number; numBytes: number };
}

/**
 * Sets the backend up and lets it compute something known. A software adapter is accepted: who asks for WebGPU in
 * spite of `probeWebgpu` gets it.
 * @throws AppError 'engine-unavailable' with the reason.
 */
export async function openEngine(kind: EngineKind): Promise<Engine> {
  tf.enableProdMode();
  const engine = kind === 'webgpu' ? await openWebgpu() : await openWasm();
  await Promise.race([selfTest(), engine.lost]);
  return engine;
}

async function openWasm(): Promise<Engine> {
  const { prepareWasm } = await import('./engine-wasm.ts');
  prepareWasm();
  await use('wasm', 'WebAssembly could not be started; the browser is too old or low on memory. Reload the page.');
  return { kind: 'wasm', adapter: null, lost: new Promise<never>(() => {}), memory };
}

async function openWebgpu(): Promise<Engine> {
  const { adapter, reason } = await probeWebgpu();
  if (adapter === null) throw unavailable(reason ?? 'There is no graphics adapter.');
  const { WebGPUBackend } = await import('@tensorflow/tfjs-backend-webgpu');
  // Small operations would else be computed by the CPU backend, with a readback each.
  tf.env().set('WEBGPU_CPU_FORWARD', false);
  await use('webgpu', `The graphics adapter (${adapter}) could not be started.`);
  const backend = tf.backend();
  if (!(backend instanceof WebGPUBackend)) throw unavailable('The WebGPU backend did not start.');
  const { device } = backend;
  const lost = device.lost.then(({ message }): never => {
    const detail = message ? ` (${message})` : '';
    const sentence = `The graphics device was lost${detail}. Features computed so far are kept; start again to continue.`;
    throw new AppError('engine-lost', sentence);
  });
  // It may be lost between two calls, when nobody listens.
  lost.catch(() => {});
  return { kind: 'webgpu', adapter, lost, memory };
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
