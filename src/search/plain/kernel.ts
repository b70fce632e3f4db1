import { similaritySource } from '../../math/similarity.ts';
import { exactTopK } from '../../math/topk.ts';
import { countRows } from '../../math/vectors.ts';
import { groupDuplicates } from '../duplicates.ts';
import type { SearchKernel } from '../held-gallery.ts';
import { buildHnsw } from '../hnsw.ts';
import { exactIndex } from './exact.ts';
import { loadHnswlib, publishedGraph } from './published-graph.ts';

/** For browsers without WASM SIMD: everything in JavaScript, but HNSW, which hnswlib-wasm as published builds. */
export const plainKernel: SearchKernel = {
  kind: 'plain',
  hold(embeddings, dimensions) {
    const gallery = { embeddings, dimensions, rows: countRows(embeddings, dimensions) };
    const exact = exactIndex(gallery);
    return {
      dimensions,
      rows: gallery.rows,
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
  },
};
