import { emptyRankings, type Rankings } from '../../math/topk.ts';
import { countRows } from '../../math/vectors.ts';
import type { OpenIndex, SearchBackend } from '../backend.ts';
import { DEFAULT_HNSW, type HnswIndex } from '../hnsw.ts';

/** A graph of near neighbours (Malkov & Yashunin 2018). */
export const hnsw: SearchBackend<'hnsw'> = {
  name: 'hnsw',
  label: 'HNSW',
  explanation: 'HNSW walks a graph of near neighbours: faster in large galleries, and it may miss a few.',
  form: 'vectors',
  capabilities: { approximate: true, buildable: true, adjustable: true },
  async open(gallery, settings, work) {
    const steps = await gallery.buildHnsw({ ...DEFAULT_HNSW, ...settings });
    return opened(await work.steps(steps), gallery.dimensions);
  },
  load(gallery, saved, settings) {
    const index = gallery.loadHnsw(saved, { ...DEFAULT_HNSW, ...settings });
    return index && opened(index, gallery.dimensions);
  },
};

const opened = (index: HnswIndex, dimensions: number): OpenIndex => ({
  search: (queries, k, work) => work.steps(rankWith(index, queries, dimensions, k)),
  setEfSearch: (efSearch) => index.setEfSearch(efSearch),
  save: () => index.save(),
  close: async () => index.dispose(),
});

/** Queries that are searched in one call: fewer calls into WASM, and soon enough a chance to cancel. */
const QUERIES_PER_CALL = 16;

/** Rankings of `queries` [m, dimensions] by an index. Yields the number of queries done after each call. */
export function* rankWith(
  index: HnswIndex,
  queries: Float32Array,
  dimensions: number,
  k: number,
): Generator<number, Rankings> {
  const m = countRows(queries, dimensions);
  const rankings = emptyRankings(m, k);
  for (let from = 0; from < m; from += QUERIES_PER_CALL) {
    const to = Math.min(m, from + QUERIES_PER_CALL);
    index.searchAll(queries.subarray(from * dimensions, to * dimensions), k).forEach((hits, i) => {
      hits.forEach(({ row, similarity }, rank) => {
        rankings.rows[(from + i) * k + rank] = row;
        rankings.similarities[(from + i) * k + rank] = similarity;
      });
    });
    yield to;
  }
  return rankings;
}
