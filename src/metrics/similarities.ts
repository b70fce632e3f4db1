import type { QueryNeighbours } from '../types.ts';
import { UNKNOWN } from './labels.ts';

/** Neighbours of many queries in one list, the most similar first. */
export interface JudgedSimilarities {
  /** Cosines, descending. */
  readonly similarities: Float32Array<ArrayBuffer>;
  /** 1 where the neighbour is of its query's class. */
  readonly right: Uint8Array<ArrayBuffer>;
}

/** The same neighbours cut after the first `k` of each query. */
export function firstNeighbours({ k, rows, similarities }: QueryNeighbours, first: number): QueryNeighbours {
  const kept = Math.min(k, first);
  const queries = k === 0 ? 0 : rows.length / k;
  const cut = { k: kept, rows: new Int32Array(queries * kept), similarities: new Float32Array(queries * kept) };
  for (let query = 0; query < queries; query++) {
    cut.rows.set(rows.subarray(query * k, query * k + kept), query * kept);
    cut.similarities.set(similarities.subarray(query * k, query * k + kept), query * kept);
  }
  return cut;
}

/**
 * All neighbours in one list by similarity, each right or wrong. `asked`: class code of each query [queries]; `searched`:
 * class codes of the images that `rows` counts. Where either is UNKNOWN, the neighbour is left out.
 */
export function judgeNeighbours(
  { k, rows, similarities }: QueryNeighbours,
  asked: Int32Array,
  searched: Int32Array,
): JudgedSimilarities {
  const found: number[] = [];
  rows.forEach((row, at) => {
    const wanted = asked[Math.floor(at / k)] ?? UNKNOWN;
    if (row >= 0 && wanted !== UNKNOWN && (searched[row] ?? UNKNOWN) !== UNKNOWN) found.push(at);
  });
  const order = Uint32Array.from(found).sort((x, y) => (similarities[y] as number) - (similarities[x] as number));
  const judged = { similarities: new Float32Array(order.length), right: new Uint8Array(order.length) };
  order.forEach((at, i) => {
    judged.similarities[i] = similarities[at] as number;
    judged.right[i] = searched[rows[at] as number] === asked[Math.floor(at / k)] ? 1 : 0;
  });
  return judged;
}

/** Bins of equal width: bin i holds what is from (first + i) / perUnit up to, but not with, (first + i + 1) / perUnit. */
export interface Bins {
  readonly first: number;
  /** Bins between 0 and 1: a whole number, so that edges are round. */
  readonly perUnit: number;
  readonly count: number;
}

const MOST_BINS = 40;
const WIDTHS = [5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000];

/** Bins of the smallest round width with which at most 40 reach over all of the lists; null where all are empty. */
export function binsOver(lists: readonly JudgedSimilarities[]): Bins | null {
  const filled = lists.filter(({ similarities }) => similarities.length > 0);
  if (filled.length === 0) return null;
  const highest = Math.max(...filled.map(({ similarities }) => similarities[0] as number));
  const lowest = Math.min(...filled.map(({ similarities }) => similarities.at(-1) as number));
  const over = (perUnit: number): Bins => {
    const first = binOf(lowest, perUnit);
    return { first, perUnit, count: binOf(highest, perUnit) - first + 1 };
  };
  const [widest = 5, ...finer] = WIDTHS;
  return finer.map(over).findLast(({ count }) => count <= MOST_BINS) ?? over(widest);
}

/** A cosine of two equal vectors may be a rounding error above 1: it belongs to the last bin. */
const binOf = (similarity: number, perUnit: number): number =>
  Math.min(perUnit - 1, Math.floor(similarity * perUnit + 1e-6));

/** Right and wrong neighbours in each bin [count]; what is outside the bins is not counted. */
export function countInBins(
  { similarities, right }: JudgedSimilarities,
  { first, perUnit, count }: Bins,
): { readonly right: Int32Array; readonly wrong: Int32Array } {
  const counts = { right: new Int32Array(count), wrong: new Int32Array(count) };
  similarities.forEach((similarity, at) => {
    const bin = binOf(similarity, perUnit) - first;
    const of = right[at] === 1 ? counts.right : counts.wrong;
    if (bin >= 0 && bin < count) of[bin] = (of[bin] as number) + 1;
  });
  return counts;
}
