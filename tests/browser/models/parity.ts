import * as tf from '@tensorflow/tfjs';
import { expect } from 'vitest';
import { loadBackbone } from '../../../src/models/extractor.ts';
import { isArchitecture } from '../../../src/models/specs/architectures.ts';
import type { ArchitectureName } from '../../../src/types.ts';
import { formulaImage, IMAGES, openFixture } from '../../formula.ts';

const FILES = {
  ...import.meta.glob('../../fixtures/parity/formula_*.json', { import: 'default' }),
  ...import.meta.glob('../../fixtures/parity/families/formula_*.json', { import: 'default' }),
};

/** Names of all fixtures: an architecture's, or that of one with `_conditioned` behind it. */
export const FIXTURES: readonly string[] = Object.keys(FILES).map((path) => path.replace(/.*formula_(.*)\.json/, '$1'));

/** Small networks, one or two a family: what `npm test` asks for on WASM; `npm run test:long` asks for all. */
export const QUICK: readonly string[] = [
  ...['resnet18', 'efficientnet_b0', 'mobilenetv3_large_100', 'convnext_tiny'],
  ...['vit_tiny_patch16_224', 'vit_small_patch14_reg4_dinov2'],
];

/** The same on WebGPU, where a program in place of a graphics card computes them. */
export const QUICK_ON_CARD: readonly string[] = QUICK.filter((name) => name !== 'efficientnet_b0');

export async function fixture(name: string) {
  const [, open] = Object.entries(FILES).find(([path]) => path.endsWith(`/formula_${name}.json`)) ?? [];
  if (!open) throw new Error(`There is no fixture ${name}.`);
  return openFixture(await open());
}

/**
 * tf_efficientnetv2_b0 with the formula's weights amplifies rounding: its squeeze-and-excitation gates see numbers in
 * the thousands. PyTorch's single-precision answer, the reference, is itself 3.3e-3 from the answer in double
 * precision, and other orders of summation scatter as far. A wrong padding or ε still shows: it is amplified too.
 * Conditioned, it is held to the common bound, as with real weights (photo-features.test.ts).
 */
const ILL_CONDITIONED = 'tf_efficientnetv2_b0';

/** The bound of the difference's error. */
export const DIFFERENCE_BOUND = 1e-2;

/**
 * The bound of the relative error in single precision: where the reference is exact, twenty times PyTorch's own error, at
 * least 1e-5; where it is itself single precision, 1e-4.
 */
export async function boundOf(name: string): Promise<number> {
  if (name === ILL_CONDITIONED) return 1e-2;
  const { pytorchError } = await fixture(name);
  return pytorchError === null ? 1e-4 : Math.max(1e-5, 20 * pytorchError);
}

/** On a graphics card, whose own functions are less exact. */
function cardBoundOf(name: string): number {
  return name === ILL_CONDITIONED ? 1e-2 : 1e-3;
}

export interface ParityErrors {
  /** ‖f − r‖ / ‖r‖ of the worse image. */
  readonly relative: number;
  /** ‖(f₀ − f₁) − (r₀ − r₁)‖ / ‖r₀ − r₁‖: the two images' features lie close together in the CNNs. 0 for one image. */
  readonly difference: number;
}

/** How far a network on the current backend is from PyTorch, with the formula's weights, on this many of the two images. */
export async function formulaErrors(name: string, images = IMAGES): Promise<ParityErrors> {
  const { source, reference, side } = await fixture(name);
  const backbone = await loadBackbone(architectureOf(name), source, side);
  const features: Float32Array[] = [];
  for (let image = 0; image < images; image++) {
    const input = tf.tensor4d(formulaImage(image, side), [1, side, side, 3]);
    const output = backbone.forward(input);
    features.push(Float32Array.from(await output.data()));
    tf.dispose([input, output]);
  }
  backbone.dispose();
  const [first = new Float32Array(), second] = features;
  if (second === undefined) return { relative: relativeError(first, reference[0]), difference: 0 };
  return {
    relative: Math.max(relativeError(first, reference[0]), relativeError(second, reference[1])),
    difference: relativeError(minus(first, second), minus(reference[0], reference[1])),
  };
}

/**
 * How far the features of one image move when every value of the input is moved by one rounding (2⁻²⁴ of itself, up or
 * down by turns): no computation in single precision is better defined than this.
 */
export async function roundingSensitivity(name: string): Promise<number> {
  const { source, side } = await fixture(name);
  const backbone = await loadBackbone(architectureOf(name), source, side);
  const image = formulaImage(0, side);
  const moved = image.map((value, i) => value * (1 + (i % 2 === 0 ? 1 : -1) * 2 ** -23));
  const answers: Float32Array[] = [];
  for (const values of [image, moved]) {
    const input = tf.tensor4d(values, [1, side, side, 3]);
    const output = backbone.forward(input);
    answers.push(Float32Array.from(await output.data()));
    tf.dispose([input, output]);
  }
  backbone.dispose();
  const [still = new Float32Array(), shaken = new Float32Array()] = answers;
  return relativeError(shaken, still);
}

function architectureOf(name: string): ArchitectureName {
  const architecture = name.replace(/_conditioned$/, '');
  if (!isArchitecture(architecture)) throw new Error(`There is no network ${architecture}.`);
  return architecture;
}

/** ‖found − expected‖ / ‖expected‖; NaN where the lengths differ. */
export function relativeError(found: Float32Array, expected: Float32Array): number {
  return norm(minus(found, expected)) / norm(expected);
}

function minus(a: Float32Array, b: Float32Array): Float32Array {
  return Float32Array.from(
    { length: Math.max(a.length, b.length) },
    (_, i) => (a[i] ?? Number.NaN) - (b[i] ?? Number.NaN),
  );
}

function norm(values: Float32Array): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
}

/** The network's features on WASM are PyTorch's, and no tensor is left. */
export async function wasmParity(name: string): Promise<void> {
  const before = tf.memory().numTensors;
  const { relative, difference } = await formulaErrors(name);
  const bound = await boundOf(name);
  console.log(`${name}: relative error ${relative.toExponential(1)} of ${bound.toExponential(1)}`);
  expect(relative).toBeLessThanOrEqual(bound);
  expect(difference).toBeLessThanOrEqual(DIFFERENCE_BOUND);
  expect(tf.memory().numTensors).toBe(before);
}

/** The network's features on WebGPU are PyTorch's, and no tensor is left. */
export async function cardParity(name: string, images: number): Promise<void> {
  const before = tf.memory().numTensors;
  const start = performance.now();
  const { relative, difference } = await formulaErrors(name, images);
  const seconds = ((performance.now() - start) / 1000).toFixed(0);
  const errors = `relative error ${relative.toExponential(2)}, of the difference ${difference.toExponential(2)}`;
  console.log(`${name} on WebGPU: ${errors} (${seconds} s)`);
  expect(relative).toBeLessThanOrEqual(cardBoundOf(name));
  expect(difference).toBeLessThanOrEqual(DIFFERENCE_BOUND);
  expect(tf.memory().numTensors).toBe(before);
}
