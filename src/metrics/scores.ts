import { mean, median } from '../math/statistics.ts';
import type { Rankings } from '../math/topk.ts';
import type { Scores } from '../types.ts';
import { type BootstrapOptions, bootstrapIntervals, type Interval } from './bootstrap.ts';
import { codeLabels } from './labels.ts';
import { measureRankings, type QueryMeasures } from './measures.ts';

/** The averages of a run over its queries (micro), and the same with every class counting alike (macro). */
export interface RetrievalScores extends Scores {
  /** k → mean share of relevant images among the first k (of k, however small the gallery). */
  readonly precision: Readonly<Record<string, number>>;
  readonly rPrecision: number;
  /** Median rank of the first relevant image, from 1; Infinity where it was mostly not found. */
  readonly medianRank: number;
  readonly mapAtRCi95: Interval;
  readonly mrrCi95: Interval;
  readonly macro: {
    readonly topk: Readonly<Record<string, number>>;
    readonly mapAtR: number;
    readonly mrr: number;
  };
}

/** One number a query, for the queries that count, in order: what is averaged, bootstrapped and compared. */
export interface MeasureColumns {
  /** 1 where a relevant image is among the first k, else 0; one column a k. */
  readonly topk: readonly Float64Array[];
  /** Share of relevant images among the first k; one column a k. */
  readonly precision: readonly Float64Array[];
  readonly mapAtR: Float64Array;
  readonly rPrecision: Float64Array;
  /** 1 / rank of the first relevant image, 0 where it was not found. */
  readonly mrr: Float64Array;
  /** Infinity where it was not found. */
  readonly firstHitRank: Float64Array;
}

/** Drops the queries that count nowhere (R = 0) and turns the rest into columns. */
export function measureColumns(measures: QueryMeasures): MeasureColumns {
  const { ks } = measures;
  const counted = countedQueries(measures);
  const column = (value: (query: number) => number) => Float64Array.from(counted, value);
  const hits = (query: number, j: number) => measures.hits[query * ks.length + j] ?? 0;
  const rank = (query: number) => measures.firstHitRank[query] || Number.POSITIVE_INFINITY;
  return {
    topk: ks.map((_, j) => column((query) => (hits(query, j) > 0 ? 1 : 0))),
    precision: ks.map((k, j) => column((query) => hits(query, j) / k)),
    mapAtR: column((query) => measures.apAtR[query] ?? 0),
    rPrecision: column((query) => measures.rPrecision[query] ?? 0),
    mrr: column((query) => 1 / rank(query)),
    firstHitRank: column(rank),
  };
}

/**
 * Averages the measures of one run. `queryCodes` [queries] are the label codes of the queries, for the macro averages.
 * With no query that counts (`queries` is 0) there is nothing to average: every share is then 0 and says nothing.
 */
export function summarise(measures: QueryMeasures, queryCodes: Int32Array, options: BootstrapOptions): RetrievalScores {
  const columns = measureColumns(measures);
  const counted = countedQueries(measures);
  const classes = counted.map((query) => queryCodes[query] ?? -1);
  const macro = (column: Float64Array) => average(classMeans(column, classes));
  const byK = <T>(values: readonly T[]) => Object.fromEntries(measures.ks.map((k, j) => [String(k), values[j] as T]));
  const intervals: Interval[] =
    counted.length === 0
      ? [...columns.topk, [], []].map(() => [0, 0])
      : bootstrapIntervals([...columns.topk, columns.mapAtR, columns.mrr], options);
  const [mapAtRCi95 = [0, 0], mrrCi95 = [0, 0]] = intervals.slice(measures.ks.length);
  return {
    queries: counted.length,
    skipped: measures.relevant.length - counted.length,
    topk: byK(columns.topk.map(average)),
    precision: byK(columns.precision.map(average)),
    mapAtR: average(columns.mapAtR),
    rPrecision: average(columns.rPrecision),
    mrr: average(columns.mrr),
    medianRank: counted.length === 0 ? 0 : median(columns.firstHitRank),
    ci95: byK(intervals.slice(0, measures.ks.length)),
    mapAtRCi95,
    mrrCi95,
    macro: {
      topk: byK(columns.topk.map(macro)),
      mapAtR: macro(columns.mapAtR),
      mrr: macro(columns.mrr),
    },
  };
}

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
}): RetrievalScores {
  const labels = codeLabels(queryLabels, galleryLabels);
  return summarise(measureRankings(rankings, labels, ks), labels.query, { seed });
}

function countedQueries(measures: QueryMeasures): number[] {
  return Array.from(measures.relevant.keys()).filter((query) => measures.relevant[query] !== 0);
}

function classMeans(column: Float64Array, classes: readonly number[]): number[] {
  const sums = new Map<number, { sum: number; count: number }>();
  column.forEach((value, i) => {
    const code = classes[i] ?? -1;
    const entry = sums.get(code) ?? { sum: 0, count: 0 };
    sums.set(code, { sum: entry.sum + value, count: entry.count + 1 });
  });
  return Array.from(sums.values(), ({ sum, count }) => sum / count);
}

function average(values: ArrayLike<number>): number {
  return values.length === 0 ? 0 : mean(values);
}
