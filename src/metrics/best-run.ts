/**
 * Which run of a data set is the best: one rule for the search screen, the dashboard's default, chips, verdicts and the
 * report. Runs that differ in their seed alone are one model, judged by its mean, so that no lucky seed is chosen.
 */
import { mean, standardDeviation } from '../math/statistics.ts';
import type { ScoredSplit, Scores } from '../types.ts';
import { DECIDING, HEADLINE, type Metric, metricOf } from './registry.ts';
import { scoreOf } from './scores.ts';

/** The rows that nothing is better than. */
export interface Best<Row> {
  /** All that share the best value, in their order. */
  readonly rows: readonly [Row, ...Row[]];
  /** What decided. */
  readonly metric: Metric;
  /** The metric that was asked for, where several rows are perfect by it, so that another decided; else null. */
  readonly saturated: { readonly metric: Metric; readonly rows: number } | null;
}

/** Means over seeds of equal shares differ in their last bits. */
const EQUAL = 1e-9;

/**
 * The best rows by a metric, ties and all; null where no row has a value. Where several are perfect, the metric tells
 * nothing apart any more, and top-1 accuracy decides between them. The one rule of app and report.
 */
export function bestBy<Row>(
  rows: readonly Row[],
  metric: Metric,
  valueIn: (row: Row, metric: Metric) => number | null,
): Best<Row> | null {
  const leading = leaders(rows, metric, valueIn);
  if (!leading) return null;
  const perfect = leading.rows.length > 1 && Math.abs(leading.value - 1) <= EQUAL;
  if (!perfect || metric === DECIDING || leading.rows.some((row) => valueIn(row, DECIDING) === null)) {
    return { rows: leading.rows, metric, saturated: null };
  }
  const deciding = leaders(leading.rows, DECIDING, valueIn) ?? leading;
  return { rows: deciding.rows, metric: DECIDING, saturated: { metric, rows: leading.rows.length } };
}

function leaders<Row>(
  rows: readonly Row[],
  metric: Metric,
  valueIn: (row: Row, metric: Metric) => number | null,
): { readonly rows: [Row, ...Row[]]; readonly value: number } | null {
  let found: { rows: [Row, ...Row[]]; value: number } | null = null;
  for (const row of rows) {
    const value = valueIn(row, metric);
    if (value === null) continue;
    const ahead = found === null ? 1 : (value - found.value) * (metric.higherIsBetter ? 1 : -1);
    if (found === null || ahead > EQUAL) found = { rows: [row], value };
    else if (ahead >= -EQUAL) found.rows.push(row);
  }
  return found;
}

/** "3 models are perfect in top-10 accuracy, which cannot tell them apart: top-1 accuracy decides."; null where it does not. */
export function saturationWords({ saturated, metric }: Pick<Best<unknown>, 'saturated' | 'metric'>): string | null {
  if (!saturated) return null;
  return `${saturated.rows} models are perfect in ${saturated.metric.name}, which cannot tell them apart: ${metric.name} decides.`;
}

/** "highest", or "lowest" of what is better when it is lower. */
export const superlative = ({ higherIsBetter }: Metric): string => (higherIsBetter ? 'highest' : 'lowest');

