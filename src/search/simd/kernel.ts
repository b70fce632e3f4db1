import { countRows } from '../../math/vectors.ts';
import type { Hit } from '../../types.ts';
import type { ClassKernel } from '../classes/kernel.ts';
import type { DuplicateGroups } from '../duplicates.ts';
import type { GalleryRoom, HeldGallery, SearchKernel } from '../held-gallery.ts';
import { buildHnsw, type HnswGraph, type HnswSettings, hnswIndex, LEVEL_SEED, tooLargeForHnsw } from '../hnsw.ts';
import { exactIndex, rankExactly, similarityBlocks } from './exact.ts';
import { type SimdGallery, simdGallery } from './gallery.ts';
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

/** An empty graph over the gallery's vectors. Throws AppError 'bad-argument' where the memory does not suffice. */
function simdGraph(
  gallery: SimdGallery,
  { representatives }: DuplicateGroups,
  { m, efConstruction }: HnswSettings,
): HnswGraph {
  return over(gallery, openGraph(gallery, representatives.length, m, efConstruction));
}

/** The graph that `save` wrote; null unless it is of these vectors and settings, and undamaged. */
function savedGraph(
  gallery: SimdGallery,
  saved: Uint8Array,
  { representatives }: DuplicateGroups,
  { m, efConstruction }: HnswSettings,
): HnswGraph | null {
  const { instance } = gallery;
  if (saved.length % 4 !== 0 || representatives.length === 0) return null;
  const graph = openGraph(gallery, representatives.length, m, efConstruction);
  const loaded = instance.withRoom(saved.length + representatives.byteLength, (words) => {
    const rows = words + saved.length;
    instance.bytes(words, saved.length).set(saved);
    instance.integers(rows, representatives.length).set(representatives);
    return instance.graph_load(graph, words, saved.length / 4, rows) === 1;
  });
  if (loaded) return over(gallery, graph);
  instance.graph_close(graph);
  return null;
}

function openGraph({ instance, dimensions }: SimdGallery, points: number, m: number, efConstruction: number): number {
  // An empty index still wants room for one.
  const graph = instance.graph_open(Math.max(1, points), m, efConstruction, LEVEL_SEED);
  if (graph === 0) throw tooLargeForHnsw(points, dimensions, 4);
  return graph;
}

function over(gallery: SimdGallery, graph: number): HnswGraph {
  const { instance } = gallery;
  return {
    add(rows) {
      instance.withRoom(rows.byteLength, (address) => {
        instance.integers(address, rows.length).set(rows);
        instance.graph_add(graph, address, rows.length);
      });
    },
    nearest(queries, k, efSearch) {
      const answers: Hit[][] = [];
      for (const { count } of gallery.queryBlocks(queries)) {
        instance.withRoom(8 * count * k + 4 * count, (rows) => {
          const similarities = rows + 4 * count * k;
          const found = similarities + 4 * count * k;
          instance.graph_search(graph, count, k, efSearch, rows, similarities, found);
          const lengths = instance.integers(found, count);
          for (let i = 0; i < count; i++) {
            const length = lengths[i] ?? 0;
            const cosines = instance.floats(similarities + 4 * i * k, length);
            const nearest = instance.integers(rows + 4 * i * k, length);
            answers.push(Array.from(nearest, (row, rank) => ({ row, similarity: cosines[rank] ?? 0 })));
          }
        });
      }
      return answers;
    },
    save() {
      const bytes = 4 * instance.graph_saved_words(graph);
      return instance.withRoom(bytes, (address) => {
        instance.graph_save(graph, address);
        return instance.bytes(address, bytes).slice();
      });
    },
    delete() {
      instance.graph_close(graph);
    },
  };
}
