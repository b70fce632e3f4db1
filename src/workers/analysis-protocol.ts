import type { Difference } from '../metrics/intervals.ts';
import type { Aggregate } from '../metrics/registry.ts';
import type { JudgedSimilarities } from '../metrics/similarities.ts';
import type { QueryNeighbours } from '../types.ts';
import type { CallControl } from './protocol.ts';

export type { Difference, JudgedSimilarities };

/** workers/analysis.worker.ts: what the dashboard computes from stored outcomes and embeddings. */
export interface AnalysisWorker {
  /**
   * `first` against each of `others`: columns of one value a query, the same queries in the same order. Progress
   * messages are numbers of comparisons done. Throws AppError 'bad-argument' where the columns differ in length.
   */
  differences(
    first: Float64Array<ArrayBuffer>,
    others: readonly Float64Array<ArrayBuffer>[],
    aggregate: Aggregate,
    seed: number,
    control: CallControl,
  ): Promise<Difference[]>;
  /** metrics/similarities.ts, judgeNeighbours: all neighbours in one list by similarity. */
  similarities(
    neighbours: QueryNeighbours,
    asked: Int32Array<ArrayBuffer>,
    searched: Int32Array<ArrayBuffer>,
  ): Promise<JudgedSimilarities>;
}
