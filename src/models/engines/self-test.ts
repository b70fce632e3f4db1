import * as tf from '@tensorflow/tfjs';
import { AppError } from '../../errors.ts';

const SIDE = 12;
const CHANNELS = 8;
const OUTPUTS = 16;
/** Single precision over sums of 72 terms; a broken driver is off by far more. */
const TOLERANCE = 1e-4;

/**
 * Computes a convolution, its activation and a matrix product on the current backend, and again in plain loops.
 * @throws AppError 'engine-unavailable' where they differ: some drivers compute wrong numbers without any error.
 */
export async function selfTest(): Promise<void> {
  const image = wave(SIDE * SIDE * CHANNELS, 0.7);
  const kernel = wave(9 * CHANNELS * CHANNELS, 1.3);
  const matrix = wave(CHANNELS * OUTPUTS, 2.1);
  const result = tf.tidy(() => {
    const x = tf.tensor4d(image, [1, SIDE, SIDE, CHANNELS]);
    const filter = tf.tensor4d(kernel, [3, 3, CHANNELS, CHANNELS]);
    const convolved = tf.fused.conv2d({ x, filter, strides: 1, pad: 'same', activation: 'relu' });
    return tf.matMul(tf.reshape(convolved, [SIDE * SIDE, CHANNELS]), tf.tensor2d(matrix, [CHANNELS, OUTPUTS]));
  });
  try {
    const computed = await result.data();
    const expected = product(convolution(image, kernel), matrix);
    if (
      expected.every((value, i) => Math.abs(value - (computed[i] ?? Number.NaN)) <= TOLERANCE * (1 + Math.abs(value)))
    ) {
      return;
    }
  } finally {
    result.dispose();
  }
  const message = `The ${tf.getBackend()} engine computes wrong numbers on this machine and is not used.`;
  throw new AppError('engine-unavailable', message);
}

function wave(length: number, frequency: number): Float32Array {
  return Float32Array.from({ length }, (_, i) => Math.sin(frequency * (i + 1)));
}

/** 3 × 3, zero padding, ReLU: [SIDE, SIDE, CHANNELS] → the same. */
function convolution(image: Float32Array, kernel: Float32Array): Float64Array {
  const sums = new Float64Array(image.length);
  for (let y = 0; y < SIDE; y++) {
    for (let x = 0; x < SIDE; x++) {
      for (let tap = 0; tap < 9; tap++) {
        const [row, column] = [y + Math.floor(tap / 3) - 1, x + (tap % 3) - 1];
        if (row < 0 || row >= SIDE || column < 0 || column >= SIDE) continue;
        for (let i = 0; i < CHANNELS * CHANNELS; i++) {
          const [from, to] = [Math.floor(i / CHANNELS), i % CHANNELS];
          const value = at(image, (row * SIDE + column) * CHANNELS + from);
          const place = (y * SIDE + x) * CHANNELS + to;
          sums[place] = at(sums, place) + value * at(kernel, tap * CHANNELS * CHANNELS + i);
        }
      }
    }
  }
  return sums.map((sum) => Math.max(0, sum));
}

/** [rows, CHANNELS] × [CHANNELS, OUTPUTS]. */
function product(left: Float64Array, right: Float32Array): Float64Array {
  const rows = left.length / CHANNELS;
  return Float64Array.from({ length: rows * OUTPUTS }, (_, i) => {
    const [row, column] = [Math.floor(i / OUTPUTS), i % OUTPUTS];
    let sum = 0;
    for (let c = 0; c < CHANNELS; c++) sum += at(left, row * CHANNELS + c) * at(right, c * OUTPUTS + column);
    return sum;
  });
}

function at(values: Float32Array | Float64Array, index: number): number {
  return values[index] ?? 0;
}
