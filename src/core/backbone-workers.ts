import { joinRows } from '../math/vectors.ts';
import type { BackboneName, Preprocessing } from '../types.ts';
import type { BackboneWorker } from '../workers/protocol.ts';
import type { ChosenEngine } from './choose-engine.ts';
import { createPool } from './worker-pool.ts';

/** Each WASM worker holds the weights as 32-bit numbers; together they may take this much. */
const WEIGHT_BUDGET_BYTES = 1.5e9;

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
  return {
    engine,
    batch,
    ready: () => pool.run(async () => {}),
    async features(pixels, n) {
      // Copied, not moved: where the worker is lost, the caller can ask again.
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
