import { nearestByComponents } from '../math/nearest-by-components.ts';
import { principalComponents } from '../math/pca.ts';
import type { Rankings } from '../math/topk.ts';
import { countRows } from '../math/vectors.ts';
import { type Suspect, wrongLabels } from './wrong-labels.ts';

/** What embeddings say of the data: rows are those of the embeddings. Each list is sorted, what is most striking first. */
export interface Findings {
  /** Candidates, by similarity: which of them are one picture, `correlationOfCrops` tells. */
  readonly pairs: readonly NearPair[];
  readonly suspects: readonly Suspect[];
  readonly outliers: readonly Outlier[];
}

/** Near-duplicates named for each image. */
const NEIGHBOURS = 12;
/** Components that labels are judged by: of 64 one wrong label in thirty more is missed, of 256 as many are found. */
const COMPONENTS = 128;
/** Passes over the rows: a good plane is enough. */
const PASSES = 3;
/** Shares of the time that the steps take, of 10,000 images: components, neighbours, and the rest for labels. */
const SHARES = { components: 0.7, neighbours: 0.25 };
/** Components that neighbours are looked for among (math/nearest-by-components.ts). */
const FOR_NEIGHBOURS = 64;
/** Neighbours whose mean similarity says how far an image lies apart: few enough for small classes. */
const OUTLIER_NEIGHBOURS = 5;
/** Below, no two images are candidates: copies that were cropped by a tenth come to 0.82 and more by ResNet-50. */
const LEAST_SIMILARITY = 0.75;
/** Candidates whose pictures are compared: they take a millisecond a pair. */
const MOST_CANDIDATES = 40_000;
/** More of a kind would not be looked through. */
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
  const { places, width, first } = yield* placesOf(embeddings, dimensions, seed);
  const near = nearestByComponents(embeddings, dimensions, Math.min(NEIGHBOURS, n - 1), seed, first);
  let step = near.next();
  for (; !step.done; step = near.next()) yield SHARES.components + SHARES.neighbours * step.value;
  const neighbours = step.value;
  const wrong = wrongLabels(places, width, labels, classes);
  let judged = wrong.next();
  const before = SHARES.components + SHARES.neighbours;
  for (; !judged.done; judged = wrong.next()) yield before + (1 - before) * judged.value;
  return {
    pairs: nearPairs(neighbours, LEAST_SIMILARITY).slice(0, MOST_CANDIDATES),
    suspects: judged.value.slice(0, MOST_FINDINGS),
    outliers: outliers(neighbours, OUTLIER_NEIGHBOURS).slice(0, MOST_FINDINGS),
  };
}

/** The rows in few dimensions, and the first of these where neighbours are looked for among them. */
function* placesOf(
  embeddings: Float32Array,
  dimensions: number,
  seed: number,
): Generator<number, { places: Float32Array; width: number; first: Float32Array | null }> {
  if (dimensions <= COMPONENTS) return { places: embeddings, width: dimensions, first: null };
  const components = principalComponents(embeddings, dimensions, COMPONENTS, seed, PASSES);
  let found = components.next();
  for (; !found.done; found = components.next()) yield (SHARES.components * found.value) / (PASSES + 1);
  const { coordinates } = found.value;
  const first = new Float32Array((coordinates.length / COMPONENTS) * FOR_NEIGHBOURS);
  for (let row = 0; row * COMPONENTS < coordinates.length; row++) {
    first.set(coordinates.subarray(row * COMPONENTS, row * COMPONENTS + FOR_NEIGHBOURS), row * FOR_NEIGHBOURS);
  }
  return { places: coordinates, width: COMPONENTS, first };
}

/** Two images that are near each other, by their rows; the first is the lower. */
export interface NearPair {
  readonly a: number;
  readonly b: number;
  /** Cosine. */
  readonly similarity: number;
}

/**
 * Pairs of images of at least the similarity `threshold`, the most similar first. `neighbours` [n, k] are each row's most
 * similar others: of more than k copies of one image not every pair is named, but each copy is in one.
 */
export function nearPairs({ rows, similarities, k }: Rankings, threshold: number): NearPair[] {
  const pairs = new Map<number, NearPair>();
  const n = rows.length / k;
  rows.forEach((other, at) => {
    const similarity = similarities[at] as number;
    if (other < 0 || similarity < threshold) return;
    const row = Math.floor(at / k);
    const [a, b] = [Math.min(row, other), Math.max(row, other)];
    const key = a * n + b;
    if (!pairs.has(key)) pairs.set(key, { a, b, similarity });
  });
  return [...pairs.values()].sort(
    (one, other) => other.similarity - one.similarity || one.a - other.a || one.b - other.b,
  );
}

/** An image that lies apart. */
export interface Outlier {
  readonly row: number;
  /** Mean cosine to its nearest others: the lower, the farther apart. */
  readonly similarity: number;
}

/**
 * All images by how far they lie from their nearest others, the farthest first: by the mean similarity to `k` of them
 * (Ramaswamy, Rastogi & Shim 2000 take the k-th; the mean depends less on a single one). `neighbours` hold at least k.
 */
export function outliers({ rows, similarities, k: held }: Rankings, k: number): Outlier[] {
  const n = rows.length / held;
  const found = Array.from({ length: n }, (_, row): Outlier => {
    let sum = 0;
    let count = 0;
    for (let at = row * held; at < row * held + Math.min(k, held); at++) {
      if ((rows[at] as number) < 0) continue;
      sum += similarities[at] as number;
      count++;
    }
    return { row, similarity: count === 0 ? 0 : sum / count };
  });
  return found.sort((one, other) => one.similarity - other.similarity || one.row - other.row);
}
