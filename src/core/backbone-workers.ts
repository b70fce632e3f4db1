import type { Remote } from 'comlink';
import { AppError, toAppError } from '../errors.ts';
import { canShareMemory } from '../math/shared-memory.ts';
import { joinRows } from '../math/vectors.ts';
import { createTeamMemory, dissolve, renew } from '../models/engines/wasm/team.ts';
import { probeWebgpu } from '../models/engines/webgpu/adapter.ts';
import type { BackboneName, EngineChoice, EngineInfo, EngineKind, Preprocessing } from '../types.ts';
import type { BackboneWorker } from '../workers/protocol.ts';
import { createPool, type WorkerPool } from './worker-pool.ts';

/** More workers than this share memory bandwidth, not arithmetic. */
const MOST_WORKERS = 8;
/** Images in one forward pass: large enough to fill the device, small enough that progress is seen and memory flat. */
const BATCH: Readonly<Record<EngineKind, number>> = { webgpu: 32, wasm: 4 };

/** An engine, and how many images it is given at once. */
export interface ChosenEngine {
  readonly engine: EngineInfo;
  readonly batch: number;
}

/**
 * Which engine `choice` leads to on this machine, found out without loading TensorFlow.js.
 * @throws AppError 'engine-unavailable' where WebGPU is insisted on and not there.
 */
export async function chooseEngine(choice: EngineChoice, workers: number | null): Promise<ChosenEngine> {
  if (choice === 'wasm') return wasmEngine(workers, 'Chosen in the settings.');
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
  return wasmEngine(workers, software ? 'There is only a software WebGPU adapter, and WASM is faster than that.' : why);
}

/** WASM, with a sentence that says why. `workers`: how many are asked for, null for one a core. */
export function wasmEngine(workers: number | null, reason: string): ChosenEngine {
  const count = Math.max(1, Math.min(MOST_WORKERS, workers ?? navigator.hardwareConcurrency));
  return { engine: { kind: 'wasm', adapter: null, workers: count, reason }, batch: BATCH.wasm };
}

/** Each WASM worker holds the weights as 32-bit numbers; together they may take this much. */
const WEIGHT_BUDGET_BYTES = 1.5e9;
/** Workers that compute a single image together, at most: more were not measured, and each waits for all others. */
const MOST_TOGETHER = 4;

export interface LoadedBackbone {
  readonly backbone: BackboneName;
  /** model.safetensors; null for the descriptor. */
  readonly file: Blob | null;
  /** What the network takes in a WASM worker's memory; decides how many workers fit. */
  readonly weightBytes: number;
  readonly preprocessing: Preprocessing;
}

/** How workers are made and watched. */
export interface WorkerMaking {
  readonly spawn: () => Worker;
  /** See connect(). */
  readonly silenceMs: number | undefined;
}

/** Workers with one backbone on one engine. */
export interface BackboneWorkers extends ChosenEngine {
  /** Makes the first worker, so that a backbone that cannot load fails here and not at the first image. */
  ready(): Promise<void>;
  /** Features [n, D] of any number of crops, `batch` at a time, side by side where there are several workers. */
  features(pixels: Uint8Array<ArrayBuffer>, n: number): Promise<Float32Array<ArrayBuffer>>;
  tensors(): Promise<number[]>;
  close(): void;
}

export function openWorkers(
  { engine: chosen, batch }: ChosenEngine,
  { backbone, file, weightBytes, preprocessing }: LoadedBackbone,
  { spawn, silenceMs }: WorkerMaking,
): BackboneWorkers {
  const fitting = Math.max(1, Math.floor(WEIGHT_BUDGET_BYTES / Math.max(1, weightBytes)));
  const engine = { ...chosen, workers: Math.min(chosen.workers, fitting) };
  const pool = createPool<BackboneWorker>(engine.workers, spawn, {
    prepare: async (api) => {
      if (backbone !== 'colour-gradient') await api.open(engine.kind);
      await api.load(backbone, file, preprocessing, batch);
    },
    silenceMs,
  });
  const imageLength = preprocessing.size ** 2 * 3;
  const team = backbone !== 'colour-gradient' && engine.kind === 'wasm' ? createTeam(pool) : null;
  return {
    engine,
    batch,
    ready: () => pool.run(async () => {}),
    async features(pixels, n) {
      // Copied, not moved: where the worker is lost, the caller can ask again.
      const together = n === 1 ? await team?.features(pixels) : null;
      if (together) return together;
      if (n <= batch) return pool.run((api) => api.features(pixels, n));
      const pieces: Promise<Float32Array>[] = [];
      for (let start = 0; start < n; start += batch) {
        const end = Math.min(n, start + batch);
        const piece = pixels.slice(start * imageLength, end * imageLength);
        pieces.push(pool.run((api) => api.features(piece, end - start)));
      }
      // All of them have ended before anything is done about one that failed.
      const parts = (await Promise.allSettled(pieces)).map((piece) => {
        if (piece.status === 'rejected') throw piece.reason;
        return piece.value;
      });
      return joinRows(parts);
    },
    tensors: () => pool.ask(async (api) => (await api.memory()).numTensors),
    close: pool.close,
  };
}

/** Workers of a pool that compute one image together. */
interface Team {
  /** Features of a crop; null where one worker is to compute them: those of the team are not all made and free. */
  features(pixels: Uint8Array<ArrayBuffer>): Promise<Float32Array<ArrayBuffer> | null>;
}

/**
 * A single image by all cores, bit-identical to one worker's: what they exchange lies in shared memory (null where
 * there is none). A team that failed once is given up, and one worker computes each image, as before.
 */
function createTeam(pool: WorkerPool<BackboneWorker>): Team | null {
  const count = Math.min(MOST_TOGETHER, pool.size);
  if (count < 2 || !canShareMemory()) return null;
  let memory: SharedArrayBuffer | null = createTeamMemory();
  let invited = false;
  let busy = false;

  /** Makes the workers that are missing: the first image does not wait for them. */
  function invite(): void {
    if (invited) return;
    invited = true;
    for (let worker = 0; worker < count; worker++) pool.run(async () => {}).catch(() => {});
  }

  return {
    async features(pixels) {
      const shared = memory;
      if (!shared || busy) return null;
      const job = (api: Remote<BackboneWorker>, index: number) =>
        api.features(pixels, 1, { memory: shared, index, count });
      renew(shared);
      const working = pool.together(count, job, () => dissolve(shared));
      if (!working) {
        invite();
        return null;
      }
      busy = true;
      try {
        const [features] = await working;
        return features ?? null;
      } catch (error) {
        // A worker that still computes with it must not meet the next team there.
        memory = null;
        if (toAppError(error).code === 'engine-unavailable') throw error;
        return null;
      } finally {
        busy = false;
      }
    },
  };
}
