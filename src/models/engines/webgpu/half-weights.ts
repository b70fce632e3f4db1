import { narrowToHalf } from '../../../math/half.ts';

/** An even number of weights as halves, two in a number: the first in the lower bits, as WGSL unpacks them. */
export const packedHalves = (weights: Float32Array): Int32Array => new Int32Array(narrowToHalf(weights).buffer);
