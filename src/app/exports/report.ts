import { differencesOf, judgedQueries, storedOutcomes } from '../../core/analysis.ts';
import { againstOthers, finetunedAgainstFrozen, type ModelPair } from '../../core/model-pairs.ts';
import { bestRows, type ResultRow, resultRows } from '../../core/result-rows.ts';
import { scoredImages } from '../../core/scored-images.ts';
import { type DifferenceFacts, modelWords, runWords } from '../../exports/facts.ts';
import { chooseExamples } from '../../exports/report-page/examples.ts';
import type { Example, ExampleImage, ExamplesFacts } from '../../exports/report-page/facts.ts';
import { type Metric, metricOf } from '../../metrics/registry.ts';
import { getThumbnail } from '../../storage/pictures.ts';
import type { ImageRecord, QueryOutcomes, ScoredSplit } from '../../types.ts';
import type { RunRow } from '../comparison/comparison.ts';
import { context, database } from '../context.ts';
import { pairReader } from '../dashboard/compare-models.ts';
import { openSubject } from '../dataset/session.ts';
import { jobs } from '../jobs/jobs.ts';
import { saveFile } from '../save-file.ts';
import type { Workspace } from '../workspace.ts';
import { openDataset, projectFacts, runFacts, runsOf } from './facts.ts';

/** Saves the report on these runs as one HTML file; figures and examples are of the chosen runs. */
export async function exportReport(
  workspace: Workspace,
  runIds: readonly string[],
  thumbnails: boolean,
): Promise<void> {
  await jobs.run({ screen: 'dashboard', stage: 'Writing the report', unit: 'files' }, async ({ signal, stage }) => {
    const { dataset } = openDataset(workspace);
    const rows = runsOf(workspace, runIds);
    const facts = await projectFacts(workspace, rows);
    stage('Comparing the models for the report');
    const { a, metric: key } = workspace.dashboard.getState();
    const metric = metricOf(key);
    const test = await differenceFacts(workspace, rows, 'test', metric, signal);
    const validation = await differenceFacts(workspace, rows, 'validation', metric, signal);
    stage('Drawing the figures for the report');
    // With the library that draws: no screen waits for it before it is needed.
    const { figureFacts } = await import('../dashboard/figures/chosen.ts');
    const figures = await figureFacts(workspace, signal);
    const shown = rows.find(({ id }) => id === a) ?? rows[0];
    const examples = shown ? await exampleFacts(workspace, shown, thumbnails) : null;
    const { reportPage } = await import('../../exports/report-page/page.ts');
    const page = reportPage({ ...facts, metric, differences: [...test, ...validation], figures, examples });
    signal.throwIfAborted();
    saveFile(new Blob([page], { type: 'text/html' }), `${dataset.name} report.html`);
  });
}

/**
 * The best model by the metric (or by what decides where several are perfect in it) against every other one, then each
 * fine-tuned model against its frozen backbone: the leaderboard's pairs and intervals.
 */
async function differenceFacts(
  workspace: Workspace,
  runs: readonly RunRow[],
  split: ScoredSplit,
  metric: Metric,
  signal: AbortSignal,
): Promise<DifferenceFacts[]> {
  const rows = resultRows(runs);
  const best = bestRows(rows, split, metric);
  if (!best) return [];
  const by = best.metric;
  const outcomes = new Map<string, QueryOutcomes>();
  for (const { id, result } of runs) {
    const stored = result[split] ? await storedOutcomes(context, openSubject(workspace), id, split) : null;
    if (stored) outcomes.set(id, stored);
  }
  const valuesOf = pairReader(workspace, { split, outcomes });
  const [first] = best.rows;
  const pairs: readonly (ModelPair & { readonly firstIsBest: boolean })[] = [
    ...againstOthers(first, rows, split, by).map((pair) => ({ ...pair, firstIsBest: true })),
    ...finetunedAgainstFrozen(rows, split)
      .filter((pair) => pair.first !== first)
      .map((pair) => ({ ...pair, firstIsBest: false })),
  ];
  const facts: DifferenceFacts[] = [];
  for (const { firstIsBest, ...pair } of pairs) {
    const values = await valuesOf(pair, by);
    if (values.first.length === 0) continue;
    const [found] = await differencesOf(context, values.first, [values.second], by.aggregate, signal);
    const queries = values.first.length;
    const said = { split, metric: by, first: wordsOf(pair.first), second: wordsOf(pair.second), firstIsBest, queries };
    if (found) facts.push({ ...said, ...found });
  }
  return facts;
}

function wordsOf({ runs: [first, ...others] }: ResultRow): string {
  return modelWords([runFacts(first), ...others.map(runFacts)]);
}

const SEED = 0;
/** The headline figure's k. */
const FAILED_AT = 10;
/** Examples of each kind, and neighbours shown of each. */
const COUNT = 4;
const NEIGHBOURS = 5;

/** Queries of the run on the dashboard's split, some right and some failed, with thumbnails where they are wanted. */
async function exampleFacts(workspace: Workspace, row: RunRow, thumbnails: boolean): Promise<ExamplesFacts | null> {
  const { split } = workspace.dashboard.getState();
  const judged = await judgedQueries(context, openSubject(workspace), row.id, split);
  if (!judged?.outcomes.relevant.some((relevant) => relevant > 0)) return null;
  const { outcomes, neighbours } = judged;
  const { queries, gallery } = scoredImages(openDataset(workspace).images, split);

  const exampleOf = async (entry: number): Promise<Example[]> => {
    const query = queries[outcomes.queries[entry] ?? -1];
    if (!query) return [];
    const start = entry * neighbours.k;
    const shown = [...neighbours.rows.subarray(start, start + Math.min(NEIGHBOURS, neighbours.k))];
    const found = shown.flatMap((position, i) => {
      const image = gallery[position];
      return image ? [{ image, similarity: neighbours.similarities[start + i] ?? 0 }] : [];
    });
    return [
      {
        query: await imageOf(query, thumbnails),
        firstHitRank: outcomes.firstHitRank[entry] ?? 0,
        neighbours: await Promise.all(
          found.map(async ({ image, similarity }) => ({
            ...(await imageOf(image, thumbnails)),
            similarity,
            right: image.className !== null && image.className === query.className,
          })),
        ),
      },
    ];
  };

  const chosen = chooseExamples(outcomes, FAILED_AT, COUNT, SEED);
  return {
    run: runWords(runFacts(row)),
    split,
    seed: SEED,
    failedAt: FAILED_AT,
    rightOf: chosen.rightOf,
    failedOf: chosen.failedOf,
    right: (await Promise.all(chosen.right.map(exampleOf))).flat(),
    failed: (await Promise.all(chosen.failed.map(exampleOf))).flat(),
    thumbnails,
  };
}

async function imageOf({ file, className, hash }: ImageRecord, thumbnails: boolean): Promise<ExampleImage> {
  const thumbnail = thumbnails && hash !== null ? await getThumbnail(database, hash) : null;
  return { file, className, picture: thumbnail ? await dataUrl(thumbnail.blob) : null };
}

function dataUrl(blob: Blob): Promise<string | null> {
  return new Promise((resolve) => {
    const reader = new FileReader();
    reader.onload = () => resolve(typeof reader.result === 'string' ? reader.result : null);
    reader.onerror = () => resolve(null);
    reader.readAsDataURL(blob);
  });
}
