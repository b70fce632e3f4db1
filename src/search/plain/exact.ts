import { multiply } from '../../math/similarity.ts';
import { selectTop } from '../../math/topk.ts';
import type { Hit } from '../../types.ts';
import type { Gallery, VectorIndex } from '../vector-index.ts';

/** Compares the query with every row. Needs no building; holds one number a row. The gallery stays the caller's. */
export function exactIndex({ embeddings, dimensions, rows }: Gallery): VectorIndex {
  const similarities = new Float32Array(rows);
  return {
    search(query, k) {
      multiply(embeddings, query, dimensions, 0, 1, similarities);
      const found = new Int32Array(Math.min(k, rows));
      const best = new Float32Array(found.length);
      selectTop(similarities, found, best);
      return Array.from(found, (row, i): Hit => ({ row, similarity: best[i] ?? 0 }));
    },
    dispose() {},
  };
}
