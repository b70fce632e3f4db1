import { multiply, similaritySource } from '../../math/similarity.ts';
import { exactTopK, selectTop } from '../../math/topk.ts';
import type { Hit } from '../../types.ts';
import { plainClasses } from '../classes/plain.ts';
import { groupDuplicates } from '../duplicates.ts';
import type { HeldGallery, SearchKernel } from '../held-gallery.ts';
import { buildHnsw } from '../hnsw.ts';
import type { Gallery, VectorIndex } from '../vector-index.ts';
import { loadHnswlib, publishedGraph } from './published-graph.ts';

/** For browsers without WASM SIMD: everything in JavaScript, but HNSW, which hnswlib-wasm as published builds. */
export const plainKernel: SearchKernel = {
  kind: 'plain',
  classes: plainClasses,
  room(rows, dimensions) {
    const embeddings = new Float32Array(rows * dimensions);
    return {
      write: (block, at) => embeddings.set(block, at * dimensions),
      held: () => heldHere({ embeddings, dimensions, rows }),
    };
  },
};

function heldHere(gallery: Gallery): HeldGallery {
  const { embeddings, dimensions, rows } = gallery;
  const exact = exactIndex(gallery);
  return {
    form: 'vectors',
    dimensions,
    rows,
    exact,
    rank: (queries, k) => exactTopK(embeddings, queries, dimensions, k),
    similarities: (queries) => similaritySource(embeddings, queries, dimensions),
    async buildHnsw(settings) {
      const library = await loadHnswlib();
      const duplicates = groupDuplicates(gallery);
      const open = () => publishedGraph(library, gallery, duplicates.representatives.length, settings);
      return buildHnsw(open, { ...gallery, duplicates, exact }, settings.efSearch);
    },
    loadHnsw: () => null,
    dispose() {},
  };
}

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
