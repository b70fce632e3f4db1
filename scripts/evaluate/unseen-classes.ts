/**
 * How rankings do where the gallery has classes that training/ has not: `npx tsx scripts/evaluate/unseen-classes.ts`.
 * Every fourth class, from the third by name to the last but two, is taken out of training/ (8 of 36); queries of those classes
 * are scored apart. Prints each run, and means and standard deviations over the seeds.
 */
import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import * as v from 'valibot';
import { runName } from '../../src/exports/report.ts';
import { mean, standardDeviation } from '../../src/math/statistics.ts';
import { codeLabels } from '../../src/metrics/labels.ts';
import { measureRankings } from '../../src/metrics/query-metrics.ts';
import { type Arguments, readArguments } from './arguments.ts';
import { evaluate } from './evaluation.ts';
import { plannedRuns } from './plan.ts';
import { progressOn } from './progress.ts';
import { rankingsPath } from './result-files.ts';

const KS = [1, 5, 10] as const;
/** As many neighbours as can be asked for: no class has more images in the gallery. */
const K = 100;

const truthSchema = v.object({ query: v.record(v.string(), v.string()), gallery: v.record(v.string(), v.string()) });
export type Truth = v.InferOutput<typeof truthSchema>;

/** The gallery files of each query, best first. */
const rankingsSchema = v.record(v.string(), v.array(v.string()));

/** Every fourth class, from the third by name to the last but two. */
export const takenOut = (classes: readonly string[]): string[] =>
  classes.toSorted().filter((_, at) => at % 4 === 2 && at < classes.length - 2);

/** Top-1, top-5 and top-10 accuracy and mAP@R, in per cent, of the queries whose class passes. */
export function scoresOf(
  rankings: v.InferOutput<typeof rankingsSchema>,
  { query, gallery }: Truth,
  passes: (className: string) => boolean,
): number[] {
  const asked = Object.entries(query).filter(([, className]) => passes(className));
  const files = Object.keys(gallery);
  const rowOf = new Map(files.map((file, row) => [file, row]));
  const rows = new Int32Array(asked.length * K).fill(-1);
  asked.forEach(([file], at) => {
    const found = (rankings[file] ?? []).map((neighbour) => rowOf.get(neighbour) ?? -1);
    if (found.length !== Math.min(K, files.length) || found.includes(-1)) throw new Error(`${file} is not ranked.`);
    rows.set(found, at * K);
  });
  const labels = codeLabels(
    asked.map(([, className]) => className),
    files.map((file) => gallery[file] ?? null),
  );
  const { relevant, firstHitRank, apAtR } = measureRankings(
    { rows, similarities: new Float32Array(rows.length), k: K },
    labels,
    KS,
  );
  if (relevant.some((count) => count > K)) throw new Error(`A class has more than ${K} images in the gallery.`);
  const counted = [...relevant.keys()].filter((at) => (relevant[at] ?? 0) > 0);
  const hit = (k: number) =>
    mean(counted.map((at) => ((firstHitRank[at] ?? 0) > 0 && (firstHitRank[at] ?? 0) <= k ? 1 : 0)));
  return [...KS.map(hit), mean(counted.map((at) => apAtR[at] ?? 0))].map((share) => 100 * share);
}

async function readTruth(path: string): Promise<Truth> {
  return v.parse(truthSchema, JSON.parse(await readFile(path, 'utf8')));
}

async function readRankings(path: string) {
  return v.parse(rankingsSchema, JSON.parse(await readFile(path, 'utf8')));
}

/** One run's scores of the queries of unseen classes, and of the others. */
interface Scored {
  readonly name: string;
  /** The same of all seeds. */
  readonly model: string;
  readonly unseen: readonly number[];
  readonly seen: readonly number[];
}

/** "unseen 70.7 97.6 100.0 36.9, seen 75.9 92.9 98.6 54.3" */
function wordsOf(wordOf: (values: readonly number[]) => string, runs: readonly Scored[]): string {
  const words = (of: 'unseen' | 'seen') =>
    `${of} ${[...KS, 'mAP@R'].map((_, at) => wordOf(runs.map((run) => run[of][at] ?? Number.NaN))).join(' ')}`;
  return `${words('unseen')}, ${words('seen')}`;
}

const meanOf = (values: readonly number[]): string =>
  `${mean(values).toFixed(1)} ± ${standardDeviation(values).toFixed(1)}`;

async function main(): Promise<void> {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    options: { data: text, models: text, 'models-dir': text, seeds: text, open: { ...text, default: 'off,auto' } },
  });
  const { data, models } = values;
  if (!data || !models) {
    console.error(
      'Usage: npx tsx scripts/evaluate/unseen-classes.ts --data DIR --models A+B+C [--models-dir DIR] [--seeds N] [--open off,auto]',
    );
    process.exit(2);
  }
  const truth = await readTruth(resolve(data, 'ground_truth.json'));
  const unseen = new Set(takenOut(await readdir(resolve(data, 'training'))));
  const folder = await mkdtemp(join(tmpdir(), 'likeness-unseen-'));
  const progress = progressOn(process.stderr);
  try {
    const copy = join(folder, 'data');
    await cp(resolve(data), copy, { recursive: true, dereference: true });
    for (const name of unseen) await rm(join(copy, 'training', name), { recursive: true });
    for (const [at, open] of values.open.split(',').entries()) {
      const rankings = join(folder, `${open}.json`);
      const args = readArguments([
        ...['--data', copy, '--models', models, '--heads', 'finetuned', '--combine', 'concat'],
        // The plain one is the same in all.
        ...['--rank', at === 0 ? 'plain,class,cover' : 'class,cover', '--open', open, '--k', `1,5,10,${K}`],
        ...['--ground-truth', join(copy, 'ground_truth.json'), '--rankings', rankings, '--out', join(folder, 'r.json')],
        ...(values.seeds ? ['--seeds', values.seeds] : []),
        ...(values['models-dir'] ? ['--models-dir', values['models-dir']] : []),
      ]);
      if (args === 'help') return;
      await evaluate(args, progress, new AbortController().signal);
      const runs = await scored(args, rankings, truth, unseen);
      const say = (name: string, words: string) => console.log(`--open ${open}: ${name}: ${words}`);
      for (const run of runs)
        say(
          run.name,
          wordsOf(([value]) => (value ?? Number.NaN).toFixed(1), [run]),
        );
      for (const model of new Set(runs.map((run) => run.model))) {
        const seeds = runs.filter((run) => run.model === model);
        if (seeds.length > 1) say(`${model}, ${seeds.length} seeds`, wordsOf(meanOf, seeds));
      }
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function scored(args: Arguments, path: string, truth: Truth, unseen: ReadonlySet<string>): Promise<Scored[]> {
  const runs = plannedRuns(args);
  return Promise.all(
    runs.map(async (run) => {
      const name = runName(run);
      const rankings = await readRankings(rankingsPath(path, name, runs.length));
      const of = (passes: (className: string) => boolean) => scoresOf(rankings, truth, passes);
      return {
        name,
        model: runName({ ...run, seed: 0 }),
        unseen: of((className) => unseen.has(className)),
        seen: of((className) => !unseen.has(className)),
      };
    }),
  );
}

if (process.argv[1] === import.meta.filename) await main();
