import { expect, test } from 'vitest';
import { BACKBONES, groupOf } from '../../../src/models/backbones.ts';
import { ARCHITECTURE_NAMES, ARCHITECTURES } from '../../../src/models/specs/architectures.ts';

test('every built-in set of weights is described once, the last being the descriptor', () => {
  expect(new Set(BACKBONES.map(({ id }) => id)).size).toBe(BACKBONES.length);
  expect(BACKBONES.at(-1)).toMatchObject({ architecture: 'colour-gradient', origin: 'built-in', repository: null });
  for (const { summary, repository, id, revision } of BACKBONES.slice(0, -1)) {
    expect(summary.split(' ').length, id).toBeLessThanOrEqual(6);
    expect([repository, revision]).toEqual([`timm/${id}`, 'main']);
    expect(groupOf(id)).not.toBeNull();
  }
});

test('sets of one architecture are told apart by their labels', () => {
  const labels = BACKBONES.map(({ label }) => label);
  expect(labels.filter((label, i) => labels.indexOf(label) !== i)).toEqual([]);
  const architectures = ARCHITECTURE_NAMES.map((name) => ARCHITECTURES[name].label);
  expect(architectures.filter((label, i) => architectures.indexOf(label) !== i)).toEqual([]);
});

test('the paper’s three come first', () => {
  expect(BACKBONES.slice(0, 3).map(({ architecture }) => architecture)).toEqual([
    'resnet50',
    'efficientnet_b0',
    'vit_base_patch16_224',
  ]);
});
