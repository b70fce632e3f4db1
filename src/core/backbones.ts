import { AppError, toAppError } from '../errors.ts';
import type { EngineChoice, EngineInfo } from '../types.ts';
import {
  type BackboneWorkers,
  type ChosenEngine,
  chooseEngine,
  type LoadedBackbone,
  openWorkers,
  type WorkerMaking,
  wasmEngine,
} from './backbone-workers.ts';
import { missingWeights, type UsableWeights } from './weights-catalogue.ts';
import { openWeights } from './weights-files.ts';
import type { Workers } from './workers.ts';

/** A driver update or a closed laptop lid may lose the graphics device; after this many losses in a row it is not opened again. */
const MOST_LOSSES = 3;

/** A backbone loaded on the engine in use, ready to turn crops into features. Close it when done. */
export interface BackbonePool {
  /** The engine in use now. */
  readonly engine: EngineInfo;
  /** Images that one call should bring. */
  readonly batch: number;
  /** Calls that run side by side; one extra keeps the next batch ready. */
  readonly lanes: number;
  /**
   * Features [n, D] of n ≤ batch crops; `pixels` stays the caller's. A lost graphics device is opened again and the batch
   * repeated; where its memory does not suffice, batches become smaller, and in the end WASM takes over.
   * @throws AppError 'engine-lost' after three losses in a row, 'engine-memory' where WebGPU was insisted on,
   * 'worker-failed' or 'internal' where the crops themselves may be at fault.
   */
  features(pixels: Uint8Array<ArrayBuffer>, n: number): Promise<Float32Array<ArrayBuffer>>;
  /** Tensors that each worker holds. */
  tensors(): Promise<number[]>;
  close(): void;
}

export interface BackboneRequest extends LoadedBackbone {
  readonly choice: EngineChoice;
  /** Number of WASM workers asked for; null for one a core. */
  readonly workers: number | null;
  /** Hears of everything that goes otherwise than planned: what for the user, and the engine in use from now on. */
  readonly onChange: (why: AppError, engine: EngineInfo) => void;
}

const usualMaking: WorkerMaking = {
  spawn: () =>
    new Worker(new URL('../workers/backbone.worker.ts', import.meta.url), { type: 'module', name: 'backbone' }),
  silenceMs: undefined,
};

/** Opens the engine and loads the backbone on it. With `auto`, a GPU that fails gives way to WASM, and `engine` says so. */
export async function openBackbone(request: BackboneRequest, making = usualMaking): Promise<BackbonePool> {
  const chosen = await chooseEngine(request.choice, request.workers);
  let workers = openWorkers(chosen, request, making);
  let losses = 0;
  let closed = false;

  const replace = (next: ChosenEngine, why: AppError) => {
    workers.close();
    workers = openWorkers(next, request, making);
    request.onChange(why, workers.engine);
  };

  /** Makes another attempt possible, or throws. */
  const recover = (error: AppError, { engine, batch }: BackboneWorkers) => {
    const { code, message } = error;
    const because = (sentence: string) => new AppError(code, sentence, { cause: error });
    const toWasm = (why: string) => {
      if (request.choice === 'webgpu') throw error;
      replace(wasmEngine(request.workers, why), because(`${why} WASM goes on in its place.`));
    };
    if (engine.kind === 'wasm') throw error;
    if (code === 'engine-lost') {
      if (++losses < MOST_LOSSES) {
        const sentence =
          'The graphics device was lost. It was opened again and the batch repeated; nothing is missing.';
        return request.onChange(because(sentence), engine);
      }
      losses = 0;
      throw lostTooOften(error);
    }
    if (code === 'engine-memory' && batch > 1) {
      const half = Math.ceil(batch / 2);
      const reason = `The graphics card has too little free memory for ${batch} images at a time; it now gets ${half}.`;
      return replace({ engine: { ...engine, reason }, batch: half }, because(reason));
    }
    if (code === 'engine-memory') return toWasm('The graphics card has too little free memory for this network.');
    if (code === 'engine-unavailable') return toWasm(`WebGPU did not work here: ${message}`);
    throw error;
  };

  async function attempt<R>(work: (using: BackboneWorkers) => Promise<R>): Promise<R> {
    for (;;) {
      const using = workers;
      try {
        return await work(using);
      } catch (error) {
        if (closed) throw error;
        // Another call, beside this one, may have replaced the workers already.
        if (using === workers) recover(toAppError(error), using);
      }
    }
  }

  const close = () => {
    closed = true;
    workers.close();
  };
  try {
    await attempt((using) => using.ready());
  } catch (error) {
    close();
    throw error;
  }
  const { batch } = workers;
  return {
    get engine() {
      return workers.engine;
    },
    batch,
    lanes: workers.engine.workers + 1,
    async features(pixels, n) {
      const features = await attempt((using) => using.features(pixels, n));
      losses = 0;
      return features;
    },
    tensors: () => workers.tensors(),
    close,
  };
}

