import { AppError } from '../errors.ts';
import { emptyRankings } from '../math/topk.ts';
import { measureExact } from '../metrics/exact.ts';
import { summarise } from '../metrics/scores.ts';
import { Filling } from '../search/filling.ts';
import type { SearchKernel } from '../search/held-gallery.ts';
import { rankWith } from '../search/rank.ts';
import { measureRecall } from '../search/recall.ts';
import type { SearchedGallery } from '../search/searched-gallery.ts';

import type { CallControl, Rankings, SearchWorker } from './protocol.ts';
import { move } from './serve.ts';
import { controlledBy, inSteps } from './steps.ts';

/** The search worker's methods, by a kernel that may be loading yet. */
export function searchApi(loading: Promise<SearchKernel>): SearchWorker {
  const galleries = new Map<string, SearchedGallery>();
  const filling = new Map<string, Filling>();
  // A worker is asked when its kernel may have failed already.
  loading.catch(() => {});

  function drop(key: string): void {
    filling.delete(key);
    galleries.get(key)?.dispose();
    galleries.delete(key);
  }

  /** Makes a gallery searchable once its last row has come. */
  function finish(key: string): void {
    const whole = filling.get(key)?.whole();
    if (!whole) return;
    filling.delete(key);
    galleries.set(key, whole);
  }

  function find(key: string): SearchedGallery {
    const searched = galleries.get(key);
    if (!searched) throw new AppError('bad-argument', `No gallery named “${key}” has been handed to the search.`);
    return searched;
  }

  return {
    async open(key, rows, dimensions) {
      const kernel = await loading;
      drop(key);
      filling.set(key, new Filling(kernel, rows, dimensions));
      finish(key);
    },

    async fill(key, block) {
      const one = filling.get(key);
      if (!one) throw new AppError('bad-argument', `No gallery named “${key}” waits for rows.`);
      one.fill(block);
      finish(key);
    },

    async build(key, settings, control) {
      const searched = find(key);
      const start = performance.now();
      await controlledBy(control, (worker) =>
        searched.build(settings, (steps, ...signals) => inSteps(steps, [worker.signal, ...signals], worker.report)),
      );
      return { ms: performance.now() - start };
    },

    async load(key, saved, settings) {
      return find(key).load(saved, settings);
    },

    async save(key) {
      const bytes = find(key).hnsw?.save() ?? null;
      return bytes && move(bytes, bytes.buffer);
    },

    async search(key, query, k, index) {
      const searched = find(key);
      if (searched.checkQueries(query) !== 1)
        throw new AppError('bad-argument', 'One query at a time can be searched.');
      const answering = index === 'hnsw' ? (searched.hnsw ?? searched.held.exact) : searched.held.exact;
      const start = performance.now();
      const hits = answering.search(query, k);
      return { hits, ms: performance.now() - start, index: answering.kind };
    },

    async setEfSearch(key, efSearch) {
      find(key).setEfSearch(efSearch);
    },

    async recall(key, queries, k) {
      const searched = find(key);
      searched.checkQueries(queries);
      const steps = measureRecall(searched.needHnsw(), searched.held.exact, queries, searched.held.dimensions, k);
      const { recall, indexMs, exactMs } = await inSteps(steps, [searched.gone], () => {});
      return { recall, hnswMs: indexMs, exactMs };
    },

    async measure(key, queries, labels, { ks, seed, keep }, control) {
      const searched = find(key);
      const neighbours = emptyRankings(searched.checkQueries(queries), keep);
      const steps = measureExact(searched.held.similarities(queries), labels, ks, neighbours);
      const measures = await controlledBy(control, ({ signal, report }) =>
        inSteps(steps, [signal, searched.gone], report),
      );
      const scores = summarise(measures, labels.query, { seed });
      const { relevant, firstHitRank, apAtR, rPrecision, hits } = measures;
      return move(
        { measures, scores, neighbours },
        neighbours.rows.buffer,
        neighbours.similarities.buffer,
        relevant.buffer,
        firstHitRank.buffer,
        apAtR.buffer,
        rPrecision.buffer,
        hits.buffer,
      );
    },

    async rank(key, queries, k, control) {
      const searched = find(key);
      searched.checkQueries(queries);
      return rankings(searched, searched.held.rank(queries, k), control);
    },

    async rankHnsw(key, queries, k, control) {
      const searched = find(key);
      searched.checkQueries(queries);
      return rankings(searched, rankWith(searched.needHnsw(), queries, searched.held.dimensions, k), control);
    },

    async drop(key) {
      drop(key);
    },
  };
}

async function rankings(
  { gone }: SearchedGallery,
  steps: Generator<number, Rankings>,
  control: CallControl,
): Promise<Rankings> {
  const result = await controlledBy(control, ({ signal, report }) => inSteps(steps, [signal, gone], report));
  return move(result, result.rows.buffer, result.similarities.buffer);
}
