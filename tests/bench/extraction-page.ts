/** What scripts/bench/extraction.ts drives in Chromium: the app's own backbone pool, and ONNX Runtime Web on the same network. */
import { env, InferenceSession, Tensor } from 'onnxruntime-web/wasm';
import { type BackbonePool, openBackbone } from '../../src/core/backbones.ts';
import { joinRows } from '../../src/math/vectors.ts';
import { tensorsOf } from '../../src/models/networks/network.ts';
import { ARCHITECTURES, isArchitecture } from '../../src/models/specs/architectures.ts';
import type { ArchitectureName } from '../../src/types.ts';
import { formulaFileOf, formulaSource } from '../formula.ts';
import { arithmeticOf } from './arithmetic.ts';
import { cropLength, formulaCrops, formulaPreprocessing, normalised, worstDifference } from './formula-crops.ts';
import { onnxFile } from './onnx/network.ts';

env.wasm.wasmPaths = new URL('/node_modules/onnxruntime-web/dist/', location.href).href;
env.wasm.numThreads = navigator.hardwareConcurrency;

/** One way to turn crops into features. */
interface Way {
  /** Features of all crops, that many a call. */
  features(crops: Uint8Array<ArrayBuffer>, n: number, batch: number): Promise<Float32Array>;
  close(): Promise<void>;
}

let ways: Readonly<Record<string, Way>> = {};
let crops = new Uint8Array();
/** A crop's side. */
let side = 0;

const bench = {
  /** Loads a network everywhere; `images` crops will be embedded, in calls of one of `batches`. */
  async prepare(name: string, images: number, ...batches: number[]) {
    for (const way of Object.values(ways)) await way.close();
    if (!isArchitecture(name)) throw new Error(`There is no ${name}.`);
    side = ARCHITECTURES[name].preprocessing.size;
    crops = formulaCrops(images, side);
    const pool = await ours(name, null);
    ways = {
      onnxruntime: await onnxruntime(name, batches),
      pool,
      'one worker': await ours(name, 1),
      // Image after image, as queries come: all workers compute each of them.
      query: { features: (pixels, n) => pool.inTurn(pixels, n), close: async () => {} },
    };
    return { threads: env.wasm.numThreads, cores: navigator.hardwareConcurrency };
  },

  /** What an image takes; see arithmetic.ts. */
  async arithmetic(name: string) {
    if (!isArchitecture(name)) throw new Error(`There is no ${name}.`);
    return arithmeticOf(name, formulaSource(tensorsOf(name)));
  },

  /** The machine's limits, by the kernels of peak.wasm in base 64; see scripts/bench/peak.ts. */
  async peak(binary: string) {
    const bytes = Uint8Array.from(atob(binary), (letter) => letter.charCodeAt(0));
    const one = async (what: 'arithmetic' | 'copy') => (await atOnce(1, bytes, what))[0] ?? Number.NaN;
    const all = async (what: 'arithmetic' | 'copy') => {
      const each = await atOnce(navigator.hardwareConcurrency, bytes, what);
      return each.reduce((sum, rate) => sum + rate, 0);
    };
    return {
      ...{ gflops: await one('arithmetic'), gflopsOfAll: await all('arithmetic') },
      ...{ gigabytes: await one('copy'), gigabytesOfAll: await all('copy') },
    };
  },

  /** ‖ours − theirs‖ / ‖theirs‖ of the features of the first two crops, the worse of the two. */
  async difference(): Promise<number> {
    const [found, expected] = await Promise.all(
      [of('pool'), of('onnxruntime')].map((way) => way.features(crops.slice(0, 2 * cropLength(side)), 2, 1)),
    );
    if (!found || !expected) throw new Error('There are no features.');
    return worstDifference(found, expected, 2);
  },

  /** Milliseconds for all crops. */
  async time(way: string, batch: number): Promise<number> {
    const start = performance.now();
    await of(way).features(crops, crops.length / cropLength(side), batch);
    return performance.now() - start;
  },
};

