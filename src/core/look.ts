/** The queries of one run, or of two side by side, as columns: filters and rows read numbers, no object a neighbour. */
import type { ImageRecord, QueryNeighbours, QueryOutcomes, ScoredSplit } from '../types.ts';
import { scoredImages } from './scored-images.ts';

/** A rank beyond every other: the class has gallery images, and none of them was found. */
export const NOT_FOUND = 2 ** 31 - 1;

/** One run on the split that is looked at. */
export interface LookRun {
  readonly outcomes: QueryOutcomes;
  readonly neighbours: QueryNeighbours;
}

/** What a run answered to each query; entry i of every list belongs to query i of the table. */
export interface LookColumn {
  /** Row of the query in the run's own lists; −1 where the run did not ask it. */
  readonly rows: Int32Array;
  /** Rank of the first right neighbour, from 1; NOT_FOUND where there was none; 0 where the query does not count. */
  readonly ranks: Int32Array;
  readonly neighbours: QueryNeighbours;
}

export interface LookTable {
  /** The images asked with, in the order of run A. */
  readonly queries: readonly ImageRecord[];
  /** The images that neighbours count by their positions. */
  readonly gallery: readonly ImageRecord[];
  readonly classes: readonly string[];
  /** Position in `classes`, −1 where the label is unknown. */
  readonly queryClasses: Int32Array;
  readonly galleryClasses: Int32Array;
  readonly a: LookColumn;
  readonly b: LookColumn | null;
}

/** Joins the queries of run A with their images, their classes, and what run B answered to the same. */
export function lookTable(
  images: readonly ImageRecord[],
  split: ScoredSplit,
  a: LookRun,
  b: LookRun | null = null,
): LookTable {
  const asked = scoredImages(images, split);
  const positions: number[] = [];
  const rowsOfA: number[] = [];
  a.outcomes.queries.forEach((position, row) => {
    // Images may have been taken away since.
    if (asked.queries[position] === undefined) return;
    positions.push(position);
    rowsOfA.push(row);
  });
  const queries = positions.flatMap((position) => asked.queries[position] ?? []);
  const codes = new Map<string, number>();
  for (const { className } of [...queries, ...asked.gallery]) {
    if (className !== null && !codes.has(className)) codes.set(className, codes.size);
  }
  const codesOf = (list: readonly ImageRecord[]) =>
    Int32Array.from(list, ({ className }) => (className === null ? -1 : (codes.get(className) ?? -1)));
  return {
    queries,
    gallery: asked.gallery,
    classes: [...codes.keys()],
    queryClasses: codesOf(queries),
    galleryClasses: codesOf(asked.gallery),
    a: column(a, rowsOfA),
    b: b && column(b, rowsIn(b.outcomes, positions)),
  };
}

function rowsIn({ queries }: QueryOutcomes, positions: readonly number[]): number[] {
  const rows = new Map<number, number>();
  queries.forEach((position, row) => {
    rows.set(position, row);
  });
  return positions.map((position) => rows.get(position) ?? -1);
}

function column({ outcomes, neighbours }: LookRun, rows: readonly number[]): LookColumn {
  const ranks = rows.map((row) => {
    const rank = outcomes.firstHitRank[row] ?? 0;
    return rank === 0 && (outcomes.relevant[row] ?? 0) > 0 ? NOT_FOUND : rank;
  });
  return { rows: Int32Array.from(rows), ranks: Int32Array.from(ranks), neighbours };
}

/** Position in the gallery of a query's neighbour `at` (from 0); −1 where there is none. */
export function neighbourAt({ rows, neighbours: { k, rows: found } }: LookColumn, query: number, at: number): number {
  const row = rows[query] ?? -1;
  return row < 0 || at >= k ? -1 : (found[row * k + at] ?? -1);
}

/** Cosine of a query and its neighbour `at` (from 0). */
export function similarityAt({ rows, neighbours: { k, similarities } }: LookColumn, query: number, at: number): number {
  return similarities[(rows[query] ?? -1) * k + at] ?? Number.NaN;
}

/** How many of a query's first `k` neighbours there are. */
export function countNeighbours(column: LookColumn, query: number, k: number): number {
  let count = 0;
  while (count < k && neighbourAt(column, query, count) >= 0) count += 1;
  return count;
}

