/**
 * What scripts/bench/webgpu.ts drives in Node: our networks and ONNX Runtime Web's on WebGPU, by Dawn and a Vulkan driver,
 * without a browser. Vite loads this file, since the sources name files as it resolves them.
 */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { create, globals } from 'webgpu';
import { openEngine } from '../../src/models/engines/engine.ts';
import {
  CANDIDATES,
  type Candidate,
  candidatesInUse,
  chooseCandidates,
  FEATURE_OF,
} from '../../src/models/engines/webgpu/candidates.ts';
import { backendInUse } from '../../src/models/engines/webgpu/program.ts';
import { loadExtractor } from '../../src/models/extractor.ts';
import { tensorsOf } from '../../src/models/networks/network.ts';
import { ARCHITECTURES, isArchitecture } from '../../src/models/specs/architectures.ts';
import { formulaFileOf, formulaSource } from '../formula.ts';
import { withFeatures } from '../webgpu-features.ts';
import {
  cropLength,
  formulaCrops,
  formulaPreprocessing,
  normalised,
  worstCosine,
  worstDifference,
} from './formula-crops.ts';
import { onnxFile } from './onnx/network.ts';
import { type Counts, countedOnly } from './webgpu-counts.ts';

/** A way of calling, beside the engine's candidates: two batches asked for at once. */
const AHEAD = 'two-in-flight';

/** What single precision leaves where a network does not amplify rounding. */
const ROUNDING = 1e-5;

/**
 * How far a candidate's features may lie from the app's. Networks that amplify rounding with the formula's weights have more:
 * tests/browser/models/parity.ts says why, and by how much.
 */
const boundOf = (architecture: string): number =>
  architecture.startsWith('tf_efficientnetv2') ? 1e-2 : architecture.startsWith('mobilenetv3') ? 4e-4 : ROUNDING;

/**
 * The lowest cosine that features may have with the app's where halves are read or multiplied. With the formula's weights, a
 * network that amplifies rounding says nothing of halves: its cosine is told and held to nothing.
 */
const cosineOf = (architecture: string): number => (boundOf(architecture) > ROUNDING ? -1 : 0.9999);

const PRODUCTS: readonly Candidate[] = ['fused-product', 'fused-convolution'];
const TILES: readonly Candidate[] = ['small-tiles', 'workgroup-tiles'];
const HALVES: readonly Candidate[] = ['half-weights', 'half-precision'];
/** What changes how these are computed, and nothing else. */
const OF_PRODUCTS: readonly Candidate[] = [...TILES, ...HALVES];

/** The networks that the bench measures where it runs without this repository and none are named. */
export const architectures: readonly string[] = [
  'resnet50',
  'efficientnet_b0',
  'tf_efficientnetv2_b0',
  'vit_base_patch16_224',
  'deit_tiny_patch16_224',
];

/** One network in both: features of the first n crops, by calls of one batch. */
export interface Prepared {
  /** From ONNX Runtime's, and from ours as the app computes them here. */
  readonly difference: number;
  readonly fromUsual: number;
  /** With the app's, of the image where it is lowest. */
  readonly cosine: number;
  /** Halves are multiplied or read: a difference of single precision's rounding is not to be expected. */
  readonly half: boolean;
  /** What a batch asks the card for. */
  readonly counts: Counts;
  /** Milliseconds of a batch, features read back. */
  ours(): Promise<number>;
  onnxruntime(): Promise<number>;
  close(): void;
}

interface Reference {
  readonly key: string;
  readonly features: Float32Array;
  run(): Promise<Float32Array>;
  release(): Promise<void>;
}

