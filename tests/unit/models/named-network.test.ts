import { expect, test } from 'vitest';
import { vectorsContradiction, weightsContradiction } from '../../../src/models/named-network.ts';
import { ARCHITECTURE_NAMES, ARCHITECTURES } from '../../../src/models/specs/architectures.ts';
import { inEnglish } from '../../../src/numerals.ts';

test('vectors of another size than that of the network that their file is called by', () => {
  expect(inEnglish(vectorsContradiction('resnet50', 768) ?? '')).toBe(
    '"resnet50" names ResNet-50, whose features are 2,048 numbers an image; these vectors have 768. They are used as they are.',
  );
  for (const name of ['ResNet-50', 'my resnet_50 features', 'vit-b-16', 'ViT_B16', 'vit_base_patch16_224.augreg']) {
    expect(vectorsContradiction(name, 2), name).not.toBeNull();
  }
  expect(vectorsContradiction('resnet50', 2048)).toBeNull();
  expect(vectorsContradiction('wide_resnet50_2', 2048)).toBeNull();
  // Names of networks that are not known here, and of none, say nothing; nor do two at once.
  for (const name of ['seresnet50', 'resnet50d', 'mine', 'resnet50 and vit_b_16', '']) {
    expect(vectorsContradiction(name, 3), name).toBeNull();
  }
});

test('weights of another network than that which their file is called by', () => {
  expect(weightsContradiction('vit_base.safetensors', 'resnet50')).toBe(
    '"vit_base.safetensors" names ViT, but its tensors are those of ResNet-50: it is used as that.',
  );
  expect(weightsContradiction('resnet50.safetensors', 'resnet18')).toContain('names ResNet-50');
  expect(weightsContradiction('resnet50/model.safetensors', 'resnet101')).toContain('those of ResNet-101');
  // One network under two names, a family alone, a network that is not known here, and no name.
  expect(weightsContradiction('vit_base_patch16_224.safetensors', 'deit_base_patch16_224')).toBeNull();
  expect(weightsContradiction('my-resnet.safetensors', 'resnet18')).toBeNull();
  expect(weightsContradiction('mobilevit.safetensors', 'resnet50')).toBeNull();
  expect(weightsContradiction('model.safetensors', 'resnet50')).toBeNull();
  expect(weightsContradiction('vit/resnet/model.safetensors', 'resnet50')).toBeNull();
});

test('no network’s own name contradicts it', () => {
  for (const name of ARCHITECTURE_NAMES) {
    const { label, features, published } = ARCHITECTURES[name];
    for (const called of [name, label, ...published.map(({ id }) => id)]) {
      expect(weightsContradiction(`${called}.safetensors`, name), called).toBeNull();
      expect(vectorsContradiction(called, features), called).toBeNull();
    }
  }
});
