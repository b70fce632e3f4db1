import type { Remote } from 'comlink';
import type { AnalysisWorker } from '../workers/analysis-protocol.ts';
import { type Connection, connect } from '../workers/connect.ts';
import type { ImageWorker, WeightsWorker } from '../workers/protocol.ts';
import type { TrainingWorker } from '../workers/training-protocol.ts';
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

/** One worker of its kind, made at its first use and made again after it died. */
interface LazyWorker<T> {
  /** The worker's functions, once it is prepared. Rejects where it cannot be. */
  api(): Promise<Remote<T>>;
  /** The living worker; null while there is none. */
  living(): Connection<T> | null;
  /** Ends the worker with all that it does; the next use makes another. */
  close(): void;
}

interface LazyWorkerOptions<T> {
  /** Brings a new worker to the state that calls expect. */
  readonly prepare?: (api: Remote<T>) => Promise<unknown>;
  /** The worker has died or was closed: what was known of its contents is void. */
  readonly onLost?: () => void;
}

function lazyWorker<T extends object>(
  spawn: () => Worker,
  { prepare = async () => {}, onLost = () => {} }: LazyWorkerOptions<T> = {},
): LazyWorker<T> {
  let current: { readonly connection: Connection<T>; readonly prepared: Promise<unknown> } | null = null;

  function make() {
    const connection = connect<T>(spawn());
    const made = { connection, prepared: prepare(connection.api) };
    const forget = () => {
      if (current !== made) return;
      current = null;
      onLost();
    };
    connection.failed.catch(forget);
    made.prepared.catch(() => {
      forget();
      connection.close();
    });
    return made;
  }

  return {
    async api() {
      current ??= make();
      const { connection, prepared } = current;
      await prepared;
      return connection.api;
    },
    living: () => current?.connection ?? null,
    close() {
      const closing = current;
      current = null;
      if (!closing) return;
      closing.connection.close();
      onLost();
    },
  };
}

/** The workers of one page, each made at its first use. Networks have pools of their own (backbones.ts). */
export interface Workers {
  readonly images: ImagePool;
  readonly training: LazyWorker<TrainingWorker>;
  readonly weights: LazyWorker<WeightsWorker>;
  readonly analysis: LazyWorker<AnalysisWorker>;
}

export function createWorkers(): Workers {
  let images: ImagePool | null = null;
  return {
    get images() {
      images ??= createImagePool();
      return images;
    },
    training: lazyWorker<TrainingWorker>(
      () => new Worker(new URL('../workers/training.worker.ts', import.meta.url), { type: 'module', name: 'training' }),
      // Heads are small: their matrices cost more on the way to a graphics card than on the processor.
      { prepare: (api) => api.open('wasm') },
    ),
    weights: lazyWorker<WeightsWorker>(
      () => new Worker(new URL('../workers/weights.worker.ts', import.meta.url), { type: 'module', name: 'weights' }),
    ),
    analysis: lazyWorker<AnalysisWorker>(
      () => new Worker(new URL('../workers/analysis.worker.ts', import.meta.url), { type: 'module', name: 'analysis' }),
    ),
  };
}
