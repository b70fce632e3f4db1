import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, test } from 'vitest';
import { loadBackbone } from '../../../src/models/backbone.ts';
import { openEngine } from '../../../src/models/engine.ts';
import type { WeightSource } from '../../../src/models/parameters.ts';
import type { ArchitectureName } from '../../../src/types.ts';
import { openFixture } from '../../formula.ts';

const FIXTURES = import.meta.glob('../../fixtures/parity/formula_*.json', { import: 'default' });
const ARCHITECTURES = ['resnet50', 'efficientnet_b0', 'tf_efficientnetv2_b0', 'deit_tiny_patch16_224'] as const;

beforeAll(async () => {
  await openEngine('wasm');
});

/** Weights of the right names and shapes, all ones. */
async function ones(architecture: ArchitectureName): Promise<{ source: WeightSource; names: readonly string[] }> {
  const { source, names } = openFixture(await FIXTURES[`../../fixtures/parity/formula_${architecture}.json`]?.());
  const length = (name: string) => (source.shape(name) ?? []).reduce((product, side) => product * side, 1);
  return { source: { shape: source.shape, read: async (name) => new Float32Array(length(name)).fill(1) }, names };
}

test.each(ARCHITECTURES)('%s reads every parameter once, and frees all of them', async (architecture) => {
  const { source, names } = await ones(architecture);
  const read: string[] = [];
  const before = tf.memory().numTensors;
  const backbone = await loadBackbone(architecture, {
    shape: source.shape,
    read(name) {
      read.push(name);
      return source.read(name);
    },
  });
  expect(read.toSorted()).toEqual(names.toSorted());
  backbone.dispose();
  expect(tf.memory().numTensors).toBe(before);
});

test.each(ARCHITECTURES)('%s names a parameter that is missing or has another shape', async (architecture) => {
  const { source, names } = await ones(architecture);
  const before = tf.memory().numTensors;
  for (const name of [names[0] ?? '', names[names.length >> 1] ?? '', names.at(-1) ?? '']) {
    const expected = `[${source.shape(name)?.join(', ')}]`;
    const without = { ...source, shape: (asked: string) => (asked === name ? undefined : source.shape(asked)) };
    await expect(loadBackbone(architecture, without)).rejects.toMatchObject({
      code: 'weights-mismatch',
      message: expect.stringContaining(`"${name}" is missing, expected ${expected}`),
    });
    const otherwise = { ...source, shape: (asked: string) => (asked === name ? [3, 1] : source.shape(asked)) };
    await expect(loadBackbone(architecture, otherwise)).rejects.toMatchObject({
      code: 'weights-mismatch',
      message: expect.stringContaining(`"${name}" has the shape [3, 1], expected ${expected}`),
    });
  }
  expect(tf.memory().numTensors).toBe(before);
});
