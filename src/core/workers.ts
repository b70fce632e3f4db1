import type { AnalysisWorker } from '../workers/analysis-protocol.ts';
import type { WeightsWorker } from '../workers/protocol.ts';
import type { TrainingWorker } from '../workers/training-protocol.ts';
import { createImagePool, type ImagePool } from './image-pool.ts';
import { type LazyWorker, lazyWorker } from './lazy-worker.ts';

/** The workers of one page, each made at its first use. Networks have pools of their own (backbone-pool.ts). */
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
