import { AppError, toAppError } from '../errors.ts';
import { probeWebgpu } from '../models/webgpu-adapter.ts';
import type { BackboneName, EngineChoice, EngineInfo, EngineKind, Preprocessing } from '../types.ts';
import { move } from '../workers/connect.ts';
import type { BackboneWorker } from '../workers/protocol.ts';
import { createPool } from './worker-pool.ts';

/** More workers than this share memory bandwidth, not arithmetic. */
const MOST_WORKERS = 8;
/** Each WASM worker holds the weights as 32-bit numbers; together they may take this much. */
const WEIGHT_BUDGET_BYTES = 1.5e9;
/** Images in one forward pass: large enough to fill the device, small enough that progress is seen and memory flat. */
const BATCH: Readonly<Record<EngineKind, number>> = { webgpu: 32, wasm: 4 };

/** A backbone loaded on the engine in use, ready to turn crops into features. Close it when done. */
export interface BackbonePool {
  readonly engine: EngineInfo;
  readonly batch: number;
  /** Calls that run side by side; one more keeps the next batch waiting at the door. */
  readonly lanes: number;
  /** Features [n, D] of n ≤ batch crops; `pixels` is moved away. */
  features(pixels: Uint8Array<ArrayBuffer>, n: number): Promise<Float32Array<ArrayBuffer>>;
  /** Tensors that each worker holds. */
  tensors(): Promise<number[]>;
  close(): void;
}

export interface BackboneRequest {
  readonly backbone: BackboneName;
  /** model.safetensors; null for the descriptor. */
  readonly file: Blob | null;
  /** Number of parameters × 4; decides how many workers fit. */
  readonly weightBytes: number;
  readonly preprocessing: Preprocessing;
  readonly choice: EngineChoice;
  /** Number of WASM workers asked for; null for one a core. */
  readonly workers: number | null;
}

const spawn = () =>
  new Worker(new URL('../workers/backbone.worker.ts', import.meta.url), { type: 'module', name: 'backbone' });

/** Which engine `choice` leads to on this machine, found out without loading TensorFlow.js. */
export async function chooseEngine(choice: EngineChoice, workers: number | null): Promise<EngineInfo> {
  return (await choose(choice, workers)).engine;
}

interface Chosen {
  readonly engine: EngineInfo;
  readonly batch: number;
}

async function choose(choice: EngineChoice, workers: number | null): Promise<Chosen> {
  if (choice === 'wasm') return wasm(workers, 'Chosen in the settings.');
  const { adapter, software, reason } = await probeWebgpu();
  if (adapter !== null && software && choice === 'webgpu') {
    const note = 'This is a software adapter: right, but about a hundred times slower than WASM.';
    // A batch takes minutes there; one image at a time, and progress is seen.
    return { engine: { kind: 'webgpu', adapter, workers: 1, reason: note }, batch: 1 };
  }
  if (adapter !== null && !software) {
    return { engine: { kind: 'webgpu', adapter, workers: 1, reason: null }, batch: BATCH.webgpu };
  }
  const why = reason ?? 'This browser offers no WebGPU adapter.';
  if (choice === 'webgpu') throw new AppError('engine-unavailable', why);
  return wasm(workers, software ? 'There is only a software WebGPU adapter, and WASM is faster than that.' : why);
}

function wasm(workers: number | null, reason: string): Chosen {
  const count = Math.max(1, Math.min(MOST_WORKERS, workers ?? navigator.hardwareConcurrency));
  return { engine: { kind: 'wasm', adapter: null, workers: count, reason }, batch: BATCH.wasm };
}

/** Opens the engine and loads the backbone on it. With `auto`, a GPU that fails gives way to WASM, and `engine` says so. */
export async function openBackbone(request: BackboneRequest): Promise<BackbonePool> {
  const chosen = await choose(request.choice, request.workers);
  try {
    return await openOn(chosen, request);
  } catch (error) {
    if (chosen.engine.kind === 'wasm' || request.choice === 'webgpu') throw error;
    return openOn(wasm(request.workers, `WebGPU did not work here: ${toAppError(error).message}`), request);
  }
}

async function openOn({ engine: chosen, batch }: Chosen, request: BackboneRequest): Promise<BackbonePool> {
  const { backbone, file, preprocessing } = request;
  const fitting = Math.max(1, Math.floor(WEIGHT_BUDGET_BYTES / Math.max(1, request.weightBytes)));
  const engine: EngineInfo = { ...chosen, workers: Math.min(chosen.workers, fitting) };
  const pool = createPool<BackboneWorker>(engine.workers, spawn, async (api) => {
    if (backbone !== 'colour-gradient') await api.open(engine.kind);
    await api.load(backbone, file, preprocessing, batch);
  });
  try {
    // An empty job makes the first worker now: a backbone that cannot load fails here, not at the first image.
    await pool.run(async () => {});
  } catch (error) {
    pool.close();
    throw error;
  }
  return {
    engine,
    batch,
    lanes: engine.workers + 1,
    features: (pixels, n) => pool.run((api) => api.features(move(pixels, pixels.buffer), n)),
    tensors: () => pool.ask(async (api) => (await api.memory()).numTensors),
    close: () => pool.close(),
  };
}
