import { mean, standardDeviation } from '../math/statistics.ts';
import { type Best, bestBy } from '../metrics/best.ts';
import type { Metric } from '../metrics/registry.ts';
import { scoreOf } from '../metrics/scores.ts';
import type { ScoredSplit } from '../types.ts';
import { isFineTuned, isSeeded } from './run-choice.ts';
import type { RunRow } from './run-row.ts';

/** One number of the table. */
export interface RowScore {
  /** A share between 0 and 1, or a rank. */
  readonly value: number;
  /** 95 %, over the queries of a single run. */
  readonly interval: readonly [number, number] | null;
  /** Sample standard deviation over seeds, of a mean. */
  readonly deviation: number | null;
}

/** One model: a single run, or all seeds of it. */
export interface ResultRow {
  readonly key: string;
  /** By seed; one or more. */
  readonly runs: readonly [RunRow, ...RunRow[]];
}

/** Runs of the same model and recipe but for the seed make one row. */
export function resultRows(runs: readonly RunRow[]): ResultRow[] {
  const rows = new Map<string, [RunRow, ...RunRow[]]>();
  for (const run of runs) {
    const key = modelKey(run);
    const same = rows.get(key);
    if (same === undefined) rows.set(key, [run]);
    else same.push(run);
  }
  return [...rows].map(([key, same]) => ({ key, runs: same.sort((a, b) => seedOf(a) - seedOf(b)) }));
}

export const seedOf = ({ choice }: RunRow): number => choice.recipe.seed;

function modelKey(run: RunRow): string {
  const { members, combine, recipe, loaded, rank } = run.choice;
  const settings = Object.entries(recipe)
    .filter(([name]) => members.some(isFineTuned) && name !== 'seed')
    .sort();
  return JSON.stringify([members, combine, loaded, rank, settings, isSeeded(run.choice) ? null : run.id]);
}

/** Null where the split was not scored, or the metric is not known of it. Of several runs their mean, over those that are. */
export function scoreOfRuns(runs: readonly RunRow[], split: ScoredSplit, metric: Metric): RowScore | null {
  const known = runs.flatMap(({ result }) => {
    const scores = result[split];
    const score = scores === null ? null : scoreOf(scores, metric);
    return score === null || score.value === null ? [] : [{ value: score.value, interval: score.interval }];
  });
  const [first] = known;
  if (first === undefined) return null;
  if (known.length === 1) return { ...first, deviation: null };
  const values = known.map(({ value }) => value);
  return { value: mean(values), interval: null, deviation: standardDeviation(values) };
}

/** The best rows by a metric, ties and all: the rule of the leaderboard. */
export const bestRows = (rows: readonly ResultRow[], split: ScoredSplit, metric: Metric): Best<ResultRow> | null =>
  bestBy(rows, metric, ({ runs }, by) => scoreOfRuns(runs, split, by)?.value ?? null);

/** The best value of a column; null where fewer than two rows have one. */
export function bestValue(rows: readonly ResultRow[], split: ScoredSplit, metric: Metric): number | null {
  const values = rows.flatMap(({ runs }) => scoreOfRuns(runs, split, metric)?.value ?? []);
  if (values.length < 2) return null;
  return metric.higherIsBetter ? Math.max(...values) : Math.min(...values);
}
