import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import * as v from 'valibot';
import { median } from '../../src/math/statistics.ts';
import { clusters } from './clusters.ts';
import type { BenchOptions, Measurement } from './measurement.ts';
import { type BenchPage, openBenchPage } from './page.ts';
import { NativeIndex, rowsOf } from './search/native.ts';

const DIMENSIONS = 512;
const QUERIES = 1000;
const EF_SEARCHES = [16, 32, 64, 128, 256, 400];

const answered = v.object({ p50: v.number(), p99: v.number(), recall: v.number() });
const savedAndLoaded = v.object({ bytes: v.number(), saveMs: v.number(), loadMs: v.number(), loaded: v.boolean() });
const byNumpy = v.object({ version: v.string(), times: v.array(v.number()), processorTimes: v.array(v.number()) });

/** Ours, the published hnswlib-wasm, native hnswlib and NumPy on one machine, in turn. */
export const search: Measurement = {
  name: 'search',
  about: 'HNSW and exact search beside hnswlib-wasm, native hnswlib and NumPy',
  async run(options, tell) {
    const page = await openBenchPage('search');
    const folder = await mkdtemp(join(tmpdir(), 'likeness-bench-'));
    try {
      const results: unknown[] = [];
      for (const rows of options.rows) results.push(await measure(page, folder, rows, options, tell));
      return { browser: page.browser, dimensions: DIMENSIONS, queries: QUERIES, results };
    } finally {
      await page.close();
      await rm(folder, { recursive: true });
    }
  },
};

async function measure(
  page: BenchPage,
  folder: string,
  rows: number,
  { rounds, quick }: BenchOptions,
  tell: (line: string) => void,
) {
  const classes = Math.max(10, rows / 50);
  const gallery = clusters(rows, DIMENSIONS, { classes });
  const asked = clusters(QUERIES, DIMENSIONS, { classes, seed: 5 });
  const files = [join(folder, 'gallery.f32'), join(folder, 'queries.f32')] as const;
  await writeFile(files[0], gallery);
  await writeFile(files[1], asked);
  await page.call('prepare', rows, DIMENSIONS, QUERIES);
  const native = new NativeIndex(gallery, DIMENSIONS);
  const queries = rowsOf(asked, DIMENSIONS);
  const wasm = quick ? ['simd'] : ['simd', 'plain'];
  const times = new Map<string, number[]>();
  const note = (what: string, value: number) => {
    times.set(what, [...(times.get(what) ?? []), value]);
  };
  let nativeBytes = 0;
  for (let round = 0; round <= rounds; round++) {
    // The first round compiles and warms caches; nothing of it counts, and the largest galleries go without.
    const counts = round > 0;
    if (!counts && rows > 20_000) continue;
    const keep = (what: string, value: number) => {
      if (counts) note(what, value);
    };
    const { ms, processorMs, bytes } = native.build(16, 200);
    nativeBytes ||= bytes;
    keep('build native', ms);
    keep('build native processor', processorMs);
    for (const name of wasm) {
      const built = await page.timedCall('build', name);
      keep(`build ${name}`, v.parse(v.number(), built.answer));
      keep(`build ${name} processor`, built.processorMs);
    }
    for (const ef of EF_SEARCHES) {
      const { p50, p99 } = native.ask(queries, ef);
      keep(`ef ${ef} native p50`, p50);
      keep(`ef ${ef} native p99`, p99);
      for (const name of wasm) {
        const answer = v.parse(answered, await page.call('ask', name, ef));
        keep(`ef ${ef} ${name} p50`, answer.p50);
        keep(`ef ${ef} ${name} p99`, answer.p99);
        keep(`ef ${ef} ${name} recall`, answer.recall);
      }
    }
    for (const name of ['simd', 'plain']) {
      const { p50, p99 } = v.parse(answered, await page.call('askExactly', name));
      keep(`exact ${name} p50`, p50);
      keep(`exact ${name} p99`, p99);
    }
    for (const [what, value] of await rankInTurn(page, files)) keep(what, value);
    tell(`${rows} rows: ${counts ? `round ${round} of ${rounds}` : 'warm-up'} done`);
  }
  const saved = v.parse(savedAndLoaded, await page.call('saveAndLoad'));
  const memory = v.parse(v.number(), await page.call('memory'));
  const medians = Object.fromEntries([...times].map(([what, values]) => [what, median(values)]));
  for (const line of report(rows, medians, wasm)) tell(line);
  tell(`memory: ours ${mb(memory)} with the vectors (${mb(4 * rows * DIMENSIONS)}), native ${mb(nativeBytes)};`);
  tell(`saved: ${mb(saved.bytes)} in ${saved.saveMs.toFixed(0)} ms, loaded in ${saved.loadMs.toFixed(0)} ms`);
  return { rows, rounds, medians, times: Object.fromEntries(times), saved, memory, nativeBytes };
}

/** Rankings of all queries by each, several times in turn after a warm-up: medians of the times and those on the processor. */
async function rankInTurn(
  page: BenchPage,
  [gallery, queries]: readonly [string, string],
): Promise<[what: string, ms: number][]> {
  const script = join(import.meta.dirname, 'search/rank_by_numpy.py');
  const { stdout } = await promisify(execFile)('python3', [script, gallery, queries, String(DIMENSIONS), '10', '3']);
  const numpy = v.parse(byNumpy, JSON.parse(stdout));
  const noted: [string, number][] = [
    ['exact all numpy', median(numpy.times)],
    ['exact all numpy processor', median(numpy.processorTimes)],
  ];
  for (const name of ['simd', 'plain']) {
    const times: number[] = [];
    const processorTimes: number[] = [];
    for (let i = 0; i < (name === 'simd' ? 3 : 1); i++) {
      const ranked = await page.timedCall('rankExactly', name);
      times.push(v.parse(v.number(), ranked.answer));
      processorTimes.push(ranked.processorMs);
    }
    noted.push([`exact all ${name}`, median(times)], [`exact all ${name} processor`, median(processorTimes)]);
  }
  return noted;
}

function report(rows: number, medians: Readonly<Record<string, number>>, wasm: readonly string[]): string[] {
  const of = (what: string) => medians[what] ?? Number.NaN;
  const beside = (what: string, names: readonly string[], base: string) =>
    names.map((name) => `${name} ${of(what.replace('%', name)).toFixed(3)} ms`).join(', ') +
    ` (simd ÷ ${base}: ${(of(what.replace('%', 'simd')) / of(what.replace('%', base))).toFixed(2)})`;
  return [
    `${rows} × ${DIMENSIONS}, medians`,
    `build: ${beside('build %', [...wasm, 'native'], 'native')}`,
    `build, on the processor: ${beside('build % processor', [...wasm, 'native'], 'native')}`,
    ...EF_SEARCHES.flatMap((ef) =>
      ['p50', 'p99'].map(
        (which) =>
          `efSearch ${ef} ${which}: ${beside(`ef ${ef} % ${which}`, [...wasm, 'native'], 'native')}` +
          ` recall@10 ${of(`ef ${ef} simd recall`).toFixed(4)}`,
      ),
    ),
    `exact p50: ${beside('exact % p50', ['simd', 'plain'], 'plain')}`,
    `exact p99: ${beside('exact % p99', ['simd', 'plain'], 'plain')}`,
    `exact, ${QUERIES} queries: ${beside('exact all %', ['simd', 'plain', 'numpy'], 'numpy')}`,
    `exact, ${QUERIES} queries, on the processor: ${beside('exact all % processor', ['simd', 'plain', 'numpy'], 'numpy')}`,
  ];
}

const mb = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;
