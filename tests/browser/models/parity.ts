import * as tf from '@tensorflow/tfjs';
import { loadBackbone } from '../../../src/models/backbone.ts';
import type { ArchitectureName } from '../../../src/types.ts';
import { formulaImage, IMAGES, openFixture } from '../../formula.ts';

const FIXTURES = import.meta.glob('../../fixtures/parity/formula_*.json', { import: 'default' });

export interface ParityErrors {
  /** ‖f − r‖ / ‖r‖ of the worse image. */
  readonly relative: number;
  /** ‖(f₀ − f₁) − (r₀ − r₁)‖ / ‖r₀ − r₁‖: the two images' features lie close together in the CNNs. */
  readonly difference: number;
}

/** How far a network on the current backend is from PyTorch, with the formula's weights. */
export async function formulaErrors(architecture: ArchitectureName): Promise<ParityErrors> {
  const open = FIXTURES[`../../fixtures/parity/formula_${architecture}.json`];
  if (!open) throw new Error(`There is no fixture for ${architecture}.`);
  const { source, reference } = openFixture(await open());
  const backbone = await loadBackbone(architecture, source);
  const features: Float32Array[] = [];
  for (let image = 0; image < IMAGES; image++) {
    const input = tf.tensor4d(formulaImage(image), [1, 224, 224, 3]);
    const output = backbone.forward(input);
    features.push(Float32Array.from(await output.data()));
    tf.dispose([input, output]);
  }
  backbone.dispose();
  const [first = new Float32Array(), second = new Float32Array()] = features;
  return {
    relative: Math.max(relativeError(first, reference[0]), relativeError(second, reference[1])),
    difference: relativeError(minus(first, second), minus(reference[0], reference[1])),
  };
}

function relativeError(found: Float32Array, expected: Float32Array): number {
  return norm(minus(found, expected)) / norm(expected);
}

/** NaN where the lengths differ. */
function minus(a: Float32Array, b: Float32Array): Float32Array {
  return Float32Array.from(
    { length: Math.max(a.length, b.length) },
    (_, i) => (a[i] ?? Number.NaN) - (b[i] ?? Number.NaN),
  );
}

function norm(values: Float32Array): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
}
