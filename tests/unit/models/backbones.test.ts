import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { ARCHITECTURES, BACKBONES, isArchitecture, recogniseArchitecture } from '../../../src/models/backbones.ts';
import { openFixture } from '../../formula.ts';

const architectures = Object.keys(ARCHITECTURES).filter(isArchitecture);

function tensorsOf(architecture: string): Map<string, { shape: readonly number[] }> {
  const path = new URL(`../../fixtures/parity/formula_${architecture}.json`, import.meta.url);
  const { source, names } = openFixture(JSON.parse(readFileSync(path, 'utf8')));
  return new Map(names.map((name) => [name, { shape: source.shape(name) ?? [] }]));
}

test('every built-in set of weights is described once, one for each architecture and the descriptor', () => {
  expect(new Set(BACKBONES.map(({ id }) => id)).size).toBe(BACKBONES.length);
  expect(BACKBONES.map(({ architecture }) => architecture).toSorted()).toEqual(
    [...architectures, 'colour-gradient'].toSorted(),
  );
  for (const { summary, repository, id, origin } of BACKBONES) {
    expect(summary.split(' ').length).toBeLessThanOrEqual(6);
    expect(repository).toBe(origin === 'built-in' ? null : `timm/${id}`);
  }
});

test('the number of features is that of the network', () => {
  const outputs = {
    resnet50: 'layer4.2.bn3.weight',
    efficientnet_b0: 'bn2.weight',
    tf_efficientnetv2_b0: 'bn2.weight',
    vit_base_patch16_224: 'norm.weight',
    deit_tiny_patch16_224: 'norm.weight',
  };
  for (const name of architectures) {
    expect(tensorsOf(name).get(outputs[name])?.shape).toEqual([ARCHITECTURES[name].features]);
  }
});

test.each(architectures)('%s is recognised by its tensors', (architecture) => {
  expect(recogniseArchitecture(tensorsOf(architecture))).toBe(architecture);
});

test.each([
  ['a deeper ResNet', 'resnet50', 'layer3.6.conv1.weight', [256, 1024, 1, 1]],
  ['a wide ResNet', 'resnet50', 'layer1.0.conv2.weight', [128, 128, 3, 3]],
  ['EfficientNet-B1', 'efficientnet_b0', 'blocks.6.1.conv_pw.weight', [1920, 320, 1, 1]],
  ['EfficientNetV2-B1', 'tf_efficientnetv2_b0', 'blocks.5.8.conv_pw.weight', [1152, 192, 1, 1]],
  ['a ViT for larger images', 'vit_base_patch16_224', 'pos_embed', [1, 577, 768]],
  ['a ViT with a distillation token', 'deit_tiny_patch16_224', 'pos_embed', [1, 198, 192]],
  ['a deeper ViT', 'deit_tiny_patch16_224', 'blocks.12.attn.qkv.weight', [576, 192]],
])('%s is not taken for %s', (_, architecture, name, shape) => {
  expect(recogniseArchitecture(tensorsOf(architecture).set(name, { shape }))).toBeNull();
});

test('nothing is recognised as nothing', () => {
  expect(recogniseArchitecture(new Map())).toBeNull();
});
