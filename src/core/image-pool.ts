import type { ImageWorker } from '../workers/protocol.ts';
import { createPool, type WorkerPool } from './worker-pool.ts';

/** Decoding is done side by side with the forward pass, so it needs fewer workers than there are cores. */
const MOST_WORKERS = 4;

export type ImagePool = WorkerPool<ImageWorker>;

/** The workers that read image files. */
export function createImagePool(): ImagePool {
  return createPool<ImageWorker>(
    Math.max(1, Math.min(MOST_WORKERS, navigator.hardwareConcurrency)),
    () => new Worker(new URL('../workers/image.worker.ts', import.meta.url), { type: 'module', name: 'image' }),
  );
}
