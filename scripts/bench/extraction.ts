import { availableParallelism } from 'node:os';
import * as v from 'valibot';
import { median } from '../../src/math/statistics.ts';
import type { BenchOptions, Measurement } from './measurement.ts';
import { type BenchPage, openBenchPage } from './page.ts';
import { measurePeak, type Peak, peakLine } from './peak.ts';

/** Images a round: at least a batch for every worker, few enough that rounds alternate often. */
const IMAGES = 8;
/** One image a call, and the batch that the app gives a WASM worker. */
const BATCHES = [1, 4];
const WAYS = ['onnxruntime', 'pool', 'one worker', 'query'] as const;
type Way = (typeof WAYS)[number];
/** A query is one image, whatever the batch. */
const waysOf = (batch: number) => WAYS.filter((way) => way !== 'query' || batch === 1);
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
const counted = v.object({ multiplyAdds: v.number(), winograd: v.number(), depthwise: v.number() });

/** Our networks on WASM beside ONNX Runtime Web's, in one page, in turn. */
export const extraction: Measurement = {
  name: 'extraction',
  about: 'images a second of the networks on WASM beside ONNX Runtime Web, and their share of what the machine can do',
  async run(options, tell) {
    const page = await openBenchPage('extraction');
    try {
      const peak = await measurePeak(page);
      tell(peakLine(peak));
      const models = options.models ?? USUAL_MODELS;
      const results: Measured[] = [];
      for (const model of models) {
        const measured = await measure(page, model, options, tell);
        results.push(measured);
        for (const line of table([measured], peak).slice(2)) tell(line);
      }
      for (const line of table(results, peak)) tell(line);
      return { browser: page.browser, peak, results };
    } finally {
      await page.close();
    }
  },
};

interface Measured {
  readonly model: string;
  /** 10⁹ operations an image takes, as the network is defined. */
  readonly gflop: number;
  /** ‖ours − theirs‖ / ‖theirs‖ of features. */
  readonly difference: number;
  readonly threads: number;
  readonly cores: number;
  /** By batch and way: medians, and all rounds. */
  readonly batches: readonly {
    readonly batch: number;
    readonly ways: Readonly<Record<Exclude<Way, 'query'>, Times>> & { readonly query?: Times };
  }[];
}

/** Milliseconds an image. */
interface Times {
  readonly median: number;
  readonly processor: number;
  readonly rounds: readonly number[];
  readonly processorRounds: readonly number[];
}

async function measure(
  page: BenchPage,
  model: string,
  { rounds, quick }: BenchOptions,
  tell: (line: string) => void,
): Promise<Measured> {
  const images = Math.max(IMAGES, availableParallelism() * Math.max(...BATCHES));
  const batches = quick ? BATCHES.slice(-1) : BATCHES;
  const { threads, cores } = v.parse(prepared, await page.call('prepare', model, images, ...batches));
  const { multiplyAdds } = v.parse(counted, await page.call('arithmetic', model));
  const difference = v.parse(v.number(), await page.call('difference'));
  const bound = boundOf(model);
  if (!(difference <= bound)) throw new Error(`${model}: the features lie ${difference} apart, more than ${bound}.`);
  tell(`${model}: features ${difference.toExponential(1)} apart; ${threads} threads, ${cores} cores`);
  const noted = batches.map((batch) => ({
    batch,
    ways: { onnxruntime: emptyTimes(), pool: emptyTimes(), 'one worker': emptyTimes(), query: emptyTimes() },
  }));
  for (let round = 0; round <= rounds; round++) {
    for (const { batch, ways } of noted) {
      for (const way of waysOf(batch)) {
        const before = await page.processorSeconds();
        const milliseconds = v.parse(v.number(), await page.call('time', way, batch));
        const used = (await page.processorSeconds()) - before;
        // The first round compiles and warms caches.
        if (round === 0) continue;
        ways[way].rounds.push(milliseconds / images);
        ways[way].processorRounds.push((1000 * used) / images);
      }
    }
  }
  const timed = ({ rounds: wall, processorRounds }: ReturnType<typeof emptyTimes>): Times => ({
    ...{ median: median(wall), processor: median(processorRounds), rounds: wall, processorRounds },
  });
  const results = noted.map(({ batch, ways }) => ({
    batch,
    ways: {
      onnxruntime: timed(ways.onnxruntime),
      pool: timed(ways.pool),
      'one worker': timed(ways['one worker']),
      ...(batch === 1 ? { query: timed(ways.query) } : {}),
    },
  }));
  return { model, gflop: (2 * multiplyAdds) / 1e9, difference, threads, cores, batches: results };
}

function emptyTimes() {
  return { rounds: [] as number[], processorRounds: [] as number[] };
}

/** The table of docs/performance.md. */
function table(results: readonly Measured[], peak: Peak): string[] {
  const rows = results.flatMap(({ model, gflop, difference, batches }) =>
    batches.map(({ batch, ways: { onnxruntime, pool, 'one worker': one, query } }) => {
      const share = (ms: number, limit: number) => `${((100 * gflop) / (ms / 1000) / limit).toFixed(0)} %`;
      const ratio = (ours: number, theirs: number) => (theirs / ours).toFixed(2);
      return [
        ...[model, gflop.toFixed(2), `${batch}`, perSecond(onnxruntime.median), perSecond(pool.median)],
        `**${ratio(pool.median, onnxruntime.median)}** (${ratio(pool.processor, onnxruntime.processor)})`,
        share(pool.median, peak.gflopsOfAll),
        `${perSecond(one.median)} (${ratio(one.median, onnxruntime.median)})`,
        ...[share(one.median, peak.gflops), query ? latency(query.median, onnxruntime.median) : ''],
        difference.toExponential(1),
      ];
    }),
  );
  const head = [
    ...['network', 'GFLOP an image', 'batch', 'ONNX Runtime Web, images/s', 'ours', 'ours ÷ theirs (by processor)'],
    ...[
      'share of the limit',
      'one worker (÷ theirs)',
      'share of its limit',
      'a query, ms (× as fast)',
      'features differ by',
    ],
  ];
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
}

const latency = (ours: number, theirs: number) => `${ours.toFixed(1)} (${(theirs / ours).toFixed(2)})`;

const perSecond = (milliseconds: number) => (1000 / milliseconds).toPrecision(3);
