import { nearestByComponents } from '../math/nearest-by-components.ts';
import { countRows } from '../math/vectors.ts';
import { type NearPair, nearPairs } from './near-duplicates.ts';
import { type Outlier, outliers } from './outliers.ts';
import { type Suspect, wrongLabels } from './wrong-labels.ts';

/** What embeddings say of the data: rows are those of the embeddings. Each list is sorted, what is most striking first. */
export interface Findings {
  /** Candidates, by similarity: which of them are one picture, `correlationOfCrops` tells. */
  readonly pairs: readonly NearPair[];
  readonly suspects: readonly Suspect[];
  readonly outliers: readonly Outlier[];
}

/** Neighbours that vote on a label; near-duplicates named for each image. */
const NEIGHBOURS = 12;
/** Neighbours whose mean similarity says how far an image lies apart: few enough for small classes. */
const OUTLIER_NEIGHBOURS = 5;
/** Below, no two images are candidates: copies that were cropped by a tenth come to 0.82 and more by ResNet-50. */
const LEAST_SIMILARITY = 0.75;
/** Candidates whose pictures are compared: they take a millisecond a pair. */
const MOST_CANDIDATES = 40_000;
/** More of a kind nobody looks through. */
const MOST_FINDINGS = 500;

/**
 * Candidates for near-duplicates, likely wrong labels and outliers among images. `embeddings` [n, dimensions] are unit rows, `labels` [n]
 * class numbers below `classes`, −1 where unknown. Yields the share that is done. Throws AppError 'bad-argument' on shapes that
 * do not fit.
 */
export function* careFindings(
  embeddings: Float32Array,
  dimensions: number,
  labels: Int32Array,
  classes: number,
  seed: number,
): Generator<number, Findings> {
  const n = countRows(embeddings, dimensions);
  if (n < 2) return { pairs: [], suspects: [], outliers: [] };
  const neighbours = yield* nearestByComponents(embeddings, dimensions, Math.min(NEIGHBOURS, n - 1), seed);
  return {
    pairs: nearPairs(neighbours, LEAST_SIMILARITY).slice(0, MOST_CANDIDATES),
    suspects: wrongLabels(embeddings, dimensions, labels, classes, neighbours).slice(0, MOST_FINDINGS),
    outliers: outliers(neighbours, OUTLIER_NEIGHBOURS).slice(0, MOST_FINDINGS),
  };
}
