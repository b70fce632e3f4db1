import * as v from 'valibot';
import { median } from '../../src/math/statistics.ts';
import { RANKING_NAMES } from '../../src/search/rankings.ts';
import type { Measurement } from './measurement.ts';
import { openBenchPage } from './page.ts';

const QUERIES = 100;
/** Images and classes: what is ranked whole, and what is ranked among its first thousand. */
const GALLERIES = [
  [10_000, 36],
  [100_000, 1000],
] as const;
/** Queries, images and classes of a small data set that is evaluated, and the dimensions of one network and of three side by side. */
const EVALUATED = [182, 648, 36] as const;
const DIMENSIONS = [512, 1536] as const;

const ms = v.number();

/** What a ranking by class costs beside the plain one, in the search worker. */
export const rankings: Measurement = {
  name: 'rankings',
  about: 'what the rankings by class add to a query and to an evaluation',
  async run({ rounds }, tell) {
    const page = await openBenchPage('rankings');
    try {
      const queries: Record<string, unknown> = {};
      for (const [rows, classes] of GALLERIES) {
        await page.call('open', rows, classes, QUERIES, DIMENSIONS[0]);
        const times = new Map(RANKING_NAMES.map((name) => [name, [] as number[]]));
        for (let round = 0; round <= rounds; round++) {
          for (let query = 0; query < QUERIES; query++) {
            // In turn, so that what else the machine does falls on all of them.
            for (const name of RANKING_NAMES) {
              const time = v.parse(ms, await page.call('ask', name, query));
              if (round > 0) times.get(name)?.push(time);
            }
          }
        }
        const medians = Object.fromEntries([...times].map(([name, values]) => [name, median(values)]));
        queries[`${rows} × ${classes}`] = medians;
        const of = (name: string) => medians[name] ?? Number.NaN;
        const added = RANKING_NAMES.slice(1).map((name) => `${name} adds ${(of(name) - of('plain')).toFixed(2)} ms`);
        tell(`${rows} images, ${classes} classes: plain ${of('plain').toFixed(2)} ms a query, ${added.join(', ')}`);
      }
      const [asked, rows, classes] = EVALUATED;
      const judged: Record<string, unknown> = {};
      for (const dimensions of DIMENSIONS) {
        await page.call('open', rows, classes, asked, dimensions);
        const times = new Map(RANKING_NAMES.map((name) => [name, [] as number[]]));
        for (let round = 0; round <= 10 * rounds; round++) {
          for (const name of RANKING_NAMES) {
            const time = v.parse(ms, await page.call('judgeAll', name));
            if (round > rounds) times.get(name)?.push(time);
          }
        }
        const medians = Object.fromEntries([...times].map(([name, values]) => [name, median(values)]));
        judged[dimensions] = medians;
        const plain = medians['plain'] ?? Number.NaN;
        const words = RANKING_NAMES.map((name) => {
          const time = medians[name] ?? Number.NaN;
          return `${name} ${time.toFixed(1)} ms (× ${(time / plain).toFixed(2)})`;
        });
        tell(`judging ${asked} queries, ${rows} images × ${dimensions}, ${classes} classes: ${words.join(', ')}`);
      }
      return { browser: page.browser, queries, judged };
    } finally {
      await page.close();
    }
  },
};
