import {
  type Best,
  bestChosen,
  bestModels,
  bestOfRows,
  byModel,
  extentOf,
  isWhole,
  scoreOfRuns,
} from '../metrics/best-run.ts';
import { HEADLINE, type Metric } from '../metrics/registry.ts';
import { RANKING_NAMES } from '../search/rankings.ts';
import type { ScoredSplit } from '../types.ts';
import { isFineTuned, type RunChoice } from './run-choice.ts';
import type { RunRow } from './run-name.ts';

export {
  type Extent,
  extentOf,
  inTieOrder,
  isWhole,
  type RowScore,
  sameGallery,
  scoreOfRuns,
} from '../metrics/best-run.ts';

/** One model: a single run, or all seeds of it. */
export interface ResultRow {
  readonly key: string;
  /** By seed; one or more. */
  readonly runs: readonly [RunRow, ...RunRow[]];
}

/** Runs of the same model and recipe but for the seed make one row. */
export function resultRows(runs: readonly RunRow[]): ResultRow[] {
  return [...byModel(runs, ({ choice }) => modelKey(choice))].map(([key, same]) => ({
    key,
    runs: same.sort((a, b) => seedOf(a) - seedOf(b)),
  }));
}

export const seedOf = ({ choice }: RunRow): number => choice.recipe.seed;

/** Equal for runs that differ in their seed alone. */
export function modelKey({ members, combine, recipe, loaded, rank }: RunChoice): string {
  const settings = Object.entries(recipe)
    .filter(([name]) => members.some(isFineTuned) && name !== 'seed')
    .sort();
  return JSON.stringify([members, combine, loaded, rank, settings]);
}

/**
 * Rows in groups that differ in the order of their answers alone: a model and its rankings. Groups stand where their first
 * row does; within one, rows are in the order of the rankings.
 */
export function rankingGroups(rows: readonly ResultRow[]): [ResultRow, ...ResultRow[]][] {
  const groups = byModel(rows, ({ runs: [{ choice }] }) => modelKey({ ...choice, rank: 'plain' }));
  const at = ({ runs: [{ choice }] }: ResultRow) => RANKING_NAMES.indexOf(choice.rank);
  return [...groups.values()].map((group) => group.sort((x, y) => at(x) - at(y)));
}

/** The best rows by a metric, ties and all, in the order of ties: the rule of the leaderboard. */
export const bestRows = (rows: readonly ResultRow[], split: ScoredSplit, metric: Metric): Best<ResultRow> | null =>
  bestOfRows(rows, ({ runs }) => runs, split, metric);

/** The best value of a column; null where fewer than two rows have one. */
export function bestValue(rows: readonly ResultRow[], split: ScoredSplit, metric: Metric): number | null {
  const all = extentOf(
    rows.flatMap(({ runs }) => runs),
    split,
  );
  const whole = rows.filter(({ runs }) => isWhole(runs, split, all));
  const values = whole.flatMap(({ runs }) => scoreOfRuns(runs, split, metric)?.value ?? []);
  if (values.length < 2) return null;
  return metric.higherIsBetter ? Math.max(...values) : Math.min(...values);
}

/** The run that is shown where none is chosen: of the best model on the split, or of the best by validation (else test). */
export function bestRun(
  runs: readonly RunRow[],
  split: ScoredSplit | null = null,
  metric: Metric = HEADLINE,
): RunRow | null {
  const models = resultRows(runs).map((row) => row.runs);
  const best = split === null ? bestChosen(models, metric)?.best : bestModels(models, split, metric);
  return best?.rows[0][0] ?? null;
}
