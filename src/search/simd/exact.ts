import type { SimilarityBlock } from '../../math/similarity.ts';
import { emptyRankings, type Rankings } from '../../math/topk.ts';
import { countRows } from '../../math/vectors.ts';
import type { Hit } from '../../types.ts';
import type { VectorIndex } from '../vector-index.ts';
import type { SimdGallery } from './gallery.ts';

/** Compares the query with every row. */
export function exactIndex(gallery: SimdGallery): VectorIndex {
  return {
    search(query, k) {
      const { rows, similarities } = lastOf(rankExactly(gallery, query, Math.max(1, Math.min(k, gallery.rows))));
      const wanted = Math.max(0, Math.min(k, gallery.rows));
      return Array.from(rows.subarray(0, wanted), (row, i): Hit => ({ row, similarity: similarities[i] ?? 0 }));
    },
    dispose() {},
  };
}

/** See HeldGallery.rank. */
export function* rankExactly(gallery: SimdGallery, queries: Float32Array, k: number): Generator<number, Rankings> {
  const { instance } = gallery;
  const rankings = emptyRankings(countRows(queries, gallery.dimensions), k);
  const found = Math.min(k, gallery.rows);
  for (const { from, count } of gallery.queryBlocks(queries)) {
    instance.withRoom(8 * count * found, (rows) => {
      const similarities = rows + 4 * count * found;
      instance.exact_search(count, found, rows, similarities);
      for (let query = 0; query < count; query++) {
        const at = (from + query) * k;
        rankings.rows.set(instance.integers(rows + 4 * query * found, found), at);
        rankings.similarities.set(instance.floats(similarities + 4 * query * found, found), at);
      }
    });
    yield from + count;
  }
  return rankings;
}

/** See HeldGallery.similarities. */
export function* similarityBlocks(gallery: SimdGallery, queries: Float32Array): Generator<SimilarityBlock, void> {
  const { instance, rows } = gallery;
  for (const { from, count } of gallery.queryBlocks(queries)) {
    const address = instance.takeRoom(4 * count * rows);
    try {
      instance.exact_products(count, address);
      yield { from, to: from + count, similarities: instance.floats(address, count * rows) };
    } finally {
      instance.give(address);
    }
  }
}

function lastOf<R>(steps: Generator<unknown, R>): R {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}
