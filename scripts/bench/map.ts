import * as v from 'valibot';
import type { Measurement } from './measurement.ts';
import { openBenchPage } from './page.ts';

const DIMENSIONS = 512;
const seconds = v.record(v.string(), v.number());
/** `plain` paints what `stamps` does, by the plainest loop. */
const WAYS = ['stamps', 'plain', 'webgl'];
const TURNS = 5;
const drawn = v.nullable(v.object({ rate: v.number(), quickest: v.number() }));

/** The map of a run's embeddings: its layout in the worker, and its points on the screen. */
export const map: Measurement = {
  name: 'map',
  about: 'the layout of 10,000 and 100,000 embeddings, its trustworthiness, and frames a second of as many points',
  async run({ quick }, tell) {
    const page = await openBenchPage('map');
    try {
      const renderer = v.parse(v.string(), await page.call('renderer'));
      tell(`${page.browser}, WebGL by ${renderer}`);
      const frames: Record<string, number | null> = {};
      const layouts: Record<string, unknown> = {};
      for (const points of quick ? [10_000] : [10_000, 100_000]) {
        for (const density of [1, 2]) {
          // In turn, since what else the machine does slows both.
          const found = new Map<string, v.InferOutput<typeof drawn>[]>(WAYS.map((way) => [way, []]));
          for (let turn = 0; turn < TURNS; turn++) {
            for (const [way, all] of found) all.push(v.parse(drawn, await page.call('frames', points, way, density)));
          }
          for (const [way, all] of found) {
            const there = all.filter((one) => one !== null).sort((a, b) => a.rate - b.rate);
            frames[`${points} ${way} ${density}x`] = there[there.length >> 1]?.rate ?? null;
            const quickest = Math.min(...there.map((one) => one.quickest)).toFixed(1);
            const words = `${there.map(({ rate }) => rate.toFixed(0)).join(', ')} frames/s, the quickest frame ${quickest} ms`;
            tell(`${points} points by ${way}, ${density}×: ${there.length === 0 ? 'not there' : words}`);
          }
        }
        for (const kind of points === 10_000 ? ['even', 'graded'] : ['even']) {
          const before = await page.processorSeconds();
          const stages = v.parse(seconds, await page.call('layout', points, DIMENSIONS, kind));
          const processor = (await page.processorSeconds()) - before;
          const trust = v.parse(v.number(), await page.call('trust'));
          layouts[`${points} ${kind}`] = { ...stages, processor, trust };
          const words = Object.entries(stages).map(([stage, end]) => `${stage} ${end.toFixed(1)}`);
          tell(
            `${points} × ${DIMENSIONS}, ${kind}, seconds until: ${words.join(', ')}; of processor ${processor.toFixed(1)}; trustworthiness of the 15 nearest ${trust.toFixed(4)}`,
          );
        }
      }
      return { renderer, frames, layouts };
    } finally {
      await page.close();
    }
  },
};
