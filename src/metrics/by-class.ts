import { type Interval, wilsonInterval } from './intervals.ts';

/** How often the queries of one class find an image of their class among the first k. */
export interface ClassAccuracy {
  readonly className: string;
  /** Queries of the class that count; at least 1. */
  readonly queries: number;
  /** Those with a right neighbour among the first k. */
  readonly hits: number;
  /** hits / queries, between 0 and 1. */
  readonly share: number;
  /** 95 % Wilson interval of the share. */
  readonly interval: Interval;
}

/** One class under two runs. A run that no query of the class was asked of has null. */
export interface ClassComparison {
  readonly className: string;
  readonly a: ClassAccuracy | null;
  readonly b: ClassAccuracy | null;
  /** Share of a − share of b, between −1 and 1; null where one of them is missing. */
  readonly change: number | null;
}

/**
 * Top-k accuracy of each class that has a query that counts, from worst to best (ties: more queries first, then by
 * name). Entry i of `labels`, `relevant` and `firstHitRank` [queries] is query i: its class (null: unknown), its right
 * gallery images (0: counts nowhere) and the rank of the first of them, from 1 (0: not found).
 */
export function accuracyByClass(
  labels: readonly (string | null)[],
  { relevant, firstHitRank }: { readonly relevant: Int32Array; readonly firstHitRank: Int32Array },
  k: number,
): ClassAccuracy[] {
  const counts = new Map<string, { queries: number; hits: number }>();
  labels.forEach((className, i) => {
    if (className === null || (relevant[i] ?? 0) === 0) return;
    const rank = firstHitRank[i] ?? 0;
    const count = counts.get(className) ?? { queries: 0, hits: 0 };
    count.queries += 1;
    if (rank > 0 && rank <= k) count.hits += 1;
    counts.set(className, count);
  });
  return Array.from(counts, ([className, { queries, hits }]) => ({
    className,
    queries,
    hits,
    share: hits / queries,
    interval: wilsonInterval(hits, queries),
  })).sort((x, y) => x.share - y.share || y.queries - x.queries || byName(x, y));
}

/** Both runs' accuracies, class by class: what lost most from b to a first, what gained most last, then those that only one run has. */
export function compareClasses(a: readonly ClassAccuracy[], b: readonly ClassAccuracy[]): ClassComparison[] {
  const ofA = new Map(a.map((entry) => [entry.className, entry]));
  const ofB = new Map(b.map((entry) => [entry.className, entry]));
  return [...new Set([...ofA.keys(), ...ofB.keys()])]
    .map((className): ClassComparison => {
      const inA = ofA.get(className) ?? null;
      const inB = ofB.get(className) ?? null;
      return { className, a: inA, b: inB, change: inA && inB ? inA.share - inB.share : null };
    })
    .sort((x, y) => (x.change ?? 2) - (y.change ?? 2) || byName(x, y));
}

/** The `most` classes that gained most and that lost most from b to a, the greatest change first; none that stayed. */
export function greatestChanges(
  comparisons: readonly ClassComparison[],
  most: number,
): { readonly gained: ClassComparison[]; readonly lost: ClassComparison[] } {
  const changed = (sign: 1 | -1) =>
    comparisons
      .filter(({ change }) => sign * (change ?? 0) > 0)
      .sort((x, y) => sign * ((y.change ?? 0) - (x.change ?? 0)) || byName(x, y))
      .slice(0, most);
  return { gained: changed(1), lost: changed(-1) };
}

/** By code units, so that every machine gives the same order. */
function byName(x: { readonly className: string }, y: { readonly className: string }): number {
  if (x.className === y.className) return 0;
  return x.className < y.className ? -1 : 1;
}
