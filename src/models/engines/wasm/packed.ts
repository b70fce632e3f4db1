import type { Convolution } from '../layers.ts';

/** Outputs that lie side by side in a panel; PANEL of scripts/build-kernels/assembly/multiply.ts. */
export const PANEL = 8;

/** A matrix [inputs, outputs] packed as [outputs / 8][inputs][8], as `multiply` reads weights. */
export function packed(matrix: Float32Array, outputs: number): Float32Array<ArrayBuffer> {
  const inputs = matrix.length / outputs;
  const result = new Float32Array(matrix.length);
  let to = 0;
  for (let column = 0; column < outputs; column += PANEL) {
    for (let i = 0; i < inputs; i++, to += PANEL) {
      const from = i * outputs + column;
      result.set(matrix.subarray(from, from + PANEL), to);
    }
  }
  return result;
}

/** Filters [kernel², channels] as [channels / 4][kernel²][4], as `depthwise` reads them. */
export function packedDepthwise(filter: Float32Array, channels: number): Float32Array<ArrayBuffer> {
  const taps = filter.length / channels;
  const result = new Float32Array(filter.length);
  let to = 0;
  for (let channel = 0; channel < channels; channel += 4) {
    for (let tap = 0; tap < taps; tap++, to += 4) {
      const from = tap * channels + channel;
      result.set(filter.subarray(from, from + 4), to);
    }
  }
  return result;
}

/** Inputs of a tile, along a side. */
const IN = 6;
const [LOW, HIGH] = [Math.SQRT1_2, Math.SQRT2];
/** What turns three weights into six: those of 0, ±√½, ±√2 and ∞, as scripts/build-kernels/assembly/winograd.ts says. */
const WEIGHTS = [
  [1, 0, 0],
  [-2 / 3, (-2 / 3) * LOW, -1 / 3],
  [-2 / 3, (2 / 3) * LOW, -1 / 3],
  [1 / 6, HIGH / 6, 1 / 3],
  [1 / 6, -HIGH / 6, 1 / 3],
  [0, 0, 1],
] as const;

/** Channels, of inputs and of outputs, with which Winograd's way is faster: with fewer, the transforms cost more than they
 * save; with more, four times the weights come from memory, where a 9th of the products is left. */
const FEWEST = 32;
const MOST = 256;

/** Whether a 3 × 3 convolution with these channels takes Winograd's way. */
function hasWinogradChannels(inputs: number, outputs: number): boolean {
  return (
    inputs % 4 === 0 &&
    outputs % PANEL === 0 &&
    Math.min(inputs, outputs) >= FEWEST &&
    Math.max(inputs, outputs) <= MOST
  );
}

/**
 * Whether the kernels compute the convolution by Winograd's F(4 × 4, 3 × 3): ResNet's. It rounds a little more than the direct
 * way, which the gates of EfficientNetV2 (its activations are no ReLU) can amplify beyond what parity allows.
 */
export function isWinograd({ kernel, stride, padding, depthwise, inputs, outputs, activation }: Convolution): boolean {
  const shaped = kernel === 3 && stride === 1 && padding !== 'none' && !depthwise;
  return shaped && activation === 'relu' && hasWinogradChannels(inputs, outputs);
}

/** A filter [3, 3, inputs, outputs] as 36 packed matrices [inputs, outputs]: G g Gᵀ of every pair of channels. */
export function transformedFilter(filter: Float32Array, inputs: number, outputs: number): Float32Array<ArrayBuffer> {
  const size = inputs * outputs;
  const result = new Float32Array(IN * IN * size);
  const matrix = new Float32Array(size);
  for (const [i, down] of WEIGHTS.entries()) {
    for (const [j, along] of WEIGHTS.entries()) {
      const factors = down.flatMap((a) => along.map((b) => a * b));
      for (let at = 0; at < size; at++) {
        let sum = 0;
        for (let tap = 0; tap < 9; tap++) sum += (factors[tap] ?? 0) * (filter[tap * size + at] ?? 0);
        matrix[at] = sum;
      }
      result.set(packed(matrix, outputs), (i * IN + j) * size);
    }
  }
  return result;
}

/** How many numbers a tensor of the weights [outputs, inputs, height, width] becomes in memory, at most. */
export function packedLength([outputs = 1, inputs = 1, height = 1, width = 1]: readonly number[]): number {
  const taps = height === 3 && width === 3 && hasWinogradChannels(inputs, outputs) ? IN * IN : height * width;
  return outputs * inputs * taps;
}
