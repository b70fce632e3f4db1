import { expect, test } from 'vitest';
import { OWN, partsOfId, preprocessingOf, sizeProblem, variantId } from '../../../src/models/specs/variants.ts';

const preprocessing = {
  size: 224,
  cropPct: 0.875,
  interpolation: 'bicubic',
  mean: [0.5, 0.5, 0.5],
  std: [0.5, 0.5, 0.5],
} as const;

test.each([
  [{ size: null, flip: false }, 'resnet50.tv_in1k'],
  [{ size: 288, flip: false }, 'resnet50.tv_in1k@288'],
  [{ size: null, flip: true }, 'resnet50.tv_in1k@flip'],
  [{ size: 288, flip: true }, 'resnet50.tv_in1k@288-flip'],
])('what is chosen is part of the name: %o', (variant, id) => {
  expect(variantId('resnet50.tv_in1k', variant)).toBe(id);
  expect(partsOfId(id)).toEqual({ weightsId: 'resnet50.tv_in1k', ...variant });
});

test.each(['mine@home', 'mine@flip-288', 'mine@-flip', 'mine@12345'])(
  'a name that means nothing is the set’s own: %s',
  (id) => {
    expect(partsOfId(id)).toEqual({ weightsId: id, ...OWN });
  },
);

test('a size that the authors name comes with its crop, another keeps that of the weights', () => {
  const sizes = [
    { size: 224, cropPct: 0.875 },
    { size: 288, cropPct: 1 },
  ];
  const at = (size: number | null, flip = false) => preprocessingOf(preprocessing, { size, flip }, sizes);
  expect(at(288)).toEqual({ ...preprocessing, size: 288, cropPct: 1 });
  expect(at(384)).toEqual({ ...preprocessing, size: 384 });
  expect(at(288, true)).toEqual({ ...preprocessing, size: 288, cropPct: 1, flip: true });
  expect(at(null)).toEqual(preprocessing);
});

test('which sizes a network takes', () => {
  expect(sizeProblem('resnet50', 288)).toBeNull();
  expect(sizeProblem('vit_base_patch14_dinov2', 518)).toBeNull();
  expect(sizeProblem('vit_base_patch14_dinov2', 256)).toContain('multiples of 14');
  expect(sizeProblem('resnet50', 2048)).toContain('32 to 1024');
});
