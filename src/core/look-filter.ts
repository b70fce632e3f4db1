/** Which queries are looked at, and in which order. */
import { type LookTable, NOT_FOUND } from './look.ts';

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

/** Outcomes that speak of run B. */
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
