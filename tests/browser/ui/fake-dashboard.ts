/**
 * A dashboard with synthetic outcomes and neighbours, as the real app would load them: the same for the same run and split,
 * better runs right more often, and hard queries hard for all runs. The runs' figures are those of the outcomes.
 */

import type { RunRow } from '../../../src/app/comparison/comparison.ts';
import type { DashboardChoice } from '../../../src/app/dashboard/dashboard.ts';
import { scoredImages } from '../../../src/app/dashboard/dashboard.ts';
import { bestRun } from '../../../src/core/result-rows.ts';
import { seededRandom } from '../../../src/math/random.ts';
import { mean } from '../../../src/math/statistics.ts';
import { metricOf, USUAL_KS } from '../../../src/metrics/registry.ts';
import { wilsonOf } from '../../../src/metrics/scores.ts';
import type { RankingName } from '../../../src/search/rankings.ts';
import type { QueryNeighbours, QueryOutcomes, ScoredSplit, Scores } from '../../../src/types.ts';
import { fakeRun, fakeRuns } from './fake-comparison.ts';
import { fillDataset } from './fake-state.ts';
import { workspace } from './fake-workspace.ts';

const KEPT = 100;

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
  /** Fills the data set again, with as many queries and gallery images. */
  readonly queries?: number;
}

/** Fills the comparison's runs and the dashboard. Fill the data set first, or give `queries`. */
export function fillDashboard({ split, a = 6, b = 1, labelled = true, runs, queries }: FakeDashboard = {}): void {
  if (queries !== undefined) fillDataset({ counts: { training: 849, query: queries, gallery: queries } });
  made.clear();
  const rows = (runs === undefined ? fakeRuns(labelled) : manyRuns(runs)).map(scoredAnew);
  workspace().comparison.setState({ runs: rows });
  chooseFake({
    metric: 'top10',
    split: split ?? (labelled ? 'test' : 'validation'),
    a: rows[a]?.id ?? null,
    b: b === null ? null : (rows[b]?.id ?? null),
  });
}

/** What chooseDashboard does, with synthetic outcomes. */
export function chooseFake(choice: DashboardChoice): void {
  const before = workspace().dashboard.getState();
  const { runs } = workspace().comparison.getState();
  const split = choice.split ?? before.split;
  const known = (id: string | null): string | null => (runs.some((run) => run.id === id) ? id : null);
  const metric = choice.metric ?? before.metric;
  const chosenA = known(choice.a === undefined ? (before.aChosen ? before.a : null) : choice.a);
  const a = chosenA ?? (bestRun(runs, split, metricOf(metric)) ?? runs[0])?.id ?? null;
  const b = known(choice.b === undefined ? before.b : choice.b);
  const scored = runs.filter(({ result }) => result[split] !== null);
  const shown = scored.filter(({ id }) => id === a || id === b);
  workspace().dashboard.setState({
    status: 'ready',
    split,
    metric,
    a,
    aChosen: chosenA !== null,
    b: b === a ? null : b,
    outcomes: new Map(scored.map((run) => [run.id, fakeOutcomes(run, split)])),
    neighbours: new Map(shown.map((run) => [run.id, make(run, split).neighbours])),
  });
}

/** What happened to the queries of any run, chosen or not; null where it was not scored on the split. */
export function fakeQueries(runId: string, split: ScoredSplit): ReturnType<typeof make> | null {
  const run = workspace()
    .comparison.getState()
    .runs.find(({ id }) => id === runId);
  return run?.result[split] ? make(run, split) : null;
}

/** Those of the comparison, then its trained ones with other recipes. */
function manyRuns(count: number): RunRow[] {
  const runs = fakeRuns();
  const more = runs.slice(2).flatMap(({ choice: { members, combine, recipe } }, kind) =>
    [0.1, 0.3, 0.5].map((dropout) =>
      fakeRun({
        members,
        combine,
        recipe: { ...recipe, dropout },
        top1: 0.45 + kind * 0.03 + dropout / 10,
        mapAtR: 0.4,
      }),
    ),
  );
  return [...runs, ...more].slice(0, count).map((run, colour) => ({ ...run, colour }));
}

/** By run and split, as long as the images are the same. */
const made = new Map<string, QueryOutcomes>();
let madeOf: unknown = null;

function fakeOutcomes(run: RunRow, split: ScoredSplit): QueryOutcomes {
  const { images } = workspace().dataset.getState();
  if (madeOf !== images) made.clear();
  madeOf = images;
  const key = `${split} ${run.id}`;
  const kept = made.get(key) ?? make(run, split).outcomes;
  made.set(key, kept);
  return kept;
}

