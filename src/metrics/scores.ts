import { mean } from '../math/statistics.ts';
import type { Rankings } from '../math/topk.ts';
import type { MetricScore, Scores } from '../types.ts';
import {
  aggregateOf,
  type BootstrapOptions,
  bootstrapIntervals,
  boundedMeanInterval,
  type Interval,
  isUniform,
  wilsonInterval,
} from './intervals.ts';
import { codeLabels } from './labels.ts';
import { measureRankings, type QueryMetrics } from './query-metrics.ts';
import { type JudgedQueries, type Metric, metricsAt } from './registry.ts';

/**
 * The averages of a run over its queries (micro), and the same with every class counting alike (macro), with intervals.
 * `queryCodes` [queries] are the label codes of the queries. Queries that count nowhere (R = 0) are left out and counted
 * as skipped; null where none is left, since there is nothing to average.
 */
export function summarise(queries: QueryMetrics, queryCodes: Int32Array, options: BootstrapOptions): Scores | null {
  const { ks, relevant } = queries;
  const counted = [...relevant.keys()].filter((query) => relevant[query] !== 0);
  if (counted.length === 0) return null;
  const judged = withHits(queries);
  const columns = metricsAt(ks).map((metric) => ({
    metric,
    aggregate: metric.aggregate,
    values: Float64Array.from(counted, (query) => metric.queryValue(judged, query) ?? Number.NaN),
    greatest: mean(Float64Array.from(counted, (query) => metric.greatest?.(judged, query) ?? 1)),
  }));
  const isShare = ({ metric }: (typeof columns)[number]) => metric.format === 'share';
  const resampled = columns.filter(({ metric }) => metric.interval === 'bootstrap');
  const intervals = bootstrapIntervals(resampled, options);
  const classes = entriesByClass(counted.map((query) => queryCodes[query] ?? -1));
  const metrics: Record<string, MetricScore> = {};
  for (const column of columns) {
    const { metric, aggregate, values, greatest } = column;
    const value = aggregateOf(column);
    const at = resampled.indexOf(column);
    const ofClasses = classes.map((entries) =>
      aggregateOf({ values: Float64Array.from(entries, (entry) => values[entry] as number), aggregate }),
    );
    metrics[metric.key] = {
      value: finite(value),
      interval: bounded(
        at < 0
          ? wilsonOf(value, counted.length)
          : isShare(column) && isUniform(values)
            ? boundedMeanInterval(value, counted.length, greatest)
            : intervals[at],
      ),
      macro: finite(mean(ofClasses)),
    };
  }
  return { ...reportFields(metrics, ks), queries: counted.length, skipped: relevant.length - counted.length, metrics };
}

/** report.json's own fields: they are older than `metrics`, and programs read them. */
function reportFields(
  metrics: NonNullable<Scores['metrics']>,
  ks: readonly number[],
): Pick<Scores, 'topk' | 'mapAtR' | 'mrr' | 'ci95'> {
  const valueAt = (key: string) => metrics[key]?.value ?? 0;
  return {
    topk: Object.fromEntries(ks.map((k) => [k, valueAt(`top${k}`)])),
    mapAtR: valueAt('mapAtR'),
    mrr: valueAt('mrr'),
    ci95: Object.fromEntries(ks.map((k) => [k, metrics[`top${k}`]?.interval ?? [0, 1]])),
  };
}

/** What a run reached by a metric; null where it is not known, as in results of versions that had fewer metrics. */
export function scoreOf(scores: Scores, metric: Metric): MetricScore | null {
  const kept = scores.metrics?.[metric.key];
  if (kept) return { ...kept, interval: withWidth(kept, metric, scores.queries) };
  const value = metric.inReport?.(scores);
  if (value === undefined) return null;
  return { value, interval: metric.interval === 'wilson' ? wilsonOf(value, scores.queries) : null, macro: null };
}

/** Earlier versions kept the bootstrap's interval of queries that all have the same value, which has no width. */
function withWidth({ value, interval }: MetricScore, { format }: Metric, queries: number): Interval | null {
  if (value === null || interval === null || format !== 'share' || interval[0] !== interval[1]) return interval;
  return boundedMeanInterval(value, queries);
}

/** Wilson's interval of a share of the queries. */
export const wilsonOf = (share: number, queries: number): Interval =>
  wilsonInterval(Math.round(share * queries), queries);

/**
 * Scores rankings that hold the whole gallery, or at least max(R, every k) images a query; shorter ones throw AppError
 * 'bad-argument'. Where the first hit lies beyond them it adds 0 to MRR, which is then a lower bound (short by less
 * than 1/k). Queries without a label, or whose class has no gallery image, are left out and counted as skipped.
 */
export function score({
  rankings,
  queryLabels,
  galleryLabels,
  ks,
  seed,
}: {
  readonly rankings: Rankings;
  readonly queryLabels: readonly (string | null)[];
  readonly galleryLabels: readonly (string | null)[];
  readonly ks: readonly number[];
  readonly seed: number;
}): Scores | null {
  const labels = codeLabels(queryLabels, galleryLabels);
  return summarise(measureRankings(rankings, labels, ks), labels.query, { seed });
}

/** The same queries as metrics read them. */
function withHits(queries: QueryMetrics): JudgedQueries {
  const { ks, hits } = queries;
  const columns = new Map(ks.map((k, j) => [k, j]));
  return { ...queries, hitsAt: (query, k) => hits[query * ks.length + (columns.get(k) ?? -1)] ?? Number.NaN };
}

function entriesByClass(classes: readonly number[]): number[][] {
  const entries = new Map<number, number[]>();
  classes.forEach((code, entry) => {
    const others = entries.get(code);
    if (others) others.push(entry);
    else entries.set(code, [entry]);
  });
  return [...entries.values()];
}

/** Null for a rank beyond what was ranked: JSON knows no infinity. */
const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);

const bounded = (interval: Interval | undefined): Interval | null =>
  interval?.every(Number.isFinite) ? interval : null;
