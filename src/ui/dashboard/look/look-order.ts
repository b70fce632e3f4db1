import { type LookTable, queriesOf } from '../../../core/look.ts';
import type { LookAddress } from './look-address.ts';

/** Position in the table of the query that the address opens; null where none is, or where it is not among them. */
export function openedQuery(table: LookTable, { query, copy }: Pick<LookAddress, 'query' | 'copy'>): number | null {
  if (query === null) return null;
  const same = queriesOf(table, query);
  return same[copy - 1] ?? same[0] ?? null;
}

/** Which of the queries that show the same image it is, from 1. */
export function copyOf(table: LookTable, query: number): number {
  const hash = table.queries[query]?.hash ?? null;
  return hash === null ? 1 : queriesOf(table, hash).indexOf(query) + 1;
}

export interface Place {
  /** From 0; −1 where the query is not among those that fit. */
  readonly at: number;
  readonly before: number | null;
  readonly after: number | null;
}

/** Where a query stands among those that fit, and its neighbours in that order. */
export function placeOf(fitting: Int32Array, query: number): Place {
  const at = fitting.indexOf(query);
  if (at < 0) return { at, before: null, after: null };
  return { at, before: fitting[at - 1] ?? null, after: fitting[at + 1] ?? null };
}
