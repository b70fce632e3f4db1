import { AppError } from '../errors.ts';
import type { EngineChoice, EngineInfo } from '../types.ts';
import { type BackbonePool, openBackbone } from './backbone-pool.ts';
import { missingWeights } from './missing-weights.ts';
import type { UsableWeights } from './weights-catalogue.ts';
import { openWeights } from './weights-files.ts';
import type { Workers } from './workers.ts';

/** What the user chose, and who hears of the engine that came of it. */
export interface BackboneSettings {
  /** As it is now: asked for at every opening. */
  chosen(): { readonly engine: EngineChoice; readonly workers: number | null };
  /** The engine in use from now on; `why` where it is another than before, for the user. */
  onEngine(engine: EngineInfo, why: AppError | null): void;
}

/** The backbone that is loaded: one at a time, since networks take hundreds of megabytes. */
export interface Backbones {
  /** The backbone on the engine in use; it stays loaded for the next query until another one is asked for. */
  loaded(usable: UsableWeights): Promise<BackbonePool>;
  /** Tensors that each of its workers holds. */
  tensors(): Promise<number[]>;
  /** Frees the engine's memory: a worker's WASM heap shrinks only when the worker ends. */
  close(): void;
}

export function createBackbones(workers: Workers, { chosen, onEngine }: BackboneSettings): Backbones {
  let current: { readonly key: string; readonly pool: Promise<BackbonePool> } | null = null;

  function close(): void {
    const closing = current;
    current = null;
    closing?.pool.then(
      (pool) => pool.close(),
      () => {},
    );
  }

  async function open({ weights, preprocessing, cached }: UsableWeights): Promise<BackbonePool> {
    const { engine: choice, workers: count } = chosen();
    const { architecture } = weights;
    const onChange = (why: AppError, engine: EngineInfo) => onEngine(engine, why);
    if (architecture === 'colour-gradient') {
      // The descriptor is plain arithmetic: it needs no engine, only workers.
      const none = { file: null, weightBytes: 0, choice: 'wasm' } as const;
      return openBackbone({ ...none, backbone: architecture, preprocessing, workers: count, onChange });
    }
    if (!cached || architecture === 'own-vectors') throw missingWeights(weights);
    // They may have been here once, or only where the data set comes from.
    const file = await openWeights({ workers }, cached.id).catch((error: unknown) => {
      throw error instanceof AppError && error.code === 'weights-missing' ? missingWeights(weights, error) : error;
    });
    // All that the page needs of the networks is this number, and only when one is opened.
    const { wasmBytesOf } = await import('../models/networks/network.ts');
    const weightBytes = wasmBytesOf(architecture);
    const request = { backbone: architecture, file, weightBytes, preprocessing, choice, workers: count, onChange };
    const pool = await openBackbone(request);
    onEngine(pool.engine, null);
    return pool;
  }

  return {
    loaded(usable) {
      const key = JSON.stringify([usable.featuresKey, chosen().engine]);
      if (current?.key === key) return current.pool;
      close();
      const opening = { key, pool: open(usable) };
      current = opening;
      opening.pool.catch(() => {
        if (current === opening) current = null;
      });
      return opening.pool;
    },
    async tensors() {
      const pool = await current?.pool.catch(() => null);
      return pool ? pool.tensors() : [];
    },
    close,
  };
}
