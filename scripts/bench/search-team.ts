import { loadavg } from 'node:os';
import * as v from 'valibot';
import { median } from '../../src/math/statistics.ts';
import type { Measurement } from './measurement.ts';
import { openBenchPage } from './page.ts';

const DIMENSIONS = 512;
const QUERIES = 1000;
const WORK = ['rank', 'judge'] as const;
const WORKERS = ['alone', 'team'] as const;

const ms = v.number();

/** Many queries by exact search, of one worker and of as many as there are cores, in turn. */
export const searchTeam: Measurement = {
  name: 'search-team',
  about: 'what other cores save of ranking and judging many queries by exact search',
  async run({ rows, rounds }, tell) {
    const page = await openBenchPage('search-team');
    try {
      const results: unknown[] = [];
      for (const size of rows) {
        await page.call('prepare', size, DIMENSIONS, QUERIES);
        for (const work of WORK) {
          const times = new Map(WORKERS.map((by) => [by, { clock: [] as number[], processor: [] as number[] }]));
          // The first round makes the workers.
          for (let round = 0; round <= rounds; round++) {
            for (const by of WORKERS) {
              const before = await page.processorSeconds();
              const clock = v.parse(ms, await page.call(work, by));
              const processor = 1000 * ((await page.processorSeconds()) - before);
              if (round === 0) continue;
              times.get(by)?.clock.push(clock);
              times.get(by)?.processor.push(processor);
            }
          }
          const medians = Object.fromEntries(
            [...times].map(([by, of]) => [by, { clock: median(of.clock), processor: median(of.processor) }]),
          );
          const [alone, team] = WORKERS.map((by) => medians[by]?.clock ?? Number.NaN);
          const words = WORKERS.map((by) => {
            const { clock = Number.NaN, processor = Number.NaN } = medians[by] ?? {};
            return `${by} ${clock.toFixed(0)} ms (${processor.toFixed(0)} of processor)`;
          });
          const gain = ((alone ?? Number.NaN) / (team ?? Number.NaN)).toFixed(2);
          const load = loadavg()[0]?.toFixed(1);
          tell(`${size} × ${DIMENSIONS}, ${work} ${QUERIES} queries: ${words.join(', ')}: × ${gain}; load ${load}`);
          results.push({ rows: size, work, medians });
        }
      }
      return { browser: page.browser, dimensions: DIMENSIONS, queries: QUERIES, results };
    } finally {
      await page.close();
    }
  },
};
