import { expect, test } from 'vitest';
import { atSize, partsOfId, sizedId, sizeProblem } from '../../../src/models/specs/sizes.ts';

const preprocessing = {
  size: 224,
  cropPct: 0.875,
  interpolation: 'bicubic',
  mean: [0.5, 0.5, 0.5],
  std: [0.5, 0.5, 0.5],
} as const;

test('a chosen size is part of the name', () => {
  expect(partsOfId(sizedId('resnet50.tv_in1k', 288))).toEqual({ weightsId: 'resnet50.tv_in1k', size: 288 });
  expect(partsOfId('resnet50.tv_in1k')).toEqual({ weightsId: 'resnet50.tv_in1k', size: null });
  expect(partsOfId('mine@home')).toEqual({ weightsId: 'mine@home', size: null });
});

test('a size that the authors name comes with its crop, another keeps that of the weights', () => {
  const sizes = [
    { size: 224, cropPct: 0.875 },
    { size: 288, cropPct: 1 },
  ];
  expect(atSize(preprocessing, 288, sizes)).toEqual({ ...preprocessing, size: 288, cropPct: 1 });
  expect(atSize(preprocessing, 384, sizes)).toEqual({ ...preprocessing, size: 384 });
});

test('which sizes a network takes', () => {
  expect(sizeProblem('resnet50', 288)).toBeNull();
  expect(sizeProblem('vit_base_patch14_dinov2', 518)).toBeNull();
  expect(sizeProblem('vit_base_patch14_dinov2', 256)).toContain('multiples of 14');
  expect(sizeProblem('resnet50', 2048)).toContain('32 to 1024');
});
