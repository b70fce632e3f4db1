import { createServer } from 'vite';
import { median } from '../../src/math/statistics.ts';
import { boundOf, USUAL_MODELS } from './extraction.ts';
import type { BenchOptions, Measurement } from './measurement.ts';

/** One image, as a query is, and the batch that the app gives a graphics card. */
const BATCHES = [1, 32];
/** Adapters that compute on the processor. */
const SOFTWARE = /swiftshader|llvmpipe/i;

/** tests/bench/webgpu-in-node.ts, which only Vite can load. */
interface WebgpuInNode {
  open(): Promise<{
    adapter: string;
    network(name: string, batch: number): Promise<Network>;
    lacking(name: string): string | null;
  }>;
  configurationsOf(list: string | null): readonly (readonly string[])[];
}

interface Network {
  readonly difference: number;
  readonly fromUsual: number;
  readonly cosine: number;
  readonly half: boolean;
  readonly counts: { readonly dispatches: number; readonly bytes: number };
  ours(): Promise<number>;
  onnxruntime(): Promise<number>;
  close(): void;
}

/** Our networks on WebGPU beside ONNX Runtime Web's, in one Node process, in turn: no browser is needed, nor a screen. */
export const webgpu: Measurement = {
  name: 'webgpu',
  about: 'images a second of the networks on WebGPU beside ONNX Runtime Web, under Node by a Vulkan driver',
  async run(options, tell) {
    const server = await createServer({
      configFile: false,
      logLevel: 'warn',
      appType: 'custom',
      server: { middlewareMode: true, hmr: false },
      optimizeDeps: { noDiscovery: true },
    });
    try {
      const inNode = (await server.ssrLoadModule('/tests/bench/webgpu-in-node.ts')) as WebgpuInNode;
      const { adapter, network, lacking } = await inNode.open();
      tell(
        SOFTWARE.test(adapter) ? `${adapter}: computed on the processor, the times say nothing of a card.` : adapter,
      );
      const results: unknown[] = [];
      const configurations = inNode.configurationsOf(options.with);
      for (const model of options.models ?? USUAL_MODELS) {
        for (const batch of options.quick ? BATCHES.slice(0, 1) : BATCHES) {
          for (const ways of configurations) {
            const name = [model, ...ways].join('+');
            const left = lacking(name);
            if (left) {
              tell(left);
              continue;
            }
            results.push(await measure(await network(name, batch), name, batch, options, tell));
          }
        }
      }
      return { adapter, results };
    } catch (error) {
      // Vite has loaded an AppError of its own.
      if (!(error instanceof Error && 'code' in error && error.code === 'engine-unavailable')) throw error;
      tell(`${error.message} A Vulkan driver is wanted.`);
      return null;
    } finally {
      await server.close();
    }
  },
};

async function measure(
  { difference, fromUsual, cosine, half, counts, ours, onnxruntime, close }: Network,
  model: string,
  batch: number,
  { rounds }: BenchOptions,
  tell: (line: string) => void,
) {
  const bound = boundOf(model.replace(/\+.*/, ''));
  const { dispatches, bytes } = counts;
  tell(
    `${model}, batch ${batch}: ${dispatches} dispatches, ${(bytes / 1e6).toFixed(0)} MB; ` +
      `${fromUsual.toExponential(1)} from the app's${half ? `, cosine ${cosine.toFixed(7)}` : ''}`,
  );
  if (!half && !(difference <= bound))
    throw new Error(`${model}: the features lie ${difference} apart, more than ${bound}.`);
  const millisecondsAnImage = { ours: [] as number[], onnxruntime: [] as number[] };
  for (let round = 0; round < rounds; round++) {
    millisecondsAnImage.onnxruntime.push((await onnxruntime()) / batch);
    millisecondsAnImage.ours.push((await ours()) / batch);
  }
  close();
  const [us, them] = [median(millisecondsAnImage.ours), median(millisecondsAnImage.onnxruntime)];
  tell(
    `${model}, batch ${batch}: ours ${(1000 / us).toPrecision(3)} images/s, ` +
      `ONNX Runtime ${(1000 / them).toPrecision(3)} (× ${(them / us).toFixed(2)}); features ${difference.toExponential(1)} apart`,
  );
  return { model, batch, difference, fromUsual, cosine, counts, millisecondsAnImage };
}
