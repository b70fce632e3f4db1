import { countRows } from '../../math/vectors.ts';
import type { ClassKernel } from '../classes/kernel.ts';
import type { DuplicateGroups } from '../duplicates.ts';
import type { GalleryRoom, HeldGallery, SearchKernel } from '../held-gallery.ts';
import { buildHnsw, hnswIndex } from '../hnsw.ts';
import { exactIndex, rankExactly, similarityBlocks } from './exact.ts';
import { type SimdGallery, simdGallery } from './gallery.ts';
import { savedGraph, simdGraph } from './graph.ts';
import { instantiateSearch, type SearchInstance } from './instance.ts';
import { comparedByGuest, comparedByHolder } from './passing.ts';

/** Searches in WASM with SIMD; every gallery has an instance of the compiled `module` (search.wasm) of its own. */
export function simdKernel(module: WebAssembly.Module, classes: ClassKernel): SearchKernel {
  const fresh = () => instantiateSearch(module);
  return {
    kind: 'simd',
    classes,
    room: (rows, dimensions) => roomIn(fresh, rows, dimensions),
    passing: (shape, team) => comparedByGuest(shape, team, fresh),
  };
}

/** Room for a gallery in a fresh instance, which has none yet. */
export function roomIn(fresh: () => SearchInstance, rows: number, dimensions: number): GalleryRoom {
  const gallery = simdGallery(fresh(), rows, dimensions);
  return { write: gallery.write, held: () => heldIn(gallery, fresh) };
}

function heldIn(gallery: SimdGallery, fresh: () => SearchInstance): HeldGallery {
  const { rows, dimensions } = gallery;
  const exact = exactIndex(gallery);
  let groups: DuplicateGroups | null = null;
  const indexed = () => {
    groups ??= gallery.duplicates();
    return { rows, dimensions, exact, duplicates: groups };
  };
  return {
    form: 'vectors',
    dimensions,
    rows,
    exact,
    rank: (queries, k) => rankExactly(gallery, queries, k),
    similarities: (queries) => ({
      queries: countRows(queries, dimensions),
      rows,
      blocks: () => similarityBlocks(gallery, queries),
    }),
    together: (team) => comparedByHolder(gallery, team, fresh),
    async buildHnsw(settings) {
      const about = indexed();
      return buildHnsw(() => simdGraph(gallery, about.duplicates, settings), about, settings.efSearch);
    },
    loadHnsw(saved, settings) {
      const about = indexed();
      const graph = savedGraph(gallery, saved, about.duplicates, settings);
      return graph && hnswIndex(graph, about, settings.efSearch);
    },
    // The memory goes with the instance.
    dispose() {},
  };
}
