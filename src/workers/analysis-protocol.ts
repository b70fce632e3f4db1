import type { Interval } from '../metrics/bootstrap.ts';
import type { JudgedSimilarities } from '../metrics/similarities.ts';
import type { QueryNeighbours } from '../types.ts';
import type { CallControl } from './protocol.ts';

export type { JudgedSimilarities };

/** How much better one model is than another, query by query. */
export interface Difference {
  /** Mean of first − second, between −1 and 1. */
  readonly difference: number;
  /** 95 % paired bootstrap interval. */
  readonly interval: Interval;
}

/** Bounds of top-k accuracy for k = 1, 2, …; shares between 0 and 1. */
export interface CurveBand {
  readonly lower: Float64Array<ArrayBuffer>;
  readonly upper: Float64Array<ArrayBuffer>;
}

/** workers/analysis.worker.ts: what the dashboard computes from stored outcomes and embeddings. */
export interface AnalysisWorker {
  /**
   * `first` against each of `others`: columns of one value a query, the same queries in the same order. Progress
   * messages are numbers of comparisons done. Throws AppError 'bad-argument' where the columns differ in length.
   */
  differences(
    first: Float64Array<ArrayBuffer>,
    others: readonly Float64Array<ArrayBuffer>[],
    seed: number,
    control: CallControl,
  ): Promise<Difference[]>;
  /** 95 % bootstrap bounds of top-k accuracy for k = 1 … most. `ranks`: of first hits, of the queries that count. */
  band(ranks: Int32Array<ArrayBuffer>, most: number, seed: number, control: CallControl): Promise<CurveBand>;
  /** metrics/similarities.ts, judgeNeighbours: all neighbours in one list by similarity. */
  similarities(
    neighbours: QueryNeighbours,
    asked: Int32Array<ArrayBuffer>,
    searched: Int32Array<ArrayBuffer>,
  ): Promise<JudgedSimilarities>;
}
