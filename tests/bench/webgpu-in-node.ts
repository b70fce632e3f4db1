/**
 * What scripts/bench/webgpu.ts drives in Node: our networks and ONNX Runtime Web's on WebGPU, by Dawn and a Vulkan driver,
 * without a browser. Vite loads this file, since the sources name files as it resolves them.
 */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { create, globals } from 'webgpu';
import { openEngine } from '../../src/models/engines/engine.ts';
import { loadExtractor } from '../../src/models/extractor.ts';
import { tensorsOf } from '../../src/models/networks/network.ts';
import { ARCHITECTURES, isArchitecture } from '../../src/models/specs/architectures.ts';
import { formulaFileOf, formulaSource } from '../formula.ts';
import { cropLength, formulaCrops, formulaPreprocessing, normalised, worstDifference } from './formula-crops.ts';
import { onnxFile } from './onnx/network.ts';

/** One network in both: features of the first n crops, by calls of one batch. */
export interface Prepared {
  readonly difference: number;
  /** Milliseconds of a batch, features read back. */
  ours(): Promise<number>;
  onnxruntime(): Promise<number>;
  close(): Promise<void>;
}

/** Makes Node look like a worker that has WebGPU, and opens our engine on it. Returns the adapter's name. */
export async function open(): Promise<{ adapter: string; network: typeof network }> {
  Object.assign(globalThis, globals, { self: globalThis, WorkerGlobalScope: class {} });
  Object.defineProperty(globalThis, 'navigator', {
    value: { gpu: create([]), userAgent: 'Node', hardwareConcurrency: 1 },
    configurable: true,
  });
  copySharedMemory();
  const engine = await openEngine('webgpu');

  async function network(architecture: string, batch: number): Promise<Prepared> {
    if (!isArchitecture(architecture)) throw new Error(`There is no ${architecture}.`);
    const side = ARCHITECTURES[architecture].preprocessing.size;
    const shapes = tensorsOf(architecture);
    const crops = formulaCrops(batch, side);
    const preprocessing = formulaPreprocessing(architecture);
    const extractor = await loadExtractor(engine, architecture, formulaFileOf(shapes), preprocessing, batch);
    const { InferenceSession, Tensor } = await onnxruntimeWeb();
    const file = await onnxFile(architecture, formulaSource(shapes), batch, side);
    const session = await InferenceSession.create(file, { executionProviders: ['webgpu'] });
    const input = new Tensor('float32', normalised(crops, batch, side), [batch, 3, side, side]);
    const theirs = async () => {
      const { [session.outputNames[0] ?? '']: output } = await session.run({ input });
      const data = await output?.getData();
      if (!(data instanceof Float32Array)) throw new Error('ONNX Runtime gave no floats.');
      return data;
    };
    const ours = () => extractor.features(crops.subarray(0, batch * cropLength(side)), batch);
    return {
      // Computed here, both have compiled their shaders when they are timed.
      difference: worstDifference(await ours(), await theirs(), batch),
      ours: () => timed(ours),
      onnxruntime: () => timed(theirs),
      async close() {
        extractor.dispose();
        await session.release();
      },
    };
  }
  return { adapter: engine.adapter ?? 'unnamed', network };
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
