import { AppError } from '../errors.ts';
import { quantile } from '../math/statistics.ts';

/** What turns cosines to classes into probabilities, fitted on the validation images. */
export interface Calibration {
  /** s in softmax(s · cos). */
  readonly scale: number;
  /**
   * The best cosine that 90 % of the validation images exceed. In an open gallery, an image whose best cosine lies below is
   * taken to be of a class that training/ does not have.
   */
  readonly floor: number;
}

/** Where nothing can be validated: about what validation finds on sets of photos (12, 16, 20), and no image is a stranger. */
export const UNFITTED: Calibration = { scale: 12, floor: -1 };

export const LEAST_SCALE = 4;
export const GREATEST_SCALE = 64;
const SCALES = 61;

/** Below the floor, probabilities fall to 0 over so much cosine. */
const FADING = 0.1;
const FLOOR_QUANTILE = 0.1;

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
  readonly scale: number;
  /** In an open gallery, where posteriors begin to fade; null in a closed one. */
  readonly floor: number | null;
}

/**
 * p(c | image) of `cosines` [n, classes], as `posteriors`; in an open gallery multiplied by `certainties`, so that rows sum
 * to less than 1 the surer it is that the image is of no known class.
 */
export function classPosteriors(
  cosines: Float32Array,
  classes: number,
  { scale, floor }: PosteriorSettings,
): Float32Array<ArrayBuffer> {
  const rows = posteriors(cosines, classes, scale);
  if (floor === null) return rows;
  certainties(cosines, classes, floor).forEach((certainty, image) => {
    for (let i = image * classes; i < (image + 1) * classes; i++) (rows[i] as number) *= certainty;
  });
  return rows;
}

/**
 * How much the posterior of each image counts in an open gallery, [n]: 1 where its best cosine reaches the floor, falling
 * to 0 over 0.1 below it. A posterior that is multiplied by it says less about images of no class that is known, which are
 * then ranked by similarity.
 */
export function certainties(cosines: Float32Array, classes: number, floor: number): Float32Array<ArrayBuffer> {
  return Float32Array.from(bestCosines(cosines, classes), (best) => Math.min(1, Math.max(0, (best - floor) / FADING)));
}

/**
 * Fits s by the likelihood of `labels` [n] under `cosines` [n, classes] of images that no head has learned from
 * (temperature scaling: Guo, Pleiss, Sun & Weinberger 2017), among 61 values from 4 to 64, evenly spaced by their
 * logarithm. Throws AppError 'bad-argument' where there is no image, or a label is out of range.
 */
export function calibrate(cosines: Float32Array, classes: number, labels: Int32Array): Calibration {
  if (labels.length === 0 || cosines.length !== labels.length * classes) {
    throw new AppError('bad-argument', `${cosines.length} cosines are not those of ${labels.length} images.`);
  }
  if (labels.some((label) => label < 0 || label >= classes)) {
    throw new AppError('bad-argument', `A label is none of the ${classes} classes.`);
  }
  let scale = LEAST_SCALE;
  let least = Number.POSITIVE_INFINITY;
  const row = new Float64Array(classes);
  for (let i = 0; i < SCALES; i++) {
    const candidate = LEAST_SCALE * (GREATEST_SCALE / LEAST_SCALE) ** (i / (SCALES - 1));
    let loss = 0;
    labels.forEach((label, image) => {
      softmax(cosines.subarray(image * classes, (image + 1) * classes), candidate, row);
      loss -= Math.log((row[label] as number) + LEAST_PROBABILITY);
    });
    if (loss < least) {
      least = loss;
      scale = candidate;
    }
  }
  return { scale, floor: quantile(bestCosines(cosines, classes), FLOOR_QUANTILE) };
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
