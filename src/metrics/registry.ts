/**
 * The metrics: one entry each. Columns, sorting, verdicts, tables, reports, exports and the bundle's script derive from
 * it, so that a new metric is one entry here (docs/contributing.md).
 */
import type { Scores } from '../types.ts';

/** What is known of the queries of one run; entry i of every list is query i. */
export interface JudgedQueries {
  /** R: gallery images of its class; 0 where the query counts nowhere. */
  readonly relevant: Int32Array;
  /** Rank of the first relevant image, from 1; 0 where none was found. */
  readonly firstHitRank: Int32Array;
  /** Average precision at R, between 0 and 1. */
  readonly apAtR: Float64Array;
  /** Share of relevant images among the first R; missing in results of versions that did not keep it. */
  readonly rPrecision?: Float64Array;
  /** Relevant images among the first k; missing where the neighbours are not at hand. */
  readonly hitsAt?: (query: number, k: number) => number;
}

export type Aggregate = 'mean' | 'median';

export interface Metric {
  readonly key: MetricKey;
  /** In a sentence: "top-10 accuracy". */
  readonly name: string;
  /** At the head of a column: "Top-10". */
  readonly title: string;
  /** What its explanation is about: metrics that differ in k alone share it. */
  readonly term: string;
  /** A sentence or two, for users. */
  readonly explanation: string;
  /** Value of a query that counts (R > 0); null where what it follows from is not known. */
  readonly queryValue: (queries: JudgedQueries, query: number) => number | null;
  /** The greatest value that the query can have; 1 where it is missing. */
  readonly greatest?: (queries: Pick<JudgedQueries, 'relevant'>, query: number) => number;
  /** Whether it follows from the neighbours, which are kept apart from the outcomes. */
  readonly fromNeighbours: boolean;
  /**
   * The same value in NumPy, for the bundle's script: an expression over `right` (the whole ranking, True where the image
   * is relevant), `first` (rank of the first relevant image, from 1) and `r`.
   */
  readonly python: string;
  /** How the queries' values become the run's. */
  readonly aggregate: Aggregate;
  /** A share between 0 and 1, shown in per cent, or a rank from 1. Either is perfect at 1. */
  readonly format: 'share' | 'rank';
  readonly higherIsBetter: boolean;
  /** Wilson's for shares of queries, the seeded bootstrap for all others. */
  readonly interval: 'wilson' | 'bootstrap';
  /** A column of every table; the others stand where there is room, or where they are asked for. */
  readonly always: boolean;
  /** Where report.json and results of versions without a registry have it; missing where they do not. */
  readonly inReport?: (scores: Pick<Scores, 'topk' | 'mapAtR' | 'mrr'>) => number | undefined;
}

type Definition = Omit<Metric, 'key'>;

/** The ks that the screens show. */
export const USUAL_KS = [1, 5, 10] as const;
/** The greatest k that can be asked for: as many neighbours are kept of each query. */
export const MOST_K = 100;

/** Metrics of the first k neighbours, for every k from 1 to MOST_K. */
const atK = {
  top: (k) => ({
    name: `top-${k} accuracy`,
    title: `Top-${k}`,
    term: 'top-k accuracy',
    explanation:
      'The share of queries with at least one gallery image of the same class among the first k, in per cent. Also called hit@k, Recall@k or CMC@k.',
    queryValue: ({ firstHitRank }, query) => {
      const rank = firstHitRank[query] ?? 0;
      return rank > 0 && rank <= k ? 1 : 0;
    },
    fromNeighbours: false,
    python: `first <= ${k}`,
    aggregate: 'mean',
    format: 'share',
    higherIsBetter: true,
    interval: 'wilson',
    always: true,
    inReport: ({ topk }) => topk[k],
  }),
  precision: (k) => ({
    name: `precision@${k}`,
    title: `P@${k}`,
    term: 'precision@k',
    explanation:
      'The share of images of the query’s class among the first k, in per cent, averaged over the queries. Where the class has fewer than k gallery images, 100 cannot be reached.',
    queryValue: ({ hitsAt }, query) => (hitsAt ? hitsAt(query, k) / k : null),
    greatest: ({ relevant }, query) => Math.min(1, (relevant[query] ?? 0) / k),
    fromNeighbours: true,
    python: `right[:${k}].sum() / ${k}`,
    aggregate: 'mean',
    format: 'share',
    higherIsBetter: true,
    // With one neighbour it is all or nothing: top-1 accuracy.
    interval: k === 1 ? 'wilson' : 'bootstrap',
    always: false,
  }),
} satisfies Readonly<Record<string, (k: number) => Definition>>;

