import { availableParallelism } from 'node:os';
import * as v from 'valibot';
import { median } from '../../src/math/statistics.ts';
import type { BenchOptions, Measurement } from './measurement.ts';
import { type BenchPage, openBenchPage } from './page.ts';

/** Images a round: at least a batch for every worker, few enough that rounds alternate often. */
const IMAGES = 8;
/** One image a call, and the batch that the app gives a WASM worker. */
const BATCHES = [1, 4];
const WAYS = ['onnxruntime', 'pool', 'one worker'] as const;
/** One or two of each family, as people use them. */
export const USUAL_MODELS: readonly string[] = [
  ...['resnet50', 'efficientnet_b0', 'tf_efficientnetv2_b0', 'vit_base_patch16_224', 'deit_tiny_patch16_224'],
  ...['resnet18', 'convnext_tiny', 'mobilenetv3_large_100', 'vit_small_patch14_dinov2'],
];

/** How far features may lie apart; tests/browser/models/parity.ts says why one network has more. */
const BOUND = 1e-3;
const WIDE_BOUND: Readonly<Record<string, number>> = { tf_efficientnetv2_b0: 1e-2 };

export const boundOf = (model: string): number => WIDE_BOUND[model] ?? BOUND;

const prepared = v.object({ threads: v.number(), cores: v.number() });

/** Our networks on WASM beside ONNX Runtime Web's, in one page, in turn. */
export const extraction: Measurement = {
  name: 'extraction',
  about: 'images a second of the networks on WASM beside ONNX Runtime Web',
  async run(options, tell) {
    const page = await openBenchPage('extraction');
    try {
      const models = options.models ?? USUAL_MODELS;
      const results: unknown[] = [];
      for (const model of models) results.push(await measure(page, model, options, tell));
      return { browser: page.browser, results };
    } finally {
      await page.close();
    }
  },
};

async function measure(page: BenchPage, model: string, { rounds, quick }: BenchOptions, tell: (line: string) => void) {
  const images = Math.max(IMAGES, availableParallelism() * Math.max(...BATCHES));
  const batches = quick ? BATCHES.slice(-1) : BATCHES;
  const { threads, cores } = v.parse(prepared, await page.call('prepare', model, images, ...batches));
  const difference = v.parse(v.number(), await page.call('difference'));
  const bound = boundOf(model);
  if (!(difference <= bound)) throw new Error(`${model}: the features lie ${difference} apart, more than ${bound}.`);
  tell(`${model}: features ${difference.toExponential(1)} apart; ${threads} threads, ${cores} cores`);
  const measured = Object.fromEntries(
    batches.flatMap((batch) =>
      WAYS.map((way) => [`${way}, ${batch}`, { wall: [] as number[], processor: [] as number[] }]),
    ),
  );
  for (let round = 0; round <= rounds; round++) {
    for (const batch of batches) {
      for (const way of WAYS) {
        const before = await page.processorSeconds();
        const milliseconds = v.parse(v.number(), await page.call('time', way, batch));
        const used = (await page.processorSeconds()) - before;
        // The first round compiles and warms caches.
        if (round === 0) continue;
        const times = measured[`${way}, ${batch}`];
        times?.wall.push(milliseconds / images);
        times?.processor.push((1000 * used) / images);
      }
    }
  }
  for (const batch of batches) {
    const wall = (way: string) => median(measured[`${way}, ${batch}`]?.wall ?? []);
    const processor = (way: string) => median(measured[`${way}, ${batch}`]?.processor ?? []);
    const base = wall('onnxruntime');
    const each = WAYS.map(
      (way) =>
        `${way} ${(1000 / wall(way)).toFixed(2)} images/s (× ${(base / wall(way)).toFixed(2)}, ` +
        `${processor(way).toFixed(0)} ms of processor each)`,
    );
    tell(`${model}, batch ${batch}: ${each.join('; ')}`);
  }
  return { model, images, rounds, difference, threads, cores, millisecondsAnImage: measured };
}
