import { describe, expect, it } from 'vitest';
import { exactIndex } from '../../../src/search/exact.ts';
import { buildHnsw, DEFAULT_HNSW } from '../../../src/search/hnsw.ts';
import { finish } from '../math/finish.ts';

// hnswlib itself runs in browsers only: tests/browser/search. Here stands a graph in its place that loses points.
const gallery = { embeddings: Float32Array.of(1, 0, 0, 1, 0.6, 0.8, 0, 1), dimensions: 2, rows: 4 };

function losing(reachable: number[]) {
  const calls = { deleted: 0, labels: [] as number[], efSearch: 0 };
  class HierarchicalNSW {
    initIndex(): void {}
    addPoints(_: unknown, labels: readonly number[]): void {
      calls.labels.push(...labels);
    }
    setEfSearch(efSearch: number): void {
      calls.efSearch = efSearch;
    }
    searchKnn() {
      return { distances: reachable.map(() => 0), neighbors: reachable };
    }
    delete(): void {
      calls.deleted++;
    }
  }
  return { lib: { HierarchicalNSW }, calls };
}

describe('buildHnsw', () => {
  it('adds equal rows once, and answers with all of them', () => {
    const { lib, calls } = losing([2, 1]);
    const index = finish(buildHnsw(lib, gallery, { ...DEFAULT_HNSW, efSearch: 33 })).result;
    expect(calls).toMatchObject({ labels: [0, 1, 2], efSearch: 33 });
    expect(index.search(Float32Array.of(0, 1), 3)).toEqual([
      { row: 1, similarity: 1 },
      { row: 3, similarity: 1 },
      { row: 2, similarity: Math.fround(0.8) },
    ]);
  });

  it('compares with all rows where the graph finds too few', () => {
    const query = Float32Array.of(0.6, 0.8);
    const index = finish(buildHnsw(losing([0]).lib, gallery, DEFAULT_HNSW)).result;
    expect(index.search(query, 3)).toEqual(exactIndex(gallery).search(query, 3));
    expect(index.search(query, 1)).toEqual([{ row: 0, similarity: Math.fround(0.6) }]);
  });

  it('frees the graph once, when it is disposed or given up', () => {
    const kept = losing([0]);
    const index = finish(buildHnsw(kept.lib, gallery, DEFAULT_HNSW)).result;
    expect(kept.calls.deleted).toBe(0);
    index.dispose();
    index.dispose();
    expect(kept.calls.deleted).toBe(1);
    const givenUp = losing([0]);
    const steps = buildHnsw(givenUp.lib, gallery, DEFAULT_HNSW);
    steps.next();
    expect(() => steps.throw(new Error('enough'))).toThrow('enough');
    expect(givenUp.calls.deleted).toBe(1);
  });
});
