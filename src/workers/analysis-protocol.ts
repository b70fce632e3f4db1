import type { Findings } from '../care/findings.ts';
import type { Clusters } from '../math/k-means.ts';
import type { Difference } from '../metrics/intervals.ts';
import type { Aggregate } from '../metrics/registry.ts';
import type { JudgedSimilarities } from '../metrics/similarities.ts';
import type { QueryNeighbours } from '../types.ts';
import type { CallControl } from './protocol.ts';

export type { Clusters, Difference, JudgedSimilarities };

/** What one network says of some images. */
export interface MemberFeatures {
  /** [n, dimensions], row-major, not normalised. */
  readonly features: Float32Array<ArrayBuffer>;
  readonly dimensions: number;
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
    aggregate: Aggregate,
    seed: number,
    control: CallControl,
  ): Promise<Difference[]>;
  /**
   * Near-duplicates, likely wrong labels and outliers (care/findings.ts) among unit rows [n, dimensions], transferred, with
   * their class numbers. Progress messages are the share that is done.
   */
  care(
    embeddings: Float32Array<ArrayBuffer>,
    dimensions: number,
    labels: Int32Array<ArrayBuffer>,
    classes: number,
    control: CallControl,
  ): Promise<Findings>;
  /** math/k-means.ts, of unit rows [n, dimensions], transferred. Progress messages are the share that is done. */
  clusters(
    embeddings: Float32Array<ArrayBuffer>,
    dimensions: number,
    count: number,
    seed: number,
    control: CallControl,
  ): Promise<Clusters>;
  /**
   * math/average-linkage.ts by the mean of the members' cosines: of each member features [n, dimensions] of the same images,
   * transferred. No group holds more than `largest` of them.
   */
  groups(members: readonly MemberFeatures[], largest: number): Promise<Int32Array<ArrayBuffer>>;
  /**
   * How far the two pictures of each pair are one (care/same-picture.ts): positions in `pictures` side by side,
   * [2 · pairs]. A picture that cannot be decoded is like none. Progress messages are numbers of pictures and pairs done.
   */
  samePictures(
    pictures: readonly Blob[],
    pairs: Int32Array<ArrayBuffer>,
    control: CallControl,
  ): Promise<Float32Array<ArrayBuffer>>;
  /** metrics/similarities.ts, judgeNeighbours: all neighbours in one list by similarity. */
  similarities(
    neighbours: QueryNeighbours,
    asked: Int32Array<ArrayBuffer>,
    searched: Int32Array<ArrayBuffer>,
  ): Promise<JudgedSimilarities>;
}
