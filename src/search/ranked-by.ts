import type { SimilaritySource } from '../math/similarity.ts';
import { emptyRankings, type Rankings, selectTop } from '../math/topk.ts';
import type { OpenIndex } from './backend.ts';
import type { ClassKernel } from './classes/kernel.ts';
import type { Ranking } from './ranking.ts';
import type { Work } from './work.ts';

/** Posteriors up to which a whole gallery is ranked: more numbers take too long to read for every query. */
export const RANKED_WHOLE = 2 ** 23;
/** In a larger gallery, or one that an index looks at only in part, only this many are ranked, the first by similarity. */
export const RANKED_CANDIDATES = 1000;

/** An order other than by similarity, and the class posteriors that it needs. */
export interface RankedBy {
  readonly ranking: Ranking;
  readonly classes: number;
  /** p(c | query), [m, classes], row-major. */
  readonly queries: Float32Array;
  /** p(c | image) of the gallery, [n, classes], row-major. */
  readonly gallery: Float32Array;
  readonly kernel: ClassKernel;
}

/**
 * The same rankings without the gallery row own[i] of each query i, which is that query itself: k neighbours of the k + 1
 * that were looked for.
 */
export function withoutOwn({ rows, similarities, k: found }: Rankings, own: Int32Array, k: number): Rankings {
  const rankings = emptyRankings(own.length, k);
  own.forEach((itself, query) => {
    let kept = 0;
    for (let at = query * found; at < (query + 1) * found && kept < k; at++) {
      if (rows[at] === itself) continue;
      rankings.rows[query * k + kept] = rows[at] as number;
      rankings.similarities[query * k + kept] = similarities[at] as number;
      kept++;
    }
  });
  return rankings;
}

/** Keys by a ranking in which a query's own gallery row, if any (else −1), has no part: it comes last. */
export function othersKeys(
  by: RankedBy,
  query: number,
  own: number,
  similarities: Float32Array,
  keys: Float64Array,
): void {
  const similarity = similarities[own];
  if (similarity === undefined) {
    galleryKeys(by, query, similarities, keys);
    return;
  }
  similarities[own] = Number.NEGATIVE_INFINITY;
  galleryKeys(by, query, similarities, keys);
  similarities[own] = similarity;
  // A ranking that turns the order of similarities round would put it first.
  keys[own] = Number.NEGATIVE_INFINITY;
}

/** Keys of what is not among the candidates lie below every candidate's: those of no ranking are below −1. */
const BEHIND = -4;

export const isRankedWhole = ({ gallery }: RankedBy): boolean => gallery.length <= RANKED_WHOLE;

/**
 * Writes a key for every row of the gallery into `keys` [n]: the order is by descending key, ties by gallery order.
 * `similarities` [n] are the query's. Where the gallery is too large, the first candidates by similarity are ranked; the
 * others follow by similarity.
 */
export function galleryKeys(by: RankedBy, query: number, similarities: Float32Array, keys: Float64Array): void {
  if (isRankedWhole(by)) {
    by.ranking.keys({ similarities, query: posteriorOf(by, query), gallery: by.gallery }, keys, by.kernel);
    return;
  }
  const rows = new Int32Array(Math.min(RANKED_CANDIDATES, similarities.length));
  const best = new Float32Array(rows.length);
  selectTop(similarities, rows, best);
  keys.set(similarities);
  for (let row = 0; row < keys.length; row++) (keys[row] as number) += BEHIND;
  const candidates = rows.sort();
  const ofCandidates = candidateKeys(
    by,
    query,
    candidates,
    Float32Array.from(candidates, (row) => similarities[row] as number),
  );
  candidates.forEach((row, i) => {
    keys[row] = ofCandidates[i] as number;
  });
}

/** Keys of some rows, in gallery order, with their similarities. */
function candidateKeys(
  by: RankedBy,
  query: number,
  rows: Int32Array,
  similarities: Float32Array,
): Float64Array<ArrayBuffer> {
  const { classes } = by;
  const gallery = new Float32Array(rows.length * classes);
  rows.forEach((row, i) => {
    gallery.set(by.gallery.subarray(row * classes, (row + 1) * classes), i * classes);
  });
  const keys = new Float64Array(rows.length);
  by.ranking.keys({ similarities, query: posteriorOf(by, query), gallery }, keys, by.kernel);
  return keys;
}

