/** Runs with synthetic rankings, judged and stored as real ones are: better runs are right more often, hard queries hard for all. */

import { subjectDigest } from '../../../src/app/comparison/runs.ts';
import { database } from '../../../src/app/context.ts';
import { scoredImages } from '../../../src/app/dashboard/dashboard.ts';
import { chooseDashboard } from '../../../src/app/dashboard/load.ts';
import { placed } from '../../../src/core/evaluate-run.ts';
import type { RunRow } from '../../../src/core/run-row.ts';
import { BOOTSTRAP_SEED, type Judged, KEPT_NEIGHBOURS } from '../../../src/core/score.ts';
import { seededRandom } from '../../../src/math/random.ts';
import { emptyRankings } from '../../../src/math/topk.ts';
import { codeLabels } from '../../../src/metrics/labels.ts';
import { countRelevant, measureRankings } from '../../../src/metrics/query-metrics.ts';
import { USUAL_KS } from '../../../src/metrics/registry.ts';
import { summarise } from '../../../src/metrics/scores.ts';
import { firstNeighbours } from '../../../src/metrics/similarities.ts';
import type { RankingName } from '../../../src/search/rankings.ts';
import { putRun } from '../../../src/storage/runs.ts';
import type { ScoredSplit } from '../../../src/types.ts';
import { fakeRun, fakeRuns, fakeScores, frozen, RESNET } from './fake-comparison.ts';
import { fillDataset } from './fake-state.ts';
import { workspace } from './fake-workspace.ts';

export interface FakeDashboard {
  readonly split?: ScoredSplit;
  /** Positions among the runs; the best seed of an ensemble and the frozen ResNet-50 unless given. */
  readonly a?: number;
  /** Null for no second run. */
  readonly b?: number | null;
  /** Without: the test images of the runs have no labels. */
  readonly labelled?: boolean;
  /** Synthetic runs of this number in place of those of the comparison. */
  readonly runs?: number;
  /** The frozen ResNet-50 once more, in this order of its neighbours. */
  readonly alsoBy?: RankingName;
  /** Fills the data set again, with as many queries and gallery images. */
  readonly queries?: number;
}

/** Fills the comparison's runs and the dashboard. Fill the data set first, or give `queries`. */
export async function fillDashboard(options: FakeDashboard = {}): Promise<void> {
  const { split, a = 6, b = 1, labelled = true, runs: count, queries, alsoBy } = options;
  if (queries !== undefined) fillDataset({ counts: { training: 849, query: queries, gallery: queries } });
  const subject = await subjectDigest(workspace().dataset.getState().images);
  const stored = (judged: Judged | null) => judged && { subject, ...judged };
  const wanted = count === undefined ? fakeRuns(labelled) : manyRuns(count);
  if (alsoBy) wanted.push(fakeRun({ members: [frozen(RESNET)], rank: alsoBy, top1: 0.681, mapAtR: 0.328 }));
  const runs: RunRow[] = [];
  for (const [seed, run] of wanted.entries()) {
    const quality = (run.result.validation?.topk['1'] ?? 0.5) - 0.03;
    const [test, validation] = [labelled ? judge('test', quality, seed) : null, judge('validation', quality, seed)];
    const result = { ...run.result, test: test?.scores ?? null, validation: validation.scores };
    runs.push({ ...run, result });
    await putRun(database, 'd1', run.id, runs.at(-1), { test: stored(test), validation: stored(validation) });
  }
  workspace().comparison.setState({ runs });
  await chooseDashboard(workspace(), {
    metric: 'top10',
    split: split ?? (labelled ? 'test' : 'validation'),
    a: runs[a]?.id ?? null,
    b: b === null ? null : (runs[b]?.id ?? null),
  });
}

/** The run, perfect in the headline metric. */
export function perfect(run: RunRow): RunRow {
  const { test, validation } = run.result;
  const { metrics: _, ...kept } = test ?? validation ?? fakeScores(1, 1);
  return { ...run, result: { ...run.result, test: { ...kept, topk: { ...kept.topk, '10': 1 } } } };
}

/** Those of the comparison, then its trained ones with other recipes. */
function manyRuns(count: number): RunRow[] {
  const runs = fakeRuns();
  const more = runs.slice(2).flatMap(({ choice: { members, combine, recipe } }, kind) =>
    [0.1, 0.3, 0.5].map((dropout) => {
      const top1 = 0.45 + kind * 0.03 + dropout / 10;
      return fakeRun({ members, combine, recipe: { ...recipe, dropout }, top1, mapAtR: 0.4 });
    }),
  );
  return [...runs, ...more].slice(0, count).map((run, colour) => ({ ...run, colour }));
}

function judge(split: ScoredSplit, quality: number, seed: number): Judged {
  const lists = scoredImages(workspace().dataset.getState().images, split);
  // Validation asks with every tenth training image, and searches two tenths.
  const taken = (list: readonly unknown[], tenths: readonly number[]) =>
    Int32Array.from([...list.keys()].filter((at) => split === 'test' || tenths.includes(at % 10)));
  const [queries, gallery] = [taken(lists.queries, [0]), taken(lists.gallery, [1, 2])];
  const labels = codeLabels(
    Array.from(queries, (at) => lists.queries[at]?.className ?? null),
    Array.from(gallery, (at) => lists.gallery[at]?.className ?? null),
  );
  const k = Math.min(gallery.length, Math.max(KEPT_NEIGHBOURS, ...countRelevant(labels)));
  const ranked = emptyRankings(queries.length, k);
  const [own, shared] = [seededRandom(seed, 1), seededRandom(split === 'test' ? 7 : 8)];
  const byClass = new Map<number, readonly [right: number[], wrong: number[]]>();
  labels.query.forEach((code, query) => {
    const isOf = (at: number) => labels.gallery[at] === code;
    const all = [...gallery.keys()];
    const [right, wrong] = byClass.get(code) ?? [all.filter(isOf), all.filter((at) => !isOf(at))];
    byClass.set(code, [right, wrong]);
    const hardForAll = shared.uniform();
    const hardness = own.uniform() < 0.25 ? own.uniform() : hardForAll;
    const start = own.below(gallery.length);
    for (let at = 0, hits = 0; at < k; at++) {
      const likely = hardness < quality ? 1 - 0.8 * hardness * Math.min(1, at) : 0.25;
      const isRight = hits < right.length && (own.uniform() < likely || (hits === 0 && at === k - 1));
      const row = isRight ? right[(query + hits++) % right.length] : wrong[(start + at) % wrong.length];
      ranked.rows[query * k + at] = row ?? -1;
      ranked.similarities[query * k + at] = 0.94 - hardness * 0.25 - 0.06 * Math.log2(at + 1);
    }
  });
  const { ks, hits, ...outcomes } = measureRankings(ranked, labels, USUAL_KS);
  return placed(
    {
      scores: summarise({ ks, hits, ...outcomes }, labels.query, { seed: BOOTSTRAP_SEED }),
      outcomes: { queries: Int32Array.from(queries.keys()), ...outcomes },
      neighbours: firstNeighbours(ranked, KEPT_NEIGHBOURS),
    },
    queries,
    gallery,
  );
}
