import * as v from 'valibot';
import { median, quantile } from '../../src/math/statistics.ts';
import type { Measurement } from './measurement.ts';
import { openBenchPage } from './page.ts';

const QUERIES = 100;
const ROWS_A_CLASS = 250;
const RELOADS = 3;

const opened = v.object({ openMs: v.number(), askMs: v.number(), sinceReloadMs: v.number() });
const kept = v.object({ ms: v.number(), megabytes: v.number() });
const answers = v.array(v.object({ ms: v.number(), similarities: v.array(v.number()) }));

/** A large gallery as 8-bit codes, of which single rows are read again from IndexedDB: rows × 2 kB of disk. */
export const codes: Measurement = {
  name: 'codes',
  about: 'a gallery as 8-bit codes: a query, recall, memory, and from a reload to the first answer',
  async run({ rows: sizes }, tell) {
    const page = await openBenchPage('codes');
    try {
      const results: unknown[] = [];
      for (const rows of sizes) {
        const classes = Math.max(10, Math.round(rows / ROWS_A_CLASS));
        const begin = performance.now();
        const worst = v.parse(v.array(v.number()), await page.call('make', rows, classes, QUERIES));
        tell(`${rows} rows: made and stored in ${((performance.now() - begin) / 1000).toFixed(0)} s`);
        const start = async () => {
          await page.reload();
          return v.parse(opened, await page.call('open', rows, classes));
        };
        const making = await start();
        const keeping = v.parse(kept, await page.call('kept', rows));
        tell(`the first start, which makes the codes: ${said(making)}`);
        tell(`${keeping.megabytes.toFixed(0)} MB of codes kept ${(keeping.ms / 1000).toFixed(0)} s after its answer`);
        const starts: v.InferOutput<typeof opened>[] = [];
        for (let turn = 0; turn < RELOADS; turn++) {
          const read = await start();
          tell(`start ${turn + 1} that reads the codes: ${said(read)}`);
          starts.push(read);
        }
        // The first round warms up.
        await page.call('ask', classes, 10);
        const asked = v.parse(answers, await page.call('ask', classes, QUERIES));
        const megabytes = await page.residentMB();
        const times = Float64Array.from(asked, ({ ms }) => ms);
        const found = asked.map(({ similarities }, query) => similarities.filter((one) => one >= (worst[query] ?? 2)));
        const recall = found.flat().length / asked.flatMap(({ similarities }) => similarities).length;
        const [p50, p99] = [median(times), quantile(times, 0.99)];
        tell(`a query p50 ${p50.toFixed(0)} ms, p99 ${p99.toFixed(0)} ms, recall@10 ${recall.toFixed(4)}`);
        tell(`the page and its workers have ${megabytes.toFixed(0)} MB`);
        results.push({ rows, p50, p99, recall, making, keeping, starts, megabytes });
      }
      return { browser: page.browser, queries: QUERIES, results };
    } finally {
      await page.close();
    }
  },
};

function said({ openMs, askMs, sinceReloadMs }: v.InferOutput<typeof opened>): string {
  const answer = `first answer ${(openMs + askMs).toFixed(0)} ms after the gallery is asked for`;
  return `${answer} (${openMs.toFixed(0)} until it is held), ${sinceReloadMs.toFixed(0)} after the reload`;
}
