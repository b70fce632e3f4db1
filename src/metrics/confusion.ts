import type { QueryNeighbours } from '../types.ts';

/** Queries of one class whose first neighbour of another class is of a certain one. */
export interface ConfusedPair {
  readonly query: string;
  readonly neighbour: string;
  /** Such queries. */
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
  /** Those of them without a neighbour of another class among the neighbours given. */
  readonly unmet: number;
}

/**
 * Which class each query meets first besides its own, whether or not a right neighbour comes before it. Entry i of
 * `queryLabels` and `relevant` [queries] is query i: its class (null: unknown) and its right gallery images (0: counts
 * nowhere); `neighbours` are the same queries' first ones, whose rows count `galleryLabels`. Neighbours of unknown
 * class are passed over, since they may be right.
 */
export function confusionOf(
  queryLabels: readonly (string | null)[],
  relevant: Int32Array,
  { k, rows }: Pick<QueryNeighbours, 'k' | 'rows'>,
  galleryLabels: readonly (string | null)[],
): Confusion {
  const sizes = new Map<string, number>();
  const byClass = new Map<string, Map<string, { count: number; nearest: number }>>();
  let queries = 0;
  let unmet = 0;
  queryLabels.forEach((label, i) => {
    if (label === null || (relevant[i] ?? 0) === 0) return;
    queries += 1;
    sizes.set(label, (sizes.get(label) ?? 0) + 1);
    const met = firstOther(rows.subarray(i * k, (i + 1) * k), label, galleryLabels);
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

/**
 * At most `most` classes, sorted by name, among them those of the most frequent pairs: a matrix of these classes shows
 * the strongest confusions whole.
 */
export function mostConfusedClasses({ pairs }: Confusion, most: number): string[] {
  const chosen = new Set<string>();
  for (const { query, neighbour } of pairs) {
    const added = Number(!chosen.has(query)) + Number(!chosen.has(neighbour));
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
