import { expect, test } from 'vitest';
import type { IndexView, SearchTiming } from '../../../src/app/search/search.ts';
import { indexWords, timingFigure, timingWords } from '../../../src/ui/search/timing-words.ts';

const ready: IndexView = {
  status: 'ready',
  kind: 'hnsw',
  kernel: 'simd',
  built: 1,
  recallAt10: 0.998,
  indexMs: 0.4,
  exactMs: 2.1,
};
const timing: SearchTiming = { embedMs: 38, searchMs: 0.4, galleryImages: 12_400, index: 'hnsw' };

test('says both times, the index, its recall and what exact search takes', () => {
  expect(timingWords(timing, ready)).toBe(
    'Embedded in 38 ms, searched 12,400 images in 0.4 ms by HNSW, recall@10 0.998 (exact: 2.1 ms)',
  );
});

test('leaves out what is not known', () => {
  expect(timingWords({ ...timing, embedMs: null }, { ...ready, recallAt10: null, exactMs: null })).toBe(
    'Searched 12,400 images in 0.4 ms by HNSW',
  );
  expect(timingWords({ ...timing, embedMs: null, index: 'exact', searchMs: 2.1 }, ready)).toBe(
    'Searched 12,400 images in 2.1 ms by exact search (HNSW: 0.4 ms)',
  );
});

test('says that codes answered, and what decided in the end', () => {
  const codes: IndexView = { ...ready, kind: 'codes', recallAt10: null, indexMs: null, exactMs: null };
  expect(timingWords({ ...timing, embedMs: null, searchMs: 61, index: 'codes' }, codes)).toBe(
    'Searched 12,400 images in 61 ms by exact search over 8-bit codes, the best again by their embeddings',
  );
  expect(indexWords(codes)).toBeNull();
});

test('one figure is the sum of both; nothing takes 0 ms', () => {
  expect(timingFigure(timing)).toBe('38 ms');
  expect(timingFigure({ ...timing, embedMs: null })).toBe('0.4 ms');
  expect(timingFigure({ ...timing, embedMs: null, searchMs: 0 })).toBe('under 0.1 ms');
  expect(timingWords({ ...timing, embedMs: null, searchMs: 0 }, { ...ready, exactMs: 0 })).toBe(
    'Searched 12,400 images in under 0.1 ms by HNSW, recall@10 0.998 (exact: under 0.1 ms)',
  );
});

test('says that exact search answers while the index is being read or built, and nothing where that goes without saying', () => {
  const building: IndexView = { ...ready, status: 'building', built: 0.43 };
  expect(indexWords(building)).toBe('Exact search answers while the HNSW index is being built (43 %).');
  expect(indexWords({ ...ready, status: 'loading' })).toMatch(/while the HNSW index is being read/);
  expect(indexWords(ready)).toBeNull();
  expect(indexWords({ ...ready, kind: 'exact' })).toBeNull();
  expect(indexWords({ ...ready, status: 'none' })).toBeNull();
});

test('says where there is no SIMD', () => {
  expect(indexWords({ ...ready, kernel: 'plain' })).toMatch(/no SIMD: the search runs in plain JavaScript/);
});

test('says that the server’s gallery answered, and about how large it is', () => {
  const collection = {
    digest: '',
    dimensions: 512,
    architecture: 'resnet50',
    weights: '',
    indexed: true,
    rows: 100_000,
  };
  const server = { chosen: true, collection, recall: { at10: 0.998, queries: 50 } };
  const asked: SearchTiming = { embedMs: 38, searchMs: 4, galleryImages: 100_000, index: 'engine' };
  expect(timingWords(asked, ready, server)).toBe(
    'Embedded in 38 ms, searched about 100,000 images of the server’s gallery in 4 ms by pgvector’s HNSW, recall@10 0.998',
  );
  const unknown = { ...server, collection: { ...collection, indexed: false, rows: null }, recall: null };
  expect(timingWords({ ...asked, embedMs: null, galleryImages: null }, ready, unknown)).toBe(
    'Searched the server’s gallery in 4 ms by comparing with all, since it has no index',
  );
});