/** The rates of that many threads side by side. */
function atOnce(threads: number, bytes: Uint8Array<ArrayBuffer>, what: 'arithmetic' | 'copy'): Promise<number[]> {
  const workers = Array.from(
    { length: threads },
    () => new Worker(new URL('./peak-worker.ts', import.meta.url), { type: 'module' }),
  );
  return Promise.all(
    workers.map(
      (worker) =>
        new Promise<number>((resolve, reject) => {
          worker.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
            worker.terminate();
            if (typeof data === 'number') resolve(data);
            else reject(new Error('A thread told no rate.'));
          });
          worker.addEventListener('error', ({ message }) => reject(new Error(message)));
          worker.postMessage({ bytes, what });
        }),
    ),
  );
}

function of(name: string): Way {
  const way = ways[name];
  if (!way) throw new Error(`${name} is not prepared.`);
  return way;
}

/** The pool as extraction uses it: a batch in every lane. */
async function ours(
  architecture: ArchitectureName,
  workers: number | null,
): Promise<Way & { inTurn(crops: Uint8Array<ArrayBuffer>, n: number): Promise<Float32Array> }> {
  const file = formulaFileOf(tensorsOf(architecture));
  const onChange = (error: Error) => {
    throw error;
  };
  const request = {
    backbone: architecture,
    file,
    weightBytes: file.size,
    preprocessing: formulaPreprocessing(architecture),
    choice: 'wasm',
    workers,
  } as const;
  const pool: BackbonePool = await openBackbone({ ...request, onChange });
  const embed = async (pixels: Uint8Array<ArrayBuffer>, n: number, batch: number, lanes: number) => {
    const parts: Float32Array[] = [];
    let next = 0;
    const lane = async () => {
      while (next < n) {
        const start = next;
        next += batch;
        const count = Math.min(batch, n - start);
        parts[start / batch] = await pool.features(
          pixels.slice(start * cropLength(side), (start + count) * cropLength(side)),
          count,
        );
      }
    };
    await Promise.all(Array.from({ length: lanes }, lane));
    return joinRows(parts);
  };
  return {
    features: (pixels, n, batch) => embed(pixels, n, batch, pool.lanes),
    inTurn: (pixels, n) => embed(pixels, n, 1, 1),
    close: async () => pool.close(),
  };
}

/** ONNX Runtime Web, its threads on all cores. Crops are normalised into its layout beforehand: that is not in its time. */
async function onnxruntime(architecture: ArchitectureName, batches: readonly number[]): Promise<Way> {
  const source = formulaSource(tensorsOf(architecture));
  const sessions = new Map<number, InferenceSession>();
  for (const batch of new Set([1, ...batches])) {
    const file = await onnxFile(architecture, source, batch, side);
    sessions.set(batch, await InferenceSession.create(file, { executionProviders: ['wasm'] }));
  }
  const inputs = new Map<string, Tensor>();
  const input = (pixels: Uint8Array, start: number, batch: number) => {
    const key = `${pixels.length} ${start} ${batch}`;
    const kept =
      inputs.get(key) ??
      new Tensor('float32', normalised(pixels.subarray(start * cropLength(side)), batch, side), [batch, 3, side, side]);
    inputs.set(key, kept);
    return kept;
  };
  return {
    async features(pixels, n, batch) {
      const session = sessions.get(batch);
      if (!session || n % batch !== 0) throw new Error(`No session takes ${n} crops by ${batch}.`);
      const parts: Float32Array[] = [];
      for (let start = 0; start < n; start += batch) {
        const { [session.outputNames[0] ?? '']: output } = await session.run({ input: input(pixels, start, batch) });
        const data = await output?.getData();
        if (!(data instanceof Float32Array)) throw new Error('ONNX Runtime gave no floats.');
        parts.push(data);
      }
      return joinRows(parts);
    },
    async close() {
      for (const session of sessions.values()) await session.release();
    },
  };
}

Object.assign(window, { bench });
