import { AppError } from '../errors.ts';
import { classPosteriors } from '../heads/posterior.ts';
import { emptyRankings } from '../math/topk.ts';
import { countRows } from '../math/vectors.ts';
import { type KeysOf, measureExact } from '../metrics/exact.ts';
import { summarise } from '../metrics/scores.ts';
import { dissolve, joinTeam, type Range } from '../models/engines/wasm/team.ts';
import { backendNamed } from '../search/backends.ts';
import { plainClasses } from '../search/classes/plain.ts';
import { holdCodes } from '../search/codes/held-codes.ts';
import type { CodeKernel } from '../search/codes/kernel.ts';
import { HeldClasses } from '../search/held-classes.ts';
import {
  type Comparison,
  Filling,
  type GalleryShape,
  type HeldGallery,
  type QueryTeam,
  type SearchKernel,
} from '../search/held-gallery.ts';
import {
  isRankedWhole,
  orderOfFound,
  othersKeys,
  type RankedBy,
  rankFound,
  rankWhole,
  withoutOwn,
} from '../search/ranked-by.ts';
import { rankingNamed } from '../search/rankings.ts';
import { measureRecall } from '../search/recall.ts';
import { type Answering, SearchedGallery } from '../search/searched-gallery.ts';
import type { Hit } from '../types.ts';
import { beat } from './beat.ts';
import type {
  LabelCodes,
  Measured,
  MeasureOptions,
  QueryShare,
  Rankings,
  RankQueries,
  SearchWorker,
} from './protocol.ts';
import { move } from './serve.ts';
import { controlledBy, type Stepper, stepper } from './steps.ts';

/** The search worker's methods, by a kernel that may be loading yet; that of codes is loaded where it is needed. */
export function searchApi(loading: Promise<SearchKernel>, loadCodes: () => Promise<CodeKernel>): SearchWorker {
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
    galleries.set(key, new SearchedGallery(whole));
  }

  function find(key: string): SearchedGallery {
    const searched = galleries.get(key);
    if (!searched) throw new AppError('gallery-missing', `No gallery named “${key}” has been handed to the search.`);
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

    async openCodes(key, stored) {
      const kernel = await loadCodes();
      drop(key);
      const held = await holdCodes(kernel, stored, beat);
      galleries.set(key, new SearchedGallery(held));
      return held.made;
    },

    async savedCodes(key, block) {
      const { held } = find(key);
      if (held.form === 'codes') return held.saved(block);
      throw new AppError('bad-argument', `The gallery “${key}” is not held as codes of 8 bits.`);
    },

    async openClasses(key, classes, settings) {
      const kernel = await loading;
      const searched = find(key);
      searched.classes = null;
      searched.classes = new HeldClasses(
        kernel.classes,
        searched.held.rows,
        settings.scales.length,
        classes,
        (cosines) => classPosteriors(cosines, classes, settings),
      );
    },

    async fillClasses(key, cosines) {
      const { classes } = find(key);
      if (!classes) throw new AppError('bad-argument', `No gallery named “${key}” waits for class cosines.`);
      classes.fill(cosines);
    },

    async build(key, index, settings, control) {
      const searched = find(key);
      const start = performance.now();
      await controlledBy(control, (worker) =>
        searched.build(index, settings, (...signals) => stepper([worker.signal, ...signals], worker.report)),
      );
      return { ms: performance.now() - start };
    },

    async load(key, index, saved, settings) {
      return find(key).load(index, saved, settings);
    },

    async save(key, index) {
      const searched = find(key);
      const bytes = (await searched.find(index, unwatched(searched)))?.save?.() ?? null;
      return bytes && move(bytes, bytes.buffer);
    },

    async search(key, query, k, index, by = null) {
      const searched = find(key);
      if (searched.checkQueries(query) !== 1)
        throw new AppError('bad-argument', 'One query at a time can be searched.');
      const work = unwatched(searched);
      const answering = await searched.answering(index, work);
      const start = performance.now();
      const rankings = await ordered(searched, answering, query, Math.max(1, k), by && rankedBy(searched, by, 1), work);
      const ms = performance.now() - start;
      return { hits: hitsOf(rankings).slice(0, k), ms, index: answering.kind };
    },

    async setEfSearch(key, efSearch) {
      await find(key).setEfSearch(efSearch);
    },

    async recall(key, index, queries, k) {
      const searched = find(key);
      searched.checkQueries(queries);
      const work = unwatched(searched);
      const [asked, exact] = [await searched.need(index, work), await searched.need('exact', work)];
      return measureRecall(asked, exact, queries, searched.held.dimensions, k, work);
    },

    async measure(key, queries, labels, options, control, share = null) {
      const searched = find(key);
      const { by = null } = options;
      const m = searched.checkQueries(queries);
      const order = by && rankedBy(searched, by, m);
      const comparison = share ? heldTogether(searched.vectors, share) : searched.vectors;
      return controlledBy(control, ({ signal, report }) =>
        measured(comparison, queries, labels, options, order, stepper([signal, searched.gone], report)),
      );
    },

    async measurePassing(gallery, queries, labels, options, share) {
      const kernel = await loading;
      const comparison = passing(kernel, gallery, queries, share);
      const { order } = options;
      const by = order && { ...order, ranking: rankingNamed(order.ranking), kernel: kernel.classes };
      return measured(
        comparison,
        queries,
        labels,
        options,
        by,
        stepper([], () => {}),
      );
    },

    async orderOf(key, by, m) {
      const { classes, queries, gallery } = rankedBy(find(key), by, m);
      return { ranking: by.ranking, classes, queries: queries.slice(), gallery };
    },

    async summarise(metrics, queryLabels, seed) {
      return summarise(metrics, queryLabels, { seed });
    },

    async rank(key, queries, k, index, { by, own }, control, share = null) {
      const searched = find(key);
      const m = searched.checkQueries(queries);
      const order = by && rankedBy(searched, by, m);
      const rankings = await controlledBy(control, async ({ signal, report }) => {
        const work = stepper([signal, searched.gone], report);
        if (share) return nearestOf(heldTogether(searched.vectors, share), queries, k, own, work);
        return ordered(
          searched,
          { kind: index, index: await searched.need(index, work) },
          queries,
          k,
          order,
          work,
          own,
        );
      });
      return move(rankings, rankings.rows.buffer, rankings.similarities.buffer);
    },

    async order(similarities, cosines, by, settings) {
      const kernel = await loading;
      const members = settings.scales.length;
      const classes = by.cosines.length / members;
      const known = rankingNamed(by.ranking).usesClasses
        ? new HeldClasses(kernel.classes, similarities.length, members, classes, (some) =>
            classPosteriors(some, classes, settings),
          )
        : null;
      known?.fill(cosines);
      const order = orderOfFound(rankedBy({ classes: known }, by, 1), similarities);
      return move(order, order.buffer);
    },

    async rankPassing(gallery, queries, k, own, share) {
      const comparison = passing(await loading, gallery, queries, share);
      const rankings = await nearestOf(
        comparison,
        queries,
        k,
        own,
        stepper([], () => {}),
      );
      return move(rankings, rankings.rows.buffer, rankings.similarities.buffer);
    },

    async ready() {
      await loading;
    },

    async drop(key) {
      drop(key);
    },
  };
}

