import { AppError } from '../errors.ts';
import { mean, quantile, standardDeviation } from '../math/statistics.ts';
import { countRows } from '../math/vectors.ts';

/** What turns cosines to classes into probabilities, fitted on the validation images. */
export interface Calibration {
  /** s in softmax(s · cos), of each member. */
  readonly scales: readonly number[];
  /**
   * The best cosine, on average over the members, that 60 % of the validation images exceed. In an open gallery, an image
   * whose best cosine lies below is ranked by similarity alone: it may be of a class that training/ does not have.
   */
  readonly floor: number;
}

/** Where nothing can be validated: about what validation finds on sets of photos (12, 16, 20), and no image is a stranger. */
export const unfitted = (members: number): Calibration => ({ scales: new Array<number>(members).fill(12), floor: -1 });

export const LEAST_SCALE = 4;
export const GREATEST_SCALE = 64;
const SCALES = 61;

/** Above the floor, probabilities rise to their full weight over so much cosine. */
const FADING = 0.1;
/** At 0.1, too many images of unseen classes still lie above (docs/accuracy.md). */
const FLOOR_QUANTILE = 0.4;

/** Keeps a label that got no probability at all from counting infinitely. */
const LEAST_PROBABILITY = 1e-12;

/**
 * p(c | image) = softmax(s · cos) of `cosines` [n, classes], row-major. Returns [n, classes], owned by the caller; each row
 * sums to 1 as far as float32 can tell.
 */
export function posteriors(cosines: Float32Array, classes: number, scale: number): Float32Array<ArrayBuffer> {
  const result = new Float32Array(cosines.length);
  const row = new Float64Array(classes);
  for (let start = 0; start < cosines.length; start += classes) {
    softmax(cosines.subarray(start, start + classes), scale, row);
    result.set(row, start);
  }
  return result;
}

/** How posteriors are made of cosines. */
export interface PosteriorSettings {
  readonly scales: readonly number[];
  /** In an open gallery, where posteriors begin to fade; null in a closed one. */
  readonly floor: number | null;
}

/**
 * p(c | image) of a model's `cosines` [n, members · classes], a member's classes side by side: the mean of the members'
 * posteriors, each by its own scale, [n, classes], owned by the caller. (Of one softmax of the members' mean cosine it is
 * told in docs/accuracy.md why not.) In an open gallery multiplied by `certainties`, so that rows sum to less than 1 the surer
 * it is that the image is of no known class. Throws AppError 'bad-argument' where the cosines do not fit the number of members.
 */
export function classPosteriors(
  cosines: Float32Array,
  classes: number,
  { scales, floor }: PosteriorSettings,
): Float32Array<ArrayBuffer> {
  const n = countRows(cosines, scales.length * classes);
  const sums = new Float64Array(n * classes);
  const row = new Float64Array(classes);
  for (let image = 0; image < n; image++) {
    scales.forEach((scale, member) => {
      const start = (image * scales.length + member) * classes;
      softmax(cosines.subarray(start, start + classes), scale, row);
      for (let c = 0; c < classes; c++) (sums[image * classes + c] as number) += row[c] as number;
    });
  }
  const known = floor === null ? null : certainties(meanCosines(cosines, classes, scales.length), classes, floor);
  const means = new Float32Array(sums.length);
  for (let image = 0; image < n; image++) {
    const certainty = known?.[image] ?? 1;
    for (let i = image * classes; i < (image + 1) * classes; i++) {
      means[i] = ((sums[i] as number) / scales.length) * certainty;
    }
  }
  return means;
}

/** [n, members · classes] averaged over the members, [n, classes]. */
function meanCosines(cosines: Float32Array, classes: number, members: number): Float32Array {
  if (members === 1) return cosines;
  return Float32Array.from({ length: cosines.length / members }, (_, i) => {
    const start = Math.floor(i / classes) * members * classes + (i % classes);
    let sum = 0;
    for (let member = 0; member < members; member++) sum += cosines[start + member * classes] as number;
    return sum / members;
  });
}

/**
 * How much the posterior of each image counts in an open gallery, [n]: nothing where its best cosine is at the floor or
 * below, all of it from 0.1 above. A posterior that is multiplied by it says less about images of no class that is known, which are
 * then ranked by similarity.
 */
