import { expect, test } from 'vitest';
import type { CachedWeights } from '../../../src/types.ts';
import { freshDatabase } from '../storage/fresh-database.ts';
import { contextOver } from './context.ts';

const CACHED: CachedWeights = {
  id: 'resnet50.tv_in1k',
  architecture: 'resnet50',
  bytes: 1,
  sha256: 'a'.repeat(64),
  preprocessing: { size: 224, cropPct: 0.875, interpolation: 'bilinear', mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5] },
  sizes: [
    { size: 224, cropPct: 0.875 },
    { size: 288, cropPct: 1 },
  ],
  from: 'a test',
  cachedAt: 0,
};

test('weights at another input size are the same file with features of their own', async () => {
  const { weights: catalogue } = contextOver(freshDatabase());
  await catalogue.add(CACHED);
  const usable = (id: string) => {
    const weights = catalogue.find(id);
    return weights && catalogue.usable(weights);
  };
  const [own, at224, at288, at384] = ['', '@224', '@288', '@384'].map((size) => usable(CACHED.id + size));
  expect(at288).toMatchObject({
    weights: { id: 'resnet50.tv_in1k@288', label: 'ResNet-50 at 288' },
    cached: CACHED,
    preprocessing: { size: 288, cropPct: 1 },
  });
  expect(at384?.preprocessing).toEqual({ ...CACHED.preprocessing, size: 384 });
  expect(new Set([own, at288, at384].map((each) => each?.featuresKey)).size).toBe(3);
  // At its own size it has the features that it has anyway.
  expect(at224?.featuresKey).toBe(own?.featuresKey);
  expect(catalogue.cached('resnet50.tv_in1k@384')).toEqual(CACHED);
  expect(catalogue.label('resnet50.tv_in1k@384')).toBe('ResNet-50 at 384');
  for (const id of ['resnet50.tv_in1k@16', 'vit_base_patch16_224.augreg2_in21k_ft_in1k@230', 'colour-gradient@224']) {
    expect(catalogue.find(id), id).toBeNull();
  }
});

test('features of image and mirror image are others than those of the image alone, at any size', async () => {
  const { weights: catalogue } = contextOver(freshDatabase());
  await catalogue.add(CACHED);
  const usable = (id: string) => {
    const weights = catalogue.find(CACHED.id + id);
    return weights && catalogue.usable(weights);
  };
  const all = ['', '@flip', '@288', '@288-flip'].map(usable);
  expect(new Set(all.map((each) => each?.featuresKey)).size).toBe(4);
  expect(usable('@288-flip')).toMatchObject({
    weights: { id: 'resnet50.tv_in1k@288-flip', label: 'ResNet-50 at 288, flip-averaged' },
    cached: CACHED,
    preprocessing: { size: 288, cropPct: 1, flip: true },
  });
  expect(usable('@flip')?.preprocessing).toEqual({ ...CACHED.preprocessing, flip: true });
  expect(catalogue.label('resnet50.tv_in1k@flip')).toBe('ResNet-50 flip-averaged');
  // The descriptor looks at images as they are.
  expect(catalogue.find('colour-gradient@flip')).toBeNull();
});

test('two sets of one architecture are told apart by their labels', async () => {
  const { weights: catalogue } = contextOver(freshDatabase());
  await catalogue.add({ ...CACHED, id: 'resnet50.a1_in1k' });
  await catalogue.add({ ...CACHED, id: 'mine' });
  catalogue.offer({
    id: 'someone--resnet50',
    architecture: 'resnet50',
    label: 'ResNet-50',
    summary: '',
    features: 2048,
    bytes: null,
    licence: null,
    origin: 'hub',
    repository: 'someone/resnet50',
    revision: 'main',
  });
  const labels = catalogue.all().map(({ label }) => label);
  expect(new Set(labels).size).toBe(labels.length);
  expect(catalogue.label('resnet50.tv_in1k')).toBe('ResNet-50');
  expect(catalogue.label('resnet50.a1_in1k')).toBe('ResNet-50 (a1_in1k)');
  expect(catalogue.label('mine')).toBe('ResNet-50 (mine)');
  expect(catalogue.label('someone--resnet50@288')).toBe('ResNet-50 (someone--resnet50) at 288');
});

test('a set that came from the hub still says so, and under which licence', async () => {
  const { weights: catalogue } = contextOver(freshDatabase());
  const hub = { repository: 'timm/resnet50.a1_in1k', revision: 'main', licence: 'mit' };
  await catalogue.add({ ...CACHED, id: 'resnet50.a1_in1k', hub });
  expect(catalogue.find('resnet50.a1_in1k')).toMatchObject({ origin: 'hub', ...hub });
});
