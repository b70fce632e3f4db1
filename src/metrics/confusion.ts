import type { QueryNeighbours } from '../types.ts';

/**
 * Which neighbour a query is counted by: the first of all, which makes the usual confusion matrix with the right answers on
 * its diagonal, or the first one that is wrong, whether or not a right one comes before it.
 */
export type ConfusionView = 'first' | 'wrong';

/** Queries of one class whose neighbour that counts is of a certain one; of the query's own class on the diagonal. */
export interface ConfusedPair {
  readonly query: string;
  readonly neighbour: string;
  /** Such queries; at least 1. */
  readonly count: number;
  /** Those of them for which it is the very first neighbour, before any right one. */
  readonly nearest: number;
  /** Queries of the class that count. */
  readonly of: number;
}

export interface Confusion {
  /** The most frequent first (ties: the greater share of its class, then by name). */
  readonly pairs: readonly ConfusedPair[];
  /** Queries that count. */
  readonly queries: number;
  /** Those of them without such a neighbour among those given: its class is unknown, or none is wrong. */
  readonly unmet: number;
}

/**
 * Queries with their neighbours and the classes of both. Entry i of `queryLabels` and `relevant` [queries] is query i: its
 * class (null: unknown) and its right gallery images (0: counts nowhere); `neighbours` are the same queries' first ones,
 * whose rows count `galleryLabels`.
 */
export interface LabelledNeighbours {
  readonly queryLabels: readonly (string | null)[];
  readonly relevant: Int32Array;
  readonly neighbours: Pick<QueryNeighbours, 'k' | 'rows'>;
  readonly galleryLabels: readonly (string | null)[];
}

/**
 * Which class the queries of each class meet. Among the first wrong neighbours, those of unknown class are passed over, since
 * they may be right; a first neighbour of unknown class is met by no query.
 */
export function confusionOf(judged: LabelledNeighbours, view: ConfusionView): Confusion {
  const { queryLabels, relevant } = judged;
  const sizes = new Map<string, number>();
  const byClass = new Map<string, Map<string, { count: number; nearest: number }>>();
  let queries = 0;
  let unmet = 0;
  queryLabels.forEach((label, i) => {
    if (label === null || (relevant[i] ?? 0) === 0) return;
    queries += 1;
    sizes.set(label, (sizes.get(label) ?? 0) + 1);
    const met = metBy(judged, view, i, label);
    if (met === null) {
      unmet += 1;
      return;
    }
    const { neighbour, rank } = met;
    const ofClass = byClass.get(label) ?? new Map<string, { count: number; nearest: number }>();
    byClass.set(label, ofClass);
    const pair = ofClass.get(neighbour) ?? { count: 0, nearest: 0 };
    ofClass.set(neighbour, pair);
    pair.count += 1;
    if (rank === 1) pair.nearest += 1;
  });
  const pairs = Array.from(byClass, ([query, neighbours]) =>
    Array.from(
      neighbours,
      ([neighbour, counts]): ConfusedPair => ({ query, neighbour, ...counts, of: sizes.get(query) ?? 0 }),
    ),
  ).flat();
  return { pairs: pairs.sort(byFrequency), queries, unmet };
}

/** The queries of one cell of the matrix: their entries, in order. */
export function queriesBetween(
  judged: LabelledNeighbours,
  view: ConfusionView,
  { query, neighbour }: Pick<ConfusedPair, 'query' | 'neighbour'>,
): number[] {
  return [...judged.queryLabels.keys()].filter(
    (i) =>
      judged.queryLabels[i] === query &&
      (judged.relevant[i] ?? 0) > 0 &&
      metBy(judged, view, i, query)?.neighbour === neighbour,
  );
}

/** The class that query i is counted by, and the rank from 1 at which it is met; null where there is none. */
function metBy(
  { neighbours: { k, rows }, galleryLabels }: LabelledNeighbours,
  view: ConfusionView,
  i: number,
  label: string,
): { readonly neighbour: string; readonly rank: number } | null {
  if (view === 'wrong') return firstOther(rows.subarray(i * k, (i + 1) * k), label, galleryLabels);
  const neighbour = k === 0 ? null : (galleryLabels[rows[i * k] ?? -1] ?? null);
  return neighbour === null ? null : { neighbour, rank: 1 };
}

/** The first neighbour whose class is known to be another, and its rank from 1; null where there is none. */
function firstOther(
  ranking: Int32Array,
  label: string,
  galleryLabels: readonly (string | null)[],
): { readonly neighbour: string; readonly rank: number } | null {
  for (let i = 0; i < ranking.length; i++) {
    // Undefined beyond the end of a ranking, where the row is −1.
    const neighbour = galleryLabels[ranking[i] ?? -1] ?? null;
    if (neighbour !== null && neighbour !== label) return { neighbour, rank: i + 1 };
  }
  return null;
}

/** Pairs off the diagonal. */
export const confusedPairs = ({ pairs }: Confusion): ConfusedPair[] =>
  pairs.filter(({ query, neighbour }) => query !== neighbour);

/**
 * At most `most` classes, sorted by name, among them those of the most frequent pairs off the diagonal: a matrix of these
 * classes shows the strongest confusions whole. Room that is left goes to the largest classes without one.
 */
export function mostConfusedClasses(confusion: Confusion, most: number): string[] {
  const chosen = new Set<string>();
  const diagonal = confusion.pairs.filter(({ query, neighbour }) => query === neighbour);
  for (const { query, neighbour } of [...confusedPairs(confusion), ...diagonal]) {
    const added = new Set([query, neighbour].filter((name) => !chosen.has(name))).size;
    if (chosen.size + added <= most) chosen.add(query).add(neighbour);
    if (chosen.size === most) break;
  }
  return [...chosen].sort(byCodeUnits);
}

function byFrequency(x: ConfusedPair, y: ConfusedPair): number {
  return y.count - x.count || x.of - y.of || byCodeUnits(x.query, y.query) || byCodeUnits(x.neighbour, y.neighbour);
}

function byCodeUnits(x: string, y: string): number {
  if (x === y) return 0;
  return x < y ? -1 : 1;
}