/** Makes Node look like a worker that has WebGPU, and opens our engine on it. */
export async function open(): Promise<{ adapter: string; network: typeof network; lacking: typeof lacking }> {
  Object.assign(globalThis, globals, { self: globalThis, WorkerGlobalScope: class {} });
  Object.defineProperty(globalThis, 'navigator', {
    value: { gpu: create([]), userAgent: 'Node', hardwareConcurrency: 1 },
    configurable: true,
  });
  copySharedMemory();
  const engine = await withFeatures(Object.values(FEATURE_OF), () => openEngine('webgpu'));

  const usual = candidatesInUse();
  const usualFeatures = new Map<string, Float32Array>();
  /** ONNX Runtime's of the last network and batch: it compiles for a while, and is the same for all configurations. */
  let reference: Reference | null = null;

  /** Why a configuration, named as `network` has it, is not measured on this adapter; null where it is. */
  function lacking(name: string): string | null {
    const { features } = backendInUse().device;
    const ways = name.split('+');
    const missing = ways.flatMap((way) => {
      const feature = CANDIDATES.filter((one) => one === way).map((one) => FEATURE_OF[one])[0];
      return feature && !features.has(feature) ? [`${way} wants ${feature}, which this adapter does not have`] : [];
    });
    const idle = OF_PRODUCTS.filter((one) => ways.includes(one));
    if (idle.length > 0 && !PRODUCTS.some((one) => ways.includes(one)))
      missing.push(`${idle.join(' and ')} would change nothing without ${PRODUCTS.join(' or ')}`);
    return missing.length > 0 ? `${name} is left out: ${missing.join('; ')}.` : null;
  }

  /** A name as `resnet50` is computed as the app does here, one as `resnet50+fused-product+…` with these candidates, `resnet50+plain` with none. */
  async function network(name: string, batch: number): Promise<Prepared> {
    const [architecture = '', ...ways] = name.split('+');
    if (!isArchitecture(architecture)) throw new Error(`There is no ${architecture}.`);
    const candidates = ways.filter((way) => way !== 'plain' && way !== AHEAD).map(candidate);
    const side = ARCHITECTURES[architecture].preprocessing.size;
    const shapes = tensorsOf(architecture);
    const crops = formulaCrops(batch, side).subarray(0, batch * cropLength(side));
    const preprocessing = formulaPreprocessing(architecture);
    const load = async (chosen: readonly Candidate[]) => {
      chooseCandidates(chosen);
      return loadExtractor(engine, architecture, formulaFileOf(shapes), preprocessing, batch);
    };
    const key = `${architecture} ${batch}`;
    if (ways.length > 0 && !usualFeatures.has(key)) {
      const extractor = await load(usual);
      usualFeatures.set(key, await extractor.features(crops, batch));
      extractor.dispose();
    }
    const extractor = await load(ways.length > 0 ? candidates : usual);
    if (reference?.key !== key) {
      await reference?.release();
      const { InferenceSession, Tensor } = await onnxruntimeWeb();
      const file = await onnxFile(architecture, formulaSource(shapes), batch, side);
      const session = await InferenceSession.create(file, { executionProviders: ['webgpu'] });
      const input = new Tensor('float32', normalised(crops, batch, side), [batch, 3, side, side]);
      const run = async () => {
        const { [session.outputNames[0] ?? '']: output } = await session.run({ input });
        const data = await output?.getData();
        if (!(data instanceof Float32Array)) throw new Error('ONNX Runtime gave no floats.');
        return data;
      };
      reference = { key, run, features: await run(), release: () => session.release() };
    }
    const theirs = reference;
    const ours = () => extractor.features(crops, batch);
    const counts = await countedOnly(ours);
    // Computed here, both have compiled their shaders when they are timed.
    const features = await ours();
    const fromUsual = worstDifference(features, usualFeatures.get(key) ?? features, batch);
    const cosine = worstCosine(features, usualFeatures.get(key) ?? features, batch);
    const half = HALVES.some((one) => ways.includes(one));
    // Another order of sums, and no more.
    const bound = boundOf(architecture);
    if (!half && !(fromUsual <= bound))
      throw new Error(`${name}: features lie ${fromUsual} from the app's, more than ${bound}.`);
    const lowest = cosineOf(architecture);
    if (half && !(cosine >= lowest))
      throw new Error(`${name}: features have a cosine of ${cosine} with the app's, less than ${lowest}.`);
    return {
      difference: worstDifference(features, theirs.features, batch),
      ...{ fromUsual, cosine, half },
      counts,
      // The next batch is sent while one is computed.
      ours: ways.includes(AHEAD)
        ? async () => (await timed(() => Promise.all([ours(), ours()]))) / 2
        : () => timed(ours),
      onnxruntime: () => timed(theirs.run),
      close() {
        extractor.dispose();
        chooseCandidates(usual);
      },
    };
  }
  return { adapter: engine.adapter ?? 'unnamed', network, lacking };
}

/** What `--with` says: configurations separated by commas, the candidates of one by a plus; `each` is every one by itself, and all. */
export function configurationsOf(list: string | null): readonly (readonly string[])[] {
  if (list === null) return [[]];
  // What every adapter computes in single precision; halves and subgroups are compared with these by themselves.
  const alone = CANDIDATES.filter((name) => ![...OF_PRODUCTS, 'subgroups'].includes(name));
  const all = [...alone, 'workgroup-tiles'];
  const each = [
    ['plain'],
    ...alone.filter((name) => name !== 'fused-convolution').map((name) => [name]),
    PRODUCTS,
    ...TILES.map((name) => [...PRODUCTS, name]),
    [...PRODUCTS, ...TILES],
    ...[[], ...TILES.map((name) => [name])].flatMap((shape) => [
      [...PRODUCTS, ...shape, 'half-weights'],
      [...PRODUCTS, ...shape, 'half-precision'],
      [...PRODUCTS, ...shape, ...HALVES],
    ]),
    ['subgroups'],
    ['squeeze-in-two', 'subgroups'],
    alone,
    all,
    [...all, 'subgroups'],
    [...all, 'half-weights', 'subgroups'],
    [...all, ...HALVES, 'subgroups'],
    [...all, AHEAD],
  ];
  return list.split(',').flatMap((names) => (names === 'each' ? each : [names === 'all' ? all : names.split('+')]));
}

function candidate(name: string): Candidate {
  const found = CANDIDATES.find((one) => one === name);
  if (!found)
    throw new Error(`There is no candidate ${name}; there are ${['plain', ...CANDIDATES, AHEAD].join(', ')}.`);
  return found;
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

async function onnxruntimeWeb() {
  const runtime = await import('onnxruntime-web/webgpu');
  const binary = createRequire(import.meta.url).resolve('onnxruntime-web/ort-wasm-simd-threaded.asyncify.wasm');
  runtime.env.wasm.numThreads = 1;
  runtime.env.wasm.wasmBinary = new Uint8Array(await readFile(binary)).buffer;
  return runtime;
}

/** Dawn's binding refuses memory that threads share, which ONNX Runtime uploads from; browsers take it. */
function copySharedMemory(): void {
  const { prototype } = GPUQueue;
  const { writeBuffer } = prototype;
  prototype.writeBuffer = function (buffer, offset, data, from, size) {
    if (!(data instanceof Uint8Array && data.buffer instanceof SharedArrayBuffer)) {
      return Reflect.apply(
        writeBuffer,
        this,
        size === undefined ? [buffer, offset, data, from] : [buffer, offset, data, from, size],
      );
    }
    const start = from ?? 0;
    return Reflect.apply(writeBuffer, this, [
      buffer,
      offset,
      data.slice(start, size === undefined ? undefined : start + size),
    ]);
  };
}
