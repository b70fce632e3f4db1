/**
 * How rankings do where the gallery has classes that training/ has not: `npx tsx scripts/evaluate/unseen-classes.ts`.
 * Every fourth class, from the third by name, is taken out of training/; queries of those classes are scored apart.
 */
import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import * as v from 'valibot';
import { runName } from '../../src/exports/report.ts';
import { mean } from '../../src/math/statistics.ts';
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

/** Every fourth class, from the third by name. */
export const takenOut = (classes: readonly string[]): string[] => classes.toSorted().filter((_, at) => at % 4 === 2);

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

/** "unseen 70.7 97.6 100.0 36.9, seen 75.9 92.9 98.6 54.3" */
function wordsOf(rankings: v.InferOutput<typeof rankingsSchema>, truth: Truth, unseen: ReadonlySet<string>): string {
  const words = (name: string, passes: (className: string) => boolean) =>
    `${name} ${scoresOf(rankings, truth, passes)
      .map((value) => value.toFixed(1))
      .join(' ')}`;
  return `${words('unseen', (name) => unseen.has(name))}, ${words('seen', (name) => !unseen.has(name))}`;
}

async function main(): Promise<void> {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({ options: { data: text, models: text, 'models-dir': text, seeds: text } });
  const { data, models } = values;
  if (!data || !models) {
    console.error(
      'Usage: npx tsx scripts/evaluate/unseen-classes.ts --data DIR --models A+B+C [--models-dir DIR] [--seeds N]',
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
    for (const open of ['off', 'auto'] as const) {
      const rankings = join(folder, `${open}.json`);
      const args = readArguments([
        ...['--data', copy, '--models', models, '--heads', 'finetuned', '--combine', 'concat'],
        ...['--rank', open === 'off' ? 'plain,class,cover' : 'class,cover', '--open', open, '--k', `1,5,10,${K}`],
        ...['--ground-truth', join(copy, 'ground_truth.json'), '--rankings', rankings, '--out', join(folder, 'r.json')],
        ...(values.seeds ? ['--seeds', values.seeds] : []),
        ...(values['models-dir'] ? ['--models-dir', values['models-dir']] : []),
      ]);
      if (args === 'help') return;
      await evaluate(args, progress, new AbortController().signal);
      for (const line of await scored(args, rankings, truth, unseen)) console.log(`--open ${open}: ${line}`);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function scored(args: Arguments, path: string, truth: Truth, unseen: ReadonlySet<string>): Promise<string[]> {
  const runs = plannedRuns(args);
  return Promise.all(
    runs.map(async (run) => {
      const name = runName(run);
      return `${name}: ${wordsOf(await readRankings(rankingsPath(path, name, runs.length)), truth, unseen)}`;
    }),
  );
}

if (process.argv[1] === import.meta.filename) await main();