export function certainties(cosines: Float32Array, classes: number, floor: number): Float32Array<ArrayBuffer> {
  return Float32Array.from(bestCosines(cosines, classes), (best) => Math.min(1, Math.max(0, (best - floor) / FADING)));
}

/**
 * Fits a model's posteriors to `labels` [n] under its `cosines` [n, members · classes] of images that no head has learned
 * from: each member's scale by itself. Throws AppError 'bad-argument' where there is no image, or a label is out of range.
 */
export function calibrate(cosines: Float32Array, members: number, classes: number, labels: Int32Array): Calibration {
  if (labels.length === 0 || cosines.length !== labels.length * members * classes) {
    throw new AppError('bad-argument', `${cosines.length} cosines are not those of ${labels.length} images.`);
  }
  if (labels.some((label) => label < 0 || label >= classes)) {
    throw new AppError('bad-argument', `A label is none of the ${classes} classes.`);
  }
  const of = (member: number) => {
    const own = new Float32Array(labels.length * classes);
    labels.forEach((_, image) => {
      const start = (image * members + member) * classes;
      own.set(cosines.subarray(start, start + classes), image * classes);
    });
    return own;
  };
  return {
    scales: Array.from({ length: members }, (_, member) => fitScale(of(member), classes, labels).careful),
    floor: floorOf(cosines, members, classes),
  };
}

/** A calibration's floor by the `cosines` [n, members · classes] of validation images. */
export const floorOf = (cosines: Float32Array, members: number, classes: number): number =>
  quantile(bestCosines(meanCosines(cosines, classes, members), classes), FLOOR_QUANTILE);

/**
 * s in softmax(s · cos) among 61 values from 4 to 64, evenly spaced by their logarithm (temperature scaling: Guo, Pleiss,
 * Sun & Weinberger 2017). `likeliest` has the greatest likelihood of `labels` [n] under `cosines` [n, classes]; `careful` is
 * the smallest that is not less likely by more than the standard error of the difference. Validation images are taken from
 * among those that heads learn from, with the same lamps and shelves, and are easier than what is asked later: among
 * scales that fit as well, the one that is least sure of itself is the right one.
 */
export function fitScale(
  cosines: Float32Array,
  classes: number,
  labels: Int32Array,
): { readonly likeliest: number; readonly careful: number } {
  const row = new Float64Array(classes);
  const fits = Array.from({ length: SCALES }, (_, i) => {
    const scale = LEAST_SCALE * (GREATEST_SCALE / LEAST_SCALE) ** (i / (SCALES - 1));
    const losses = Float64Array.from(labels, (label, image) => {
      softmax(cosines.subarray(image * classes, (image + 1) * classes), scale, row);
      return -Math.log((row[label] as number) + LEAST_PROBABILITY);
    });
    return { scale, losses, loss: mean(losses) };
  });
  const best = fits.reduce((least, fit) => (fit.loss < least.loss ? fit : least));
  const careful = fits.find(({ losses, loss }) => {
    const differences = losses.map((one, image) => one - (best.losses[image] as number));
    return loss - best.loss <= standardDeviation(differences) / Math.sqrt(labels.length);
  });
  return { likeliest: best.scale, careful: careful?.scale ?? best.scale };
}

/** Writes softmax(scale · cosines) into `into`, both [classes]. */
function softmax(cosines: Float32Array, scale: number, into: Float64Array): void {
  let most = Number.NEGATIVE_INFINITY;
  for (let c = 0; c < cosines.length; c++) most = Math.max(most, cosines[c] as number);
  let sum = 0;
  for (let c = 0; c < cosines.length; c++) {
    const weight = Math.exp(scale * ((cosines[c] as number) - most));
    into[c] = weight;
    sum += weight;
  }
  for (let c = 0; c < cosines.length; c++) into[c] = (into[c] as number) / sum;
}

function bestCosines(cosines: Float32Array, classes: number): Float64Array {
  return Float64Array.from({ length: cosines.length / classes }, (_, image) =>
    cosines.subarray(image * classes, (image + 1) * classes).reduce((best, cosine) => Math.max(best, cosine), -1),
  );
}