async function measured(
  comparison: Comparison,
  queries: Float32Array,
  labels: LabelCodes,
  { ks, keep, own = null }: MeasureOptions,
  order: RankedBy | null,
  work: Stepper,
): Promise<Measured> {
  const source = comparison.similarities(queries);
  const neighbours = emptyRankings(source.queries, keep);
  const keysOf: KeysOf | null =
    order && ((query, similarities, keys) => othersKeys(order, query, own?.[query] ?? -1, similarities, keys));
  const metrics = await work.steps(measureExact(source, labels, ks, neighbours, keysOf, own));
  const { relevant, firstHitRank, apAtR, rPrecision, hits } = metrics;
  return move(
    { metrics, neighbours },
    neighbours.rows.buffer,
    neighbours.similarities.buffer,
    relevant.buffer,
    firstHitRank.buffer,
    apAtR.buffer,
    rPrecision.buffer,
    hits.buffer,
  );
}

async function nearestOf(
  comparison: Comparison,
  queries: Float32Array,
  k: number,
  own: Int32Array | null,
  work: Stepper,
): Promise<Rankings> {
  if (!own) return work.steps(comparison.rank(queries, k));
  return withoutOwn(await work.steps(comparison.rank(queries, k + 1)), own, k);
}

/** What the first of a team does. */
function heldTogether(gallery: HeldGallery, share: QueryShare): Comparison {
  if (!gallery.together) throw new AppError('bad-argument', 'Several workers can only compare with SIMD.');
  return gallery.together(queryTeam(share));
}

/** What the others do. */
function passing(kernel: SearchKernel, gallery: GalleryShape, queries: Float32Array, share: QueryShare): Comparison {
  if (!kernel.passing) throw new AppError('bad-argument', 'Several workers can only compare with SIMD.');
  countRows(queries, gallery.dimensions);
  return kernel.passing(gallery, queryTeam(share));
}

/** A team whose first worker holds the gallery. Who leaves it ends it. */
function queryTeam(share: QueryShare): QueryTeam {
  const { memory, count: workers, queries } = share;
  const team = joinTeam(share);
  return {
    workers,
    queries,
    pass(tile) {
      const all: Range = [0, tile().length];
      const has = Array.from({ length: workers }, (_, worker): Range => (worker === 0 ? all : [0, 0]));
      try {
        team.exchange(
          tile,
          has,
          has.map(() => all),
        );
      } catch (error) {
        dissolve(memory);
        throw error;
      }
    },
  };
}

/** Throws AppError 'bad-argument' where a ranking's class posteriors are missing. */
function rankedBy({ classes }: Pick<SearchedGallery, 'classes'>, by: RankQueries, m: number): RankedBy {
  const ranking = rankingNamed(by.ranking);
  if (!ranking.usesClasses) {
    // Its kernel is not asked.
    return { ranking, classes: 0, queries: new Float32Array(), gallery: new Float32Array(), kernel: plainClasses };
  }
  if (!classes) throw new AppError('bad-argument', 'This gallery was not handed over with its class cosines.');
  return classes.rankedBy(ranking, by.cosines, m);
}

/** The first k of every query in the order that is asked for. */
async function ordered(
  searched: SearchedGallery,
  { kind, index }: Answering,
  queries: Float32Array,
  k: number,
  by: RankedBy | null,
  work: Stepper,
  own: Int32Array | null = null,
): Promise<Rankings> {
  if (!by) return own ? withoutOwn(await index.search(queries, k + 1, work), own, k) : index.search(queries, k, work);
  if (!backendNamed(kind).capabilities.approximate && isRankedWhole(by)) {
    return work.steps(rankWhole(searched.vectors.similarities(queries), by, k, own));
  }
  return rankFound(index, queries, by, k, work, own);
}

/** Work that reports nothing, and ends with its gallery. */
const unwatched = ({ gone }: SearchedGallery): Stepper => stepper([gone], () => {});

/** The hits of one query. */
function hitsOf({ rows, similarities }: Rankings): Hit[] {
  const found = rows.filter((row) => row >= 0);
  return Array.from(found, (row, i): Hit => ({ row, similarity: similarities[i] ?? 0 }));
}
