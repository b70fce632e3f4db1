import type { Hit } from '../../types.ts';
import type { DuplicateGroups } from '../duplicates.ts';
import { type HnswGraph, type HnswSettings, LEVEL_SEED, tooLargeForHnsw } from '../hnsw.ts';
import type { SimdGallery } from './gallery.ts';

/** An empty graph over the gallery's vectors. Throws AppError 'bad-argument' where the memory does not suffice. */
export function simdGraph(
  gallery: SimdGallery,
  { representatives }: DuplicateGroups,
  { m, efConstruction }: HnswSettings,
): HnswGraph {
  return over(gallery, openGraph(gallery, representatives.length, m, efConstruction));
}

/** The graph that `save` wrote; null unless it is of these vectors and settings, and undamaged. */
export function savedGraph(
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
