import { expect, test } from 'vitest';
import type { IndexView, SearchTiming } from '../../../src/app/search/search.ts';
import { indexWords, timingWords } from '../../../src/ui/search/timing-words.ts';

const ready: IndexView = {
  status: 'ready',
  kind: 'hnsw',
  kernel: 'simd',
  built: 1,
  recallAt10: 0.998,
  hnswMs: 0.4,
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

test('says that exact search answers while the index is being read or built', () => {
  const building: IndexView = { ...ready, status: 'building', built: 0.43 };
  expect(indexWords(building, 'hnsw')).toBe('Exact search answers while the HNSW index is being built (43 %).');
  expect(indexWords({ ...ready, status: 'loading' }, 'auto')).toMatch(/while the HNSW index is being read/);
  expect(indexWords(ready, 'hnsw')).toBeNull();
  expect(indexWords({ ...ready, status: 'none' }, 'auto')).toBeNull();
});

test('says which index was chosen where nobody chose, and where there is no SIMD', () => {
  const exact: IndexView = { ...ready, kind: 'exact' };
  expect(indexWords(exact, 'auto')).toBe('Exact search was chosen by itself: a gallery of this size needs no index.');
  expect(indexWords(exact, 'exact')).toBeNull();
  expect(indexWords(ready, 'auto')).toBeNull();
  expect(indexWords({ ...exact, kernel: 'plain' }, 'exact')).toMatch(/no SIMD: the search runs in plain JavaScript/);
  expect(indexWords({ ...exact, kernel: 'plain' }, 'auto')).toMatch(/chosen by itself.*no SIMD/);
});
