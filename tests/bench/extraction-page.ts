/** What scripts/bench/extraction.ts drives in Chromium: the app's own backbone pool, and ONNX Runtime Web on the same network. */
import { env, InferenceSession, Tensor } from 'onnxruntime-web/wasm';
import { joinRows } from '../../src/math/vectors.ts';
import { ARCHITECTURES, isArchitecture } from '../../src/models/backbones.ts';
import { type BackbonePool, openBackbone } from '../../src/pipeline/backbone-pool.ts';
import type { ArchitectureName, Preprocessing } from '../../src/types.ts';
import { formulaFile, formulaImage, openFixture } from '../formula.ts';
import { onnxFile } from './onnx/network.ts';

const FIXTURES = import.meta.glob('../fixtures/parity/formula_*.json', { import: 'default' });
const SIDE = 224;
const PLANE = SIDE * SIDE;

env.wasm.wasmPaths = new URL('/node_modules/onnxruntime-web/dist/', location.href).href;
env.wasm.numThreads = navigator.hardwareConcurrency;

/** So prepared, the formula's images, in 8 bits, have the values that the parity tests give the networks. */
const MEAN = 0.5;
const STD = 0.25;

/** One way to turn crops into features. */
interface Way {
  /** Features of all crops, so many a call. */
  features(crops: Uint8Array<ArrayBuffer>, n: number, batch: number): Promise<Float32Array>;
  close(): Promise<void>;
}

let ways: Readonly<Record<string, Way>> = {};
let crops = new Uint8Array();

const bench = {
  architectures: () => Object.keys(ARCHITECTURES),

  /** Loads a network everywhere; `images` crops will be embedded, in calls of one of `batches`. */
  async prepare(name: string, images: number, ...batches: number[]) {
    for (const way of Object.values(ways)) await way.close();
    if (!isArchitecture(name)) throw new Error(`There is no ${name}.`);
    const fixture = await FIXTURES[`../fixtures/parity/formula_${name}.json`]?.();
    crops = new Uint8Array(images * PLANE * 3);
    for (let image = 0; image < images; image++) {
      const values = formulaImage(image).map((value) => Math.round(255 * (value * STD + MEAN)));
      crops.set(values, image * PLANE * 3);
    }
    ways = {
      onnxruntime: await onnxruntime(name, fixture, batches),
      pool: await ours(name, fixture, null),
      'one worker': await ours(name, fixture, 1),
    };
    return { threads: env.wasm.numThreads, cores: navigator.hardwareConcurrency };
  },

  /** ‖ours − theirs‖ / ‖theirs‖ of the features of the first two crops, the worse of the two. */
  async difference(): Promise<number> {
    const [found, expected] = await Promise.all(
      [of('pool'), of('onnxruntime')].map((way) => way.features(crops.slice(0, 2 * 3 * PLANE), 2, 1)),
    );
    if (!found || !expected || found.length !== expected.length) throw new Error('The features differ in number.');
    const length = expected.length / 2;
    return Math.max(
      ...[0, length].map((start) => {
        const theirs = expected.subarray(start, start + length);
        const gap = theirs.map((value, i) => value - (found[start + i] ?? Number.NaN));
        return Math.hypot(...gap) / Math.hypot(...theirs);
      }),
    );
  },

  /** Milliseconds for all crops. */
  async time(way: string, batch: number): Promise<number> {
    const start = performance.now();
    await of(way).features(crops, crops.length / (3 * PLANE), batch);
    return performance.now() - start;
  },
};

function of(name: string): Way {
  const way = ways[name];
  if (!way) throw new Error(`${name} is not prepared.`);
  return way;
}

/** The pool as extraction uses it: a batch in every lane. */
async function ours(architecture: ArchitectureName, fixture: unknown, workers: number | null): Promise<Way> {
  const file = formulaFile(fixture);
  const three = <T>(value: T) => [value, value, value] as const;
  const preprocessing: Preprocessing = {
    ...ARCHITECTURES[architecture].preprocessing,
    mean: three(MEAN),
    std: three(STD),
  };
  const onChange = (error: Error) => {
    throw error;
  };
  const request = {
    backbone: architecture,
    file,
    weightBytes: file.size,
    preprocessing,
    choice: 'wasm',
    workers,
  } as const;
  const pool: BackbonePool = await openBackbone({ ...request, onChange });
  return {
    async features(pixels, n, batch) {
      const parts: Float32Array[] = [];
      let next = 0;
      const lane = async () => {
        while (next < n) {
          const start = next;
          next += batch;
          const count = Math.min(batch, n - start);
          parts[start / batch] = await pool.features(
            pixels.slice(start * 3 * PLANE, (start + count) * 3 * PLANE),
            count,
          );
        }
      };
      await Promise.all(Array.from({ length: pool.lanes }, lane));
      return joinRows(parts);
    },
    close: async () => pool.close(),
  };
}

/** ONNX Runtime Web, its threads on all cores. Crops are normalised into its layout beforehand: that is not in its time. */
async function onnxruntime(architecture: ArchitectureName, fixture: unknown, batches: readonly number[]): Promise<Way> {
  const { source } = openFixture(fixture);
  const sessions = new Map<number, InferenceSession>();
  for (const batch of new Set([1, ...batches])) {
    const file = await onnxFile(architecture, source, batch);
    sessions.set(batch, await InferenceSession.create(file, { executionProviders: ['wasm'] }));
  }
  const inputs = new Map<string, Tensor>();
  const input = (pixels: Uint8Array, start: number, batch: number) => {
    const key = `${pixels.length} ${start} ${batch}`;
    const kept = inputs.get(key) ?? normalised(pixels.subarray(start * 3 * PLANE), batch);
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

function normalised(pixels: Uint8Array, n: number): Tensor {
  const values = new Float32Array(n * 3 * PLANE);
  for (let i = 0; i < values.length; i++) {
    const c = Math.floor(i / PLANE) % 3;
    const pixel = pixels[(Math.floor(i / (3 * PLANE)) * PLANE + (i % PLANE)) * 3 + c] ?? 0;
    values[i] = (pixel / 255 - MEAN) / STD;
  }
  return new Tensor('float32', values, [n, 3, SIDE, SIDE]);
}

Object.assign(window, { bench });