export interface ScoredRun {
  readonly result: Readonly<Record<ScoredSplit, Scores | null>> & {
    /** What it is, by which equals are put in order. */
    readonly model?: string;
    readonly head?: 'frozen' | 'finetuned';
    readonly weights?: readonly string[];
    readonly combine?: string | null;
    readonly rank?: string;
  };
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

/** Null where the split was not scored, or the metric is unknown for it. For several runs, the mean over those where it is known. */
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

/** By these, one after the other, models that are equal by the metric are put in order. */
const AMONG_EQUALS: readonly Metric[] = [DECIDING, metricOf('mapAtR'), metricOf('mrr')];

/** Means over seeds of equal shares differ in their last bits. */
const rounded = (value: number): number => Math.round(value * 1e9);

/**
 * The order of models that are equal by a metric: by top-1 accuracy, mAP@R and MRR, then the simpler one first (a single
 * model before an ensemble, frozen before fine-tuned, ranked by similarity before the others), then by name. It follows from the
 * models alone: which of them was scored first changes nothing.
 */
export function inTieOrder<Row>(
  rows: readonly Row[],
  runsOf: (row: Row) => ModelRuns<ScoredRun>,
  split: ScoredSplit,
): Row[] {
  const keyed = rows.map((row) => {
    const runs = runsOf(row);
    const { model = '', head, weights = [], combine, rank = 'plain' } = runs[0].result;
    const scores = AMONG_EQUALS.map((metric) => -rounded(scoreOfRuns(runs, split, metric)?.value ?? -1));
    const effort = [weights.length, Number(head === 'finetuned'), Number(rank !== 'plain')];
    return { row, numbers: [...scores, ...effort], name: [model, combine ?? '', rank].join(' ') };
  });
  const inOrder = keyed.toSorted((a, b) => {
    const apart = a.numbers.findIndex((number, at) => number !== b.numbers[at]);
    if (apart >= 0) return (a.numbers[apart] ?? 0) - (b.numbers[apart] ?? 0);
    return a.name < b.name ? -1 : Number(a.name > b.name);
  });
  return inOrder.map(({ row }) => row);
}

/** What figures are of. */
export interface Extent {
  /** Queries that count. */
  readonly queries: number;
  /** Gallery images that were searched; 0 where results of earlier versions do not tell. */
  readonly gallery: number;
}

/** The largest gallery that one of the runs searched, and the most queries that one was judged on in it. */
export function extentOf(runs: Iterable<ScoredRun>, split: ScoredSplit): Extent {
  const scores = [...runs].flatMap(({ result }) => result[split] ?? []);
  const gallery = Math.max(0, ...scores.map((one) => one.gallery ?? 0));
  const inIt = scores.filter((one) => (one.gallery ?? gallery) === gallery);
  return { queries: Math.max(0, ...inIt.map(({ queries }) => queries)), gallery };
}

/** Whether two searched as many gallery images, as far as they tell: figures of fewer are easier to reach. */
export const sameGallery = (a: Extent, b: Extent): boolean =>
  a.gallery === b.gallery || a.gallery === 0 || b.gallery === 0;

/** Whether a model's runs cover the full extent, `all`: no run has more queries, and the gallery is the same. */
export function isWhole(runs: Iterable<ScoredRun>, split: ScoredSplit, all: Extent): boolean {
  const own = extentOf(runs, split);
  return own.queries === all.queries && sameGallery(own, all);
}

/**
 * The best rows on a split, ties and all (see bestBy), in the order of ties; null where the metric is known of none. What was
 * judged on fewer queries than others, or in a smaller gallery, as imported vectors of a part of the images, answered an easier or
 * another question: it is not compared with them.
 */
export function bestOfRows<Row>(
  rows: readonly Row[],
  runsOf: (row: Row) => ModelRuns<ScoredRun>,
  split: ScoredSplit,
  metric: Metric,
): Best<Row> | null {
  const all = extentOf(rows.flatMap(runsOf), split);
  const whole = rows.filter((row) => isWhole(runsOf(row), split, all));
  const best = bestBy(whole, metric, (row, by) => scoreOfRuns(runsOf(row), split, by)?.value ?? null);
  if (!best) return null;
  const [first = best.rows[0], ...others] = inTieOrder(best.rows, runsOf, split);
  return { ...best, rows: [first, ...others] };
}

/** As bestOfRows, of models. */
export const bestModels = <Run extends ScoredRun>(
  models: Iterable<ModelRuns<Run>>,
  split: ScoredSplit,
  metric: Metric = HEADLINE,
): Best<ModelRuns<Run>> | null => bestOfRows([...models], (runs) => runs, split, metric);

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
