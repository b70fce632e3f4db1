/**
 * Which run of a data set is the best: one rule for the search screen, the dashboard's default, chips, verdicts and the
 * report. Runs that differ in their seed alone are one model, judged by its mean, so that no lucky seed is chosen.
 */
import { mean, standardDeviation } from '../math/statistics.ts';
import type { ScoredSplit, Scores } from '../types.ts';
import { type Best, bestBy } from './best.ts';
import { HEADLINE, type Metric } from './registry.ts';
import { scoreOf } from './scores.ts';

export interface ScoredRun {
  readonly result: Readonly<Record<ScoredSplit, Scores | null>>;
}

/** One number of a table. */
export interface RowScore {
  /** A share between 0 and 1, or a rank. */
  readonly value: number;
  /** 95 %, over the queries of a single run. */
  readonly interval: readonly [number, number] | null;
  /** Sample standard deviation over seeds, of a mean. */
  readonly deviation: number | null;
  /** The same with every class counting alike; null where it is not known. */
  readonly macro: number | null;
}

/** Null where the split was not scored, or the metric is not known of it. Of several runs their mean, over those that are. */
export function scoreOfRuns(runs: readonly ScoredRun[], split: ScoredSplit, metric: Metric): RowScore | null {
  const known = runs.flatMap(({ result }) => {
    const scores = result[split];
    const score = scores === null ? null : scoreOf(scores, metric);
    return score === null || score.value === null ? [] : [{ ...score, value: score.value }];
  });
  const [first] = known;
  if (first === undefined) return null;
  if (known.length === 1) return { ...first, deviation: null };
  const values = known.map(({ value }) => value);
  const macros = known.flatMap(({ macro }) => macro ?? []);
  return {
    value: mean(values),
    interval: null,
    deviation: standardDeviation(values),
    macro: macros.length === known.length ? mean(macros) : null,
  };
}

/** The runs of one model: one or more, that differ in their seed alone. */
export type ModelRuns<Run> = readonly [Run, ...Run[]];

/** Runs with equal keys make one model, in the order of their first runs. */
export function byModel<Run>(runs: readonly Run[], keyOf: (run: Run) => string): Map<string, [Run, ...Run[]]> {
  const models = new Map<string, [Run, ...Run[]]>();
  for (const run of runs) {
    const key = keyOf(run);
    const same = models.get(key);
    if (same === undefined) models.set(key, [run]);
    else same.push(run);
  }
  return models;
}

/** The best models on a split, ties and all (see bestBy); null where the metric is known of none. */
export const bestModels = <Run extends ScoredRun>(
  models: Iterable<ModelRuns<Run>>,
  split: ScoredSplit,
  metric: Metric = HEADLINE,
): Best<ModelRuns<Run>> | null =>
  bestBy([...models], metric, (runs, by) => scoreOfRuns(runs, split, by)?.value ?? null);

/** The best models where they should be chosen: by validation, or by the test where nothing was validated. */
export function bestChosen<Run extends ScoredRun>(
  models: Iterable<ModelRuns<Run>>,
  metric: Metric = HEADLINE,
): { readonly split: ScoredSplit; readonly best: Best<ModelRuns<Run>> } | null {
  const all = [...models];
  for (const split of ['validation', 'test'] as const) {
    const best = bestModels(all, split, metric);
    if (best) return { split, best };
  }
  return null;
}