/** Whether a gallery image is of the query's class; null where either class is unknown. */
export function verdictOn({ queryClasses, galleryClasses }: LookTable, query: number, image: number): boolean | null {
  const wanted = queryClasses[query] ?? -1;
  const found = galleryClasses[image] ?? -1;
  return wanted < 0 || found < 0 ? null : wanted === found;
}

/** The queries that show this very image, mostly one, in order. */
export function queriesOf({ queries }: LookTable, hash: string): number[] {
  return queries.flatMap((query, at) => (query.hash === hash ? [at] : []));
}

export const lookOutcomes = ['all', 'right', 'wrong', 'a-only', 'b-only', 'neither'] as const;
/** At k: A right, A wrong, A right and B wrong, B right and A wrong, both wrong. */
export type LookOutcome = (typeof lookOutcomes)[number];

export const lookOrders = ['data', 'hardest', 'easiest'] as const;
/** As in the data set, or by the rank of A's first right neighbour. */
export type LookOrder = (typeof lookOrders)[number];

export const lookKs = [1, 5, 10] as const;
export type LookK = (typeof lookKs)[number];

export interface LookFilter {
  readonly outcome: LookOutcome;
  readonly at: LookK;
  /** Ranks of A's first right neighbour, both ends included; null where open. */
  readonly from: number | null;
  readonly to: number | null;
  readonly className: string | null;
  readonly order: LookOrder;
}

export const everyQuery: LookFilter = {
  outcome: 'all',
  at: 1,
  from: null,
  to: null,
  className: null,
  order: 'data',
};

/** Whether a user has asked for less than everything. */
export const isNarrowed = ({ outcome, from, to, className }: LookFilter): boolean =>
  outcome !== 'all' || from !== null || to !== null || className !== null;

/** Outcomes that involve run B. */
export const needsTwo = (outcome: LookOutcome): boolean =>
  outcome === 'a-only' || outcome === 'b-only' || outcome === 'neither';

/**
 * Positions in the table of the queries that fit, in the wanted order. Queries that do not count (their class, or every
 * gallery image of it, is unknown) are neither right nor wrong and have no rank: they fit where neither is asked for.
 */
export function filterQueries(table: LookTable, filter: LookFilter): Int32Array {
  const { a, b, queries, classes, queryClasses } = table;
  const wantedClass = filter.className === null ? null : classes.indexOf(filter.className);
  const ranked = filter.from !== null || filter.to !== null;
  const from = filter.from ?? 1;
  const to = filter.to ?? NOT_FOUND;
  const kept = new Int32Array(queries.length);
  let count = 0;
  for (let query = 0; query < queries.length; query++) {
    const rank = a.ranks[query] ?? 0;
    if (wantedClass !== null && (wantedClass < 0 || queryClasses[query] !== wantedClass)) continue;
    if (ranked && (rank === 0 || rank < from || rank > to)) continue;
    if (!hasOutcome(filter, rank, b?.ranks[query] ?? 0)) continue;
    kept[count] = query;
    count += 1;
  }
  return ordered(kept.subarray(0, count), a.ranks, filter.order);
}

function hasOutcome({ outcome, at }: LookFilter, rankA: number, rankB: number): boolean {
  if (outcome === 'all') return true;
  if (rankA === 0) return false;
  const rightA = rankA <= at;
  if (outcome === 'right') return rightA;
  if (outcome === 'wrong') return !rightA;
  if (rankB === 0) return false;
  const rightB = rankB <= at;
  if (outcome === 'neither') return !rightA && !rightB;
  return rightA !== rightB && rightA === (outcome === 'a-only');
}

/** Queries without a rank last, equal ranks in the order of the data set. */
function ordered(kept: Int32Array, ranks: Int32Array, order: LookOrder): Int32Array {
  if (order === 'data') return kept;
  const sign = order === 'easiest' ? 1 : -1;
  return kept.sort((x, y) => {
    const first = ranks[x] ?? 0;
    const second = ranks[y] ?? 0;
    if (first === second) return x - y;
    if (first === 0) return 1;
    if (second === 0) return -1;
    return sign * (first - second);
  });
}
