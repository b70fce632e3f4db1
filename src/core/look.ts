/** The queries of one run, or of two side by side, as columns: filters and rows read numbers, no object a neighbour. */
import type { ImageRecord, QueryNeighbours, QueryOutcomes, ScoredSplit } from '../types.ts';
import { scoredImages } from './evaluate-run.ts';

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