function make(run: RunRow, split: ScoredSplit): { outcomes: QueryOutcomes; neighbours: QueryNeighbours } {
  const lists = scoredImages(workspace().dataset.getState().images, split);
  // Validation asks with every tenth training image, and searches two tenths.
  const taken = (list: readonly unknown[], tenths: readonly number[]): number[] =>
    [...list.keys()].filter((at) => split === 'test' || tenths.includes(at % 10));
  const positions = { query: taken(lists.queries, [0]), gallery: taken(lists.gallery, [1, 2]) };
  const k = Math.min(KEPT, positions.gallery.length);
  const classOf = (at: number): string | null => lists.gallery[at]?.className ?? null;
  const byClass = new Map<string | null, number[]>();
  for (const at of positions.gallery) byClass.set(classOf(at), [...(byClass.get(classOf(at)) ?? []), at]);
  const top1 = bases.get(run.id) ?? 0.5;
  const stream = [...run.id].reduce((hash, letter) => (Math.imul(hash, 31) + letter.charCodeAt(0)) >>> 0, 0);
  const own = seededRandom(stream, 1);
  const shared = seededRandom(split === 'test' ? 7 : 8);
  const n = positions.query.length;
  const outcomes: QueryOutcomes = {
    queries: Int32Array.from(positions.query),
    relevant: new Int32Array(n),
    firstHitRank: new Int32Array(n),
    apAtR: new Float64Array(n),
  };
  const neighbours: QueryNeighbours = {
    k,
    rows: new Int32Array(n * k).fill(-1),
    similarities: new Float32Array(n * k).fill(Number.NEGATIVE_INFINITY),
  };
  positions.query.forEach((query, i) => {
    const className = lists.queries[query]?.className ?? null;
    const right = (className === null ? undefined : byClass.get(className)) ?? [];
    // A mixture of what is hard for all and what is hard for this run: uniform again.
    const hardForAll = shared.uniform();
    const hardness = own.uniform() < 0.25 ? own.uniform() : hardForAll;
    const rank = Math.min(firstRank(hardness, top1), positions.gallery.length - right.length + 1);
    const { length } = right;
    if (length > 0) {
      outcomes.relevant[i] = length;
      outcomes.firstHitRank[i] = rank;
    }
    let hits = 0;
    let wrong = own.below(positions.gallery.length);
    let precisions = 0;
    for (let at = 0; at < k; at++) {
      const isRight = at + 1 >= rank && hits < length && (at + 1 === rank || own.uniform() < 1 - hardness * 0.8);
      let row = isRight ? right[(i + hits) % length] : undefined;
      while (row === undefined) {
        wrong = (wrong + 1) % positions.gallery.length;
        const candidate = positions.gallery[wrong];
        if (candidate !== undefined && (classOf(candidate) !== className || className === null)) row = candidate;
        else if (length === positions.gallery.length) break;
      }
      if (isRight) {
        hits++;
        if (at < length) precisions += hits / (at + 1);
      }
      neighbours.rows[i * k + at] = row ?? -1;
      neighbours.similarities[i * k + at] = 0.94 - hardness * 0.25 - 0.06 * Math.log2(at + 1);
    }
    outcomes.apAtR[i] = length === 0 ? 0 : precisions / length;
  });
  return { outcomes, neighbours };
}

/** As far as the shares of fakeScores go. */
function firstRank(hardness: number, top1: number): number {
  if (hardness < top1) return 1;
  const over = (hardness - top1) / (1 - top1);
  if (over < 0.7) return 2 + Math.floor((over / 0.7) * 4);
  if (over < 0.85) return 6 + Math.floor(((over - 0.7) / 0.15) * 5);
  return 11 + Math.floor(((over - 0.85) / 0.15) ** 2 * 140);
}

/** How good each run was made to be, before its figures became those of its outcomes. */
const bases = new Map<string, number>();

function scoredAnew(run: RunRow): RunRow {
  const { test, validation } = run.result;
  bases.set(run.id, (validation?.topk['1'] ?? 0.5) - 0.03);
  return {
    ...run,
    result: {
      ...run.result,
      test: test && scoresOf(fakeOutcomes(run, 'test')),
      validation: validation && scoresOf(fakeOutcomes(run, 'validation')),
    },
  };
}

function scoresOf({ relevant, firstHitRank, apAtR }: QueryOutcomes): Scores {
  const counted = [...relevant.keys()].filter((i) => relevant[i] !== 0);
  const average = (value: (i: number) => number): number => mean(Float64Array.from(counted, value));
  const rank = (i: number): number => firstHitRank[i] || Number.POSITIVE_INFINITY;
  const shares = USUAL_KS.map((k) => [String(k), average((i) => Number(rank(i) <= k))] as const);
  return {
    queries: counted.length,
    skipped: relevant.length - counted.length,
    topk: Object.fromEntries(shares),
    mapAtR: average((i) => apAtR[i] ?? 0),
    mrr: average((i) => 1 / rank(i)),
    ci95: Object.fromEntries(shares.map(([k, share]) => [k, wilsonOf(share, counted.length)])),
  };
}

/** What rankRun does: the run with another order, and the same figures. */
export function rankFake(as: 'a' | 'b', rank: RankingName): void {
  const { runs } = workspace().comparison.getState();
  const shown = runs.find(({ id }) => id === workspace().dashboard.getState()[as]);
  if (!shown) return;
  const plain = shown.id.replace(/~(class|cover)$/, '');
  const id = rank === 'plain' ? plain : `${plain}~${rank}`;
  if (!runs.some((run) => run.id === id)) {
    const ranked = { ...shown, id, choice: { ...shown.choice, rank }, result: { ...shown.result, rank } };
    workspace().comparison.setState({ runs: [...runs, ranked] });
  }
  chooseFake(as === 'a' ? { a: id } : { b: id });
}