function lostTooOften(cause: AppError): AppError {
  const sentence = `The graphics device was lost ${MOST_LOSSES} times in a row. Features computed so far are kept. WASM, on the processor, is slower but does not need it.`;
  return new AppError('engine-lost', sentence, { cause });
}

/** What the user chose, and the callback that gets the resulting engine. */
export interface BackboneSettings {
  /** As it is now: asked for at every opening. */
  chosen(): { readonly engine: EngineChoice; readonly workers: number | null };
  /** The engine in use from now on; `why` where it is another than before, for the user. */
  onEngine(engine: EngineInfo, why: AppError | null): void;
}

/** The backbone that is loaded: one at a time where possible, since networks take hundreds of megabytes. */
export interface Backbones {
  /**
   * Works with the backbone on the engine in use. It stays loaded for the next query until another one is asked for; where
   * that happens while it is worked with, as by a query during an embedding, it is closed when that work has ended.
   */
  use<R>(usable: UsableWeights, work: (pool: BackbonePool) => Promise<R>): Promise<R>;
  /** Tensors that each of its workers holds. */
  tensors(): Promise<number[]>;
  /** Frees the engine's memory: a worker's WASM heap shrinks only when the worker ends. */
  close(): void;
}

interface Loaded {
  readonly key: string;
  readonly pool: Promise<BackbonePool>;
  /** How many work with it now. */
  users: number;
}

export function createBackbones(workers: Workers, { chosen, onEngine }: BackboneSettings): Backbones {
  let current: Loaded | null = null;
  /** What is worked with, the current one among them. */
  const inUse = new Set<Loaded>();

  const free = ({ pool }: Loaded) =>
    void pool.then(
      (loaded) => loaded.close(),
      () => {},
    );

  function close(): void {
    const closing = new Set([...inUse, ...(current ? [current] : [])]);
    current = null;
    inUse.clear();
    for (const loaded of closing) free(loaded);
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

  function load(usable: UsableWeights): Loaded {
    const key = JSON.stringify([usable.featuresKey, chosen().engine]);
    const before = current;
    if (before?.key === key) return before;
    const again = [...inUse].find((loaded) => loaded.key === key);
    const loading = again ?? { key, pool: open(usable), users: 0 };
    current = loading;
    if (before && before.users === 0) free(before);
    loading.pool.catch(() => {
      if (current === loading) current = null;
    });
    return loading;
  }

  return {
    async use(usable, work) {
      const loaded = load(usable);
      loaded.users++;
      inUse.add(loaded);
      try {
        return await work(await loaded.pool);
      } finally {
        if (--loaded.users === 0) {
          const open = inUse.delete(loaded);
          if (open && current !== loaded) free(loaded);
        }
      }
    },
    async tensors() {
      const pool = await current?.pool.catch(() => null);
      return pool ? pool.tensors() : [];
    },
    close,
  };
}