const posteriorOf = ({ queries, classes }: RankedBy, query: number): Float32Array =>
  queries.subarray(query * classes, (query + 1) * classes);

/**
 * The first k of every query in a gallery that is compared whole. Yields the number of queries done after each block;
 * returns buffers that the caller owns. The similarities stay the cosines, which need not descend. Query i is no neighbour
 * of its own, the gallery row own[i].
 */
export function* rankWhole(
  source: SimilaritySource,
  by: RankedBy,
  k: number,
  own: Int32Array | null = null,
): Generator<number, Rankings> {
  const { rows: n } = source;
  const rankings = emptyRankings(source.queries, k);
  const keys = new Float64Array(n);
  const best = new Float64Array(Math.min(k, own ? n - 1 : n));
  for (const { from, to, similarities } of source.blocks()) {
    for (let query = from; query < to; query++) {
      const its = similarities.subarray((query - from) * n, (query - from + 1) * n);
      othersKeys(by, query, own?.[query] ?? -1, its, keys);
      const rows = rankings.rows.subarray(query * k, query * k + best.length);
      const found = selectTop(keys, rows, best);
      for (let rank = 0; rank < found; rank++) {
        rankings.similarities[query * k + rank] = its[rows[rank] as number] as number;
      }
    }
    yield to;
  }
  return rankings;
}

/**
 * The first k of every query among what an index finds: its first candidates are ranked, the others follow by similarity.
 * `queries` [m, dimensions]; query i is no neighbour of its own, the gallery row own[i].
 */
export async function rankFound(
  index: OpenIndex,
  queries: Float32Array,
  by: RankedBy,
  k: number,
  work: Work,
  own: Int32Array | null = null,
): Promise<Rankings> {
  const wanted = Math.max(k, RANKED_CANDIDATES);
  const all = await index.search(queries, own ? wanted + 1 : wanted, work);
  const found = own ? withoutOwn(all, own, wanted) : all;
  const m = found.rows.length / found.k;
  const rankings = emptyRankings(m, k);
  await work.steps(
    (function* () {
      for (let query = 0; query < m; query++) {
        const at = query * found.k;
        const ordered = orderedRows(by, query, {
          rows: found.rows.subarray(at, at + found.k),
          similarities: found.similarities.subarray(at, at + found.k),
        });
        rankings.rows.set(ordered.rows.subarray(0, k), query * k);
        rankings.similarities.set(ordered.similarities.subarray(0, k), query * k);
        yield query + 1;
      }
    })(),
  );
  return rankings;
}

/**
 * The order of what was found elsewhere for one query, whose posterior is `by.queries`: positions in `similarities` [n] and in
 * `by.gallery`, where the images lie in the order that settles ties. The caller's own.
 */
export function orderOfFound(by: RankedBy, similarities: Float32Array): Int32Array<ArrayBuffer> {
  const rows = new Int32Array(similarities.length);
  const best = new Float32Array(similarities.length);
  selectTop(similarities, rows, best);
  return orderedRows(by, 0, { rows, similarities: best }).rows;
}

/** One query's answer, its first candidates ranked. */
function orderedRows(by: RankedBy, query: number, answer: Omit<Rankings, 'k'>): Omit<Rankings, 'k'> {
  const ends = answer.rows.indexOf(-1);
  const count = Math.min(RANKED_CANDIDATES, ends < 0 ? answer.rows.length : ends);
  const similarityOf = new Map(Array.from(answer.rows.subarray(0, count), (row, i) => [row, answer.similarities[i]]));
  const rows = answer.rows.slice(0, count).sort();
  const similarities = Float32Array.from(rows, (row) => similarityOf.get(row) ?? 0);
  const order = new Int32Array(count);
  selectTop(candidateKeys(by, query, rows, similarities), order, new Float64Array(count));
  const ordered = { rows: answer.rows.slice(), similarities: answer.similarities.slice() };
  order.forEach((candidate, rank) => {
    ordered.rows[rank] = rows[candidate] as number;
    ordered.similarities[rank] = similarities[candidate] as number;
  });
  return ordered;
}
