import { expect, test } from 'vitest';
import { choicesOf, choose, clusteredLabels, NO_CHOICES } from '../../../src/data/choices.ts';

const images = ['a', 'b', 'c', 'd', 'e'].map((path) => ({ path, className: 'x' as string | null }));
const name = (choices: typeof NO_CHOICES, paths: readonly string[], className: string | null, clusteredBy?: string) =>
  choose(choices, { kind: 'class', paths, className, ...(clusteredBy === undefined ? {} : { clusteredBy }) });

test('a label is that of a cluster until it is set otherwise', () => {
  const named = name(NO_CHOICES, ['a', 'b', 'c', 'd'], 'x', 'ResNet-50');
  expect(clusteredLabels(named, images)).toEqual([{ model: 'ResNet-50', images: 4 }]);
  // Looked at by the user, of no class, and as the folder says.
  expect(clusteredLabels(name(named, ['a'], 'y'), images)).toEqual([{ model: 'ResNet-50', images: 3 }]);
  expect(clusteredLabels(name(named, ['a', 'b', 'c', 'd'], null, 'ResNet-50'), images)).toEqual([]);
  expect(clusteredLabels(choose(named, { kind: 'no-own-class', paths: ['b', 'c'] }), images)).toEqual([
    { model: 'ResNet-50', images: 2 },
  ]);
  // Found by another model since.
  expect(clusteredLabels(name(named, ['b', 'c', 'd', 'e'], 'z', 'DeiT-Tiny'), images)).toEqual([
    { model: 'DeiT-Tiny', images: 4 },
    { model: 'ResNet-50', images: 1 },
  ]);
});

test('only images that are there, with a class, count', () => {
  const named = name(NO_CHOICES, ['a', 'b', 'gone'], 'x', 'ResNet-50');
  expect(clusteredLabels(named, images)).toEqual([{ model: 'ResNet-50', images: 2 }]);
  const without = images.map((image) => (image.path === 'a' ? { ...image, className: null } : image));
  expect(clusteredLabels(named, without)).toEqual([{ model: 'ResNet-50', images: 1 }]);
});

test('a data set of an earlier version, which did not store it, has none', () => {
  const stored = {
    roles: [],
    choices: { namesAsClasses: [], mergedClasses: [], classesByHand: [['a', 'x']] as const },
  };
  expect(choicesOf(stored)).toMatchObject({ classesByHand: [['a', 'x']], clusteredBy: [] });
  expect(clusteredLabels(choicesOf(stored), images)).toEqual([]);
});