/** Metrics of the whole ranking. */
const ofRanking = {
  mapAtR: {
    name: 'mAP@R',
    title: 'mAP@R',
    term: 'mAP@R',
    explanation:
      'Mean average precision at R (Musgrave, Belongie and Lim 2020), in per cent. R is the number of gallery images of the query’s class. It is 100 only where all of them come before every other image.',
    queryValue: ({ apAtR }, query) => apAtR[query] ?? 0,
    fromNeighbours: false,
    python: '(np.cumsum(right[:r]) / np.arange(1, r + 1) * right[:r]).sum() / r',
    aggregate: 'mean',
    format: 'share',
    higherIsBetter: true,
    interval: 'bootstrap',
    always: true,
    inReport: ({ mapAtR }) => mapAtR,
  },
  rPrecision: {
    name: 'R-precision',
    title: 'R-prec.',
    term: 'R-precision',
    explanation:
      'The share of images of the query’s class among the first R, in per cent, averaged over the queries. R is the number of gallery images of that class.',
    queryValue: ({ rPrecision }, query) => rPrecision?.[query] ?? null,
    fromNeighbours: false,
    python: 'right[:r].sum() / r',
    aggregate: 'mean',
    format: 'share',
    higherIsBetter: true,
    interval: 'bootstrap',
    always: false,
  },
  mrr: {
    name: 'MRR',
    title: 'MRR',
    term: 'MRR',
    explanation:
      'Mean reciprocal rank, in per cent: 100 where the first image is of the query’s class, 50 where the second is the first such image, 10 for the tenth; averaged over the queries.',
    queryValue: ({ firstHitRank }, query) => {
      const rank = firstHitRank[query] ?? 0;
      return rank === 0 ? 0 : 1 / rank;
    },
    fromNeighbours: false,
    python: '1 / first',
    aggregate: 'mean',
    format: 'share',
    higherIsBetter: true,
    interval: 'bootstrap',
    always: true,
    inReport: ({ mrr }) => mrr,
  },
  medianRank: {
    name: 'median rank of the first hit',
    title: 'Median rank',
    term: 'median rank',
    explanation:
      'The rank at which half of the queries have met their first image of the same class. 1 is the best there is.',
    queryValue: ({ firstHitRank }, query) => firstHitRank[query] || Number.POSITIVE_INFINITY,
    fromNeighbours: false,
    python: 'first',
    aggregate: 'median',
    format: 'rank',
    higherIsBetter: false,
    interval: 'bootstrap',
    always: false,
  },
} satisfies Readonly<Record<string, Definition>>;

/** Names a metric in files, addresses and stored results. */
export type MetricKey = `${keyof typeof atK}${number}` | keyof typeof ofRanking;

type Family = keyof typeof atK;
const families = Object.keys(atK) as Family[];
const wholes = Object.keys(ofRanking) as (keyof typeof ofRanking)[];

const all: ReadonlyMap<string, Metric> = new Map(
  [
    ...families.flatMap((family) =>
      Array.from({ length: MOST_K }, (_, at): Metric => {
        const definition: Definition = atK[family](at + 1);
        return { ...definition, key: `${family}${at + 1}` };
      }),
    ),
    ...wholes.map((key): Metric => ({ ...(ofRanking[key] satisfies Definition), key })),
  ].map((metric) => [metric.key, metric]),
);

export const isMetricKey = (key: string): key is MetricKey => all.has(key);

/** The same object for the same key. Throws a RangeError for a k that is no whole number from 1 to MOST_K. */
export function metricOf(key: MetricKey): Metric {
  const metric = all.get(key);
  if (!metric) throw new RangeError(`There is no metric ${key}: k goes from 1 to ${MOST_K}.`);
  return metric;
}

/** All metrics in the order of tables, those of the first k for each of `ks`. */
export function metricsAt(ks: readonly number[]): Metric[] {
  return [...families.flatMap((family) => ks.map((k) => metricOf(`${family}${k}`))), ...wholes.map(metricOf)];
}

/** All metrics that the screens show. */
export const METRICS: readonly Metric[] = metricsAt(USUAL_KS);

/** Columns of every table. */
export const COLUMNS: readonly Metric[] = METRICS.filter(({ always }) => always);

/** What models are judged by unless another is chosen. */
export const HEADLINE: Metric = metricOf('top10');
/** What decides between models that are equal by the headline, since all of them are perfect. */
export const DECIDING: Metric = metricOf('top1');

/** What the choice of the best for top-k accuracy is judged by: for top-1 that itself, else a mean, since nearly every model has a hit among ten. */
export const judgedByName = (k: number): string =>
  k === 1 ? 'top-1 accuracy' : `the mean of top-1 to top-${k} accuracy`;
