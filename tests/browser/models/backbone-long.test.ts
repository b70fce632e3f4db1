import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, test } from 'vitest';
import { openEngine } from '../../../src/models/engines/engine.ts';
import { loadBackbone } from '../../../src/models/extractor.ts';
import { tensorsOf } from '../../../src/models/networks/network.ts';
import type { WeightSource } from '../../../src/models/networks/operations.ts';
import type { ArchitectureName } from '../../../src/types.ts';
import { fixture } from './parity.ts';

const ARCHITECTURES = [
  ...(['resnet50', 'resnet18', 'efficientnet_b0', 'mobilenetv3_large_100', 'convnext_tiny'] as const),
  ...(['deit_tiny_patch16_224', 'vit_small_patch14_reg4_dinov2', 'vit_base_patch16_siglip_224'] as const),
];
const SIDE = 224;

beforeAll(async () => {
  await openEngine('wasm');
});

/** Weights of the right names and shapes, all ones. */
async function ones(architecture: ArchitectureName): Promise<{ source: WeightSource; names: readonly string[] }> {
  const { shapes } = await fixture(architecture);
  const length = (name: string) => (shapes.get(name) ?? []).reduce((product, side) => product * side, 1);
  const read = async (name: string) => new Float32Array(length(name)).fill(1);
  return { source: { shape: (name) => shapes.get(name), read }, names: [...shapes.keys()] };
}

test.each(ARCHITECTURES)('%s reads every parameter once, and frees all of them', async (architecture) => {
  const { source, names } = await ones(architecture);
  const read: string[] = [];
  const before = tf.memory().numTensors;
  const told = {
    shape: source.shape,
    read(name: string) {
      read.push(name);
      return source.read(name);
    },
  };
  const backbone = await loadBackbone(architecture, told, SIDE);
  expect(read.toSorted()).toEqual(names.toSorted());
  expect([...tensorsOf(architecture).keys()].toSorted()).toEqual(names.toSorted());
  backbone.dispose();
  expect(tf.memory().numTensors).toBe(before);
});

test.each(ARCHITECTURES)('%s names a parameter that is missing or has another shape', async (architecture) => {
  const { source, names } = await ones(architecture);
  const before = tf.memory().numTensors;
  for (const name of [names[0] ?? '', names[names.length >> 1] ?? '', names.at(-1) ?? '']) {
    const expected = `[${source.shape(name)?.join(', ')}]`;
    const without = { ...source, shape: (asked: string) => (asked === name ? undefined : source.shape(asked)) };
    await expect(loadBackbone(architecture, without, SIDE)).rejects.toMatchObject({
      code: 'weights-mismatch',
      message: expect.stringContaining(`"${name}" is missing, expected ${expected}`),
    });
    const otherwise = { ...source, shape: (asked: string) => (asked === name ? [3, 1] : source.shape(asked)) };
    await expect(loadBackbone(architecture, otherwise, SIDE)).rejects.toMatchObject({
      code: 'weights-mismatch',
      message: expect.stringContaining(`"${name}" has the shape [3, 1], expected ${expected}`),
    });
  }
  expect(tf.memory().numTensors).toBe(before);
});
