import type { Preprocessing } from '../types.ts';
import {
  COLOUR_FEATURES,
  colourHistogram,
  GRADIENT_FEATURES,
  gradientHistogram,
} from './colour-gradient-histograms.ts';

interface Descriptor {
  /** Raised whenever the numbers change, so that stored features of an older version are not mixed with new ones. */
  readonly version: number;
  /** Number of features D: the colour part first, then the gradient part. */
  readonly features: number;
  readonly colourFeatures: number;
  readonly preprocessing: Preprocessing;
}

/** The backbone that needs no weights: what classic image retrieval did before networks, and the row they must beat. */
export const COLOUR_GRADIENT: Descriptor = {
  version: 1,
  features: COLOUR_FEATURES + GRADIENT_FEATURES,
  colourFeatures: COLOUR_FEATURES,
  preprocessing: { size: 224, cropPct: 0.875, interpolation: 'bilinear', mean: [0, 0, 0], std: [1, 1, 1] },
};

// A cosine of two descriptors is the mean of both parts' cosines, weighted by the squares of these. Colour tells most
// photos apart better than shape, whose histograms move with the viewpoint.
const COLOUR_WEIGHT = Math.sqrt(0.75);
const GRADIENT_WEIGHT = Math.sqrt(0.25);

/**
 * Colour and gradient descriptor of n crops: `pixels` is [n, size, size, 3] RGB, the result [n, D], owned by the caller.
 * Each row is a unit vector (shorter where an image has no edge at all): a spatial OKLab colour histogram beside
 * histograms of oriented gradients, of fixed length at any size ≥ 16. Deterministic, independent of the rest of the
 * batch. `pixels` is only read. `onStep` is called after every image.
 */
export function colourGradient(
  pixels: Uint8Array,
  n: number,
  size: number,
  onStep: () => void = () => {},
): Float32Array<ArrayBuffer> {
  const { features } = COLOUR_GRADIENT;
  const rows = new Float32Array(n * features);
  const imageLength = size * size * 3;
  for (let i = 0; i < n; i += 1) {
    const image = pixels.subarray(i * imageLength, (i + 1) * imageLength);
    const row = rows.subarray(i * features, (i + 1) * features);
    const colour = row.subarray(0, COLOUR_FEATURES);
    const gradient = row.subarray(COLOUR_FEATURES);
    colourHistogram(image, size, colour);
    gradientHistogram(image, size, gradient);
    scaleToLength(colour, COLOUR_WEIGHT);
    scaleToLength(gradient, GRADIENT_WEIGHT);
    onStep();
  }
  return rows;
}

/** A part without any content (the gradients of a uniform image) stays zero. */
function scaleToLength(part: Float32Array, length: number): void {
  let squares = 0;
  for (const value of part) squares += value * value;
  if (squares === 0) return;
  const factor = length / Math.sqrt(squares);
  for (let i = 0; i < part.length; i += 1) part[i] = (part[i] ?? 0) * factor;
}
