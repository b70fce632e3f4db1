import { similaritySource } from '../../math/similarity.ts';
import { exactTopK } from '../../math/topk.ts';
import { plainClasses } from '../classes/plain.ts';
import { groupDuplicates } from '../duplicates.ts';
import type { HeldGallery, SearchKernel } from '../held-gallery.ts';
import { buildHnsw } from '../hnsw.ts';
import type { Gallery } from '../vector-index.ts';
import { exactIndex } from './exact.ts';
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
