import type { Rankings } from '../math/topk.ts';
import { countRows } from '../math/vectors.ts';

/** An image whose label its neighbours and its class posterior contradict, both with the same other class. */
export interface Suspect {
  readonly row: number;
  /** The class that they agree on. */
  readonly suggested: number;
  /** p(suggested | x) − p(label | x), averaged over neighbours' votes and posterior: between 0 and 1. */
  readonly score: number;
  /** Share of the votes of its neighbours that the suggested class gets. */
  readonly votes: number;
}

/** Logits are `SCALE` times a cosine: among centred class means, cosines of the right class lie about 0.3 to 0.7. */
const SCALE = 12;
/** Votes weigh by similarity; so sharply that the nearest counts twice what one 0.07 farther does. */
const SHARPNESS = 10;

/**
 * Images that are likely to be labelled wrongly, the likeliest first. Two witnesses, neither of which has learned from the
 * image itself: the labels of its neighbours, weighted by similarity, and the softmax of its cosines to the class means, each
 * computed without it (so out of fold, with as many folds as images). An image is suspect where both prefer the same other
 * class (compare Northcutt, Jiang & Chuang 2021, confident learning).
 *
 * `embeddings` [n, dimensions] are unit rows; `labels` [n] class numbers below `classes`, −1 where unknown, which neither vote
 * nor are suspect; `neighbours` [n, k] as of nearestByComponents. A class of one image cannot be contradicted by its own
 * mean: it counts as absent. Throws AppError 'bad-argument' on shapes that do not fit.
 */
export function wrongLabels(
  embeddings: Float32Array,
  dimensions: number,
  labels: Int32Array,
  classes: number,
  neighbours: Rankings,
): Suspect[] {
  const n = countRows(embeddings, dimensions);
  const centred = centredRows(embeddings, dimensions);
  const sums = new Float64Array(classes * dimensions);
  const sizes = new Int32Array(classes);
  for (let row = 0; row < n; row++) {
    const label = labels[row] as number;
    if (label < 0) continue;
    sizes[label] = (sizes[label] as number) + 1;
    for (let d = 0; d < dimensions; d++) {
      sums[label * dimensions + d] =
        (sums[label * dimensions + d] as number) + (centred[row * dimensions + d] as number);
    }
  }
  const norms = Float64Array.from({ length: classes }, (_, c) =>
    squares(sums.subarray(c * dimensions, (c + 1) * dimensions)),
  );
  const suspects: Suspect[] = [];
  const posterior = new Float64Array(classes);
  const votes = new Float64Array(classes);
  for (let row = 0; row < n; row++) {
    const label = labels[row] as number;
    if (label < 0) continue;
    posteriorWithout(row, label, { centred, dimensions, sums, norms, sizes }, posterior);
    votesOf(row, labels, neighbours, votes);
    const suggested = greatest(posterior);
    if (suggested === label || greatest(votes) !== suggested) continue;
    const margin = (shares: Float64Array) => (shares[suggested] as number) - (shares[label] as number);
    suspects.push({
      row,
      suggested,
      score: (margin(posterior) + margin(votes)) / 2,
      votes: votes[suggested] as number,
    });
  }
  return suspects.sort((one, other) => other.score - one.score || one.row - other.row);
}

interface ClassSums {
  readonly centred: Float32Array;
  readonly dimensions: number;
  /** [classes, dimensions] */
  readonly sums: Float64Array;
  /** Squared lengths of the sums. */
  readonly norms: Float64Array;
  readonly sizes: Int32Array;
}

/** Softmax of the row's cosines to the sums of the classes, its own without it. */
function posteriorWithout(
  row: number,
  label: number,
  { centred, dimensions, sums, norms, sizes }: ClassSums,
  posterior: Float64Array,
): void {
  const start = row * dimensions;
  const own = squares(centred.subarray(start, start + dimensions));
  let most = Number.NEGATIVE_INFINITY;
  for (let c = 0; c < posterior.length; c++) {
    const others = (sizes[c] as number) - (c === label ? 1 : 0);
    let product = 0;
    for (let d = 0; d < dimensions; d++)
      product += (centred[start + d] as number) * (sums[c * dimensions + d] as number);
    let norm = norms[c] as number;
    if (c === label) {
      norm -= 2 * product - own;
      product -= own;
    }
    const logit = others < 1 ? Number.NEGATIVE_INFINITY : (SCALE * product) / Math.sqrt(Math.max(norm * own, 1e-12));
    posterior[c] = logit;
    most = Math.max(most, logit);
  }
  normalise(posterior, (logit) => (most === Number.NEGATIVE_INFINITY ? 0 : Math.exp(logit - most)));
}

function votesOf(row: number, labels: Int32Array, { rows, similarities, k }: Rankings, votes: Float64Array): void {
  votes.fill(0);
  const nearest = similarities[row * k] as number;
  for (let at = row * k; at < (row + 1) * k; at++) {
    const label = labels[rows[at] as number] ?? -1;
    if (label < 0) continue;
    votes[label] = (votes[label] as number) + Math.exp(SHARPNESS * ((similarities[at] as number) - nearest));
  }
  normalise(votes, (vote) => vote);
}

/** The rows less their mean, in which the direction that all images share says nothing of classes. */
function centredRows(embeddings: Float32Array, dimensions: number): Float32Array {
  const n = embeddings.length / dimensions;
  const mean = new Float64Array(dimensions);
  embeddings.forEach((value, i) => {
    mean[i % dimensions] = (mean[i % dimensions] as number) + value / n;
  });
  return embeddings.map((value, i) => value - (mean[i % dimensions] as number));
}

function squares(vector: Float32Array | Float64Array): number {
  let sum = 0;
  for (let d = 0; d < vector.length; d++) sum += (vector[d] as number) ** 2;
  return sum;
}

function normalise(values: Float64Array, weight: (value: number) => number): void {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] = weight(values[i] as number);
  if (sum > 0) for (let i = 0; i < values.length; i++) values[i] = (values[i] as number) / sum;
}

/** Position of the greatest; −1 where all are 0. */
function greatest(shares: Float64Array): number {
  let best = -1;
  for (let i = 0; i < shares.length; i++) {
    const share = shares[i] as number;
    if (share > 0 && (best < 0 || share > (shares[best] as number))) best = i;
  }
  return best;
}
