import * as v from 'valibot';
import type { Measurement } from './measurement.ts';
import { type BenchPage, openBenchPage } from './page.ts';
import { measurePeak } from './peak.ts';

/** One image, as a query, and the batch that the app gives a WASM worker. */
const BATCHES = [1, 4];
const USUAL_MODELS = ['resnet50', 'efficientnet_b0', 'vit_base_patch16_224'];
/** Lines for what takes less than this share of a pass are one. */
const SMALL = 0.01;

const profiled = v.object({
  pass: v.number(),
  calls: v.array(v.object({ kernel: v.string(), gflop: v.number(), milliseconds: v.number() })),
});

/** Calls of one kernel with one shape in a pass. */
interface Line {
  readonly kernel: string;
  readonly calls: number;
  readonly gflop: number;
  readonly milliseconds: number;
}

/** Where a forward pass spends its time. Each call's shortest time of all rounds: other programs are in it as little as can be. */
export const kernels: Measurement = {
  name: 'kernels',
  about: 'milliseconds of each WASM kernel in a forward pass of one thread, shortest times (take some 15 --rounds)',
  async run({ models, rounds }, tell) {
    const gflops = await peakOf();
    tell(`one thread ${gflops.toFixed(1)} GFLOP/s at most`);
    const page = await openBenchPage('kernels');
    try {
      const results = [];
      for (const model of models ?? USUAL_MODELS) {
        await page.call('prepare', model);
        for (const batch of BATCHES) results.push(await profile(page, model, batch, rounds, gflops, tell));
      }
      return { browser: page.browser, gflops, results };
    } finally {
      await page.close();
    }
  },
};

async function peakOf(): Promise<number> {
  const page = await openBenchPage('extraction');
  try {
    return (await measurePeak(page)).gflops;
  } finally {
    await page.close();
  }
}

async function profile(
  page: BenchPage,
  model: string,
  batch: number,
  rounds: number,
  gflops: number,
  tell: (line: string) => void,
) {
  const { pass, calls } = v.parse(profiled, await page.call('profile', batch, rounds));
  const lines = summed(calls);
  const all = lines.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
  tell(
    `${model}, batch ${batch}: kernels ${(all / batch).toFixed(1)} ms an image, shortest pass ${(pass / batch).toFixed(1)}`,
  );
  const small = lines.filter(({ milliseconds }) => milliseconds < SMALL * all);
  for (const { kernel, calls: count, gflop, milliseconds } of lines) {
    if (milliseconds < SMALL * all) continue;
    const speed = gflop / (milliseconds / 1000);
    const share =
      gflop > 0 ? `, ${speed.toFixed(1)} GFLOP/s, ${((100 * speed) / gflops).toFixed(0)} % of the limit` : '';
    tell(`  ${(milliseconds / batch).toFixed(2)} ms: ${kernel}, ${count} calls${share}`);
  }
  const rest = small.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
  tell(`  ${(rest / batch).toFixed(2)} ms: ${small.length} other shapes, each below ${100 * SMALL} %`);
  return { model, batch, pass, lines };
}

/** By kernel and shape, the slowest first. */
function summed(calls: readonly Omit<Line, 'calls'>[]): Line[] {
  const lines = new Map<string, Line>();
  for (const { kernel, gflop, milliseconds } of calls) {
    const before = lines.get(kernel) ?? { kernel, calls: 0, gflop: 0, milliseconds: 0 };
    lines.set(kernel, {
      kernel,
      calls: before.calls + 1,
      gflop: before.gflop + gflop,
      milliseconds: before.milliseconds + milliseconds,
    });
  }
  return [...lines.values()].sort((a, b) => b.milliseconds - a.milliseconds);
}
