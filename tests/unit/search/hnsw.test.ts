import { describe, expect, it } from 'vitest';
import { groupDuplicates } from '../../../src/search/duplicates.ts';
import { buildHnsw, type HnswGraph } from '../../../src/search/hnsw.ts';
import { exactIndex } from '../../../src/search/plain/kernel.ts';
import { finish } from '../math/finish.ts';

// Here stands a graph that loses points in the place of a real one.
const gallery = { embeddings: Float32Array.of(1, 0, 0, 1, 0.6, 0.8, 0, 1), dimensions: 2, rows: 4 };
const exact = exactIndex(gallery);
const indexed = { ...gallery, duplicates: groupDuplicates(gallery), exact };

function losing(reachable: number[]) {
  const calls = { opened: 0, deleted: 0, rows: [] as number[], efSearch: 0 };
  const graph: HnswGraph = {
    add: (rows) => void calls.rows.push(...rows),
    nearest(queries, _, efSearch) {
      calls.efSearch = efSearch;
      const query = queries.slice(0, 2);
      const all = exact.search(query, 4);
      return [reachable.flatMap((row) => all.find((hit) => hit.row === row) ?? [])];
    },
    save: () => null,
    delete: () => void calls.deleted++,
  };
  const open = () => {
    calls.opened++;
    return graph;
  };
  return { open, calls };
}

describe('buildHnsw', () => {
  it('adds equal rows once, and answers with all of them', () => {
    const { open, calls } = losing([2, 1]);
    const index = finish(buildHnsw(open, indexed, 33)).result;
    expect(calls.rows).toEqual([0, 1, 2]);
    expect(index.search(Float32Array.of(0, 1), 3)).toEqual([
      { row: 1, similarity: 1 },
      { row: 3, similarity: 1 },
      { row: 2, similarity: Math.fround(0.8) },
    ]);
    expect(calls.efSearch).toBe(33);
    index.setEfSearch(44);
    index.search(Float32Array.of(0, 1), 1);
    expect(calls.efSearch).toBe(44);
  });

  it('compares with all rows where the graph finds too few', () => {
    const query = Float32Array.of(0.6, 0.8);
    const index = finish(buildHnsw(losing([0]).open, indexed, 64)).result;
    expect(index.search(query, 3)).toEqual(exact.search(query, 3));
    expect(index.search(query, 1)).toEqual([{ row: 0, similarity: Math.fround(0.6) }]);
  });

  it('deletes the graph once, when it is disposed or given up', () => {
    const kept = losing([0]);
    const index = finish(buildHnsw(kept.open, indexed, 64)).result;
    expect(kept.calls.deleted).toBe(0);
    index.dispose();
    index.dispose();
    expect(kept.calls.deleted).toBe(1);
    const givenUp = losing([0]);
    const steps = buildHnsw(givenUp.open, indexed, 64);
    steps.next();
    expect(() => steps.throw(new Error('enough'))).toThrow('enough');
    expect(givenUp.calls.deleted).toBe(1);
  });

  it('makes no graph before its first step: given up until then, there is none to delete', () => {
    const { open, calls } = losing([0]);
    expect(() => buildHnsw(open, indexed, 64).throw(new Error('enough'))).toThrow('enough');
    expect(calls).toMatchObject({ opened: 0, deleted: 0 });
  });
});
