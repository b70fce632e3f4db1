/**
 * `#/dashboard?tab=look&class=apple&outcome=wrong&at=5&query=<hash>`: what is looked at is in the address, beside
 * the parameters of other parts of the dashboard. A filter replaces the history entry, an opened query is a new one.
 */
import { everyQuery, type LookFilter, lookKs, lookOrders, lookOutcomes } from '../../../core/look.ts';
import { currentParameters, navigate } from '../../location.ts';

export const neighbourCounts = [5, 10, 20] as const;
export type NeighbourCount = (typeof neighbourCounts)[number];

export interface LookAddress {
  readonly filter: LookFilter;
  /** Neighbours in a row. */
  readonly neighbours: NeighbourCount;
  /** SHA-256 of the query that is open; null where none is. */
  readonly query: string | null;
  /** Which of the queries that show this same image, from 1. */
  readonly copy: number;
}

export function parseLookAddress(parameters: string): LookAddress {
  const read = new URLSearchParams(parameters);
  return {
    filter: {
      outcome: oneOf(lookOutcomes, read.get('outcome')) ?? everyQuery.outcome,
      at: oneOf(lookKs, read.get('at')) ?? everyQuery.at,
      from: rank(read.get('from')),
      to: rank(read.get('to')),
      className: read.get('class'),
      order: oneOf(lookOrders, read.get('order')) ?? everyQuery.order,
    },
    neighbours: oneOf(neighbourCounts, read.get('neighbours')) ?? 10,
    query: read.get('query')?.match(/^[0-9a-f]{64}$/)?.[0] ?? null,
    copy: rank(read.get('copy')) ?? 1,
  };
}

function oneOf<T extends string | number>(choices: readonly T[], text: string | null): T | null {
  return choices.find((choice) => String(choice) === text) ?? null;
}

/** A whole number from 1; null where it is none. */
export function rank(text: string | null): number | null {
  const value = text === null || !/^\s*\d{1,7}\s*$/.test(text) ? 0 : Number(text);
  return value >= 1 ? value : null;
}

/** The parameters with the filter in place of the one before; what is as usual is left out, the rest stays. */
export function withFilter(parameters: string, filter: LookFilter): string {
  const { className, ...rest } = filter;
  const { className: _, ...usual } = everyQuery;
  const changed = new URLSearchParams(parameters);
  put(changed, 'class', className);
  for (const [name, value] of Object.entries(rest)) {
    const isUsual = Object.entries(usual).some(([known, usually]) => known === name && usually === value);
    put(changed, name, isUsual || value === null ? null : String(value));
  }
  return changed.toString();
}

function put(parameters: URLSearchParams, name: string, value: string | null): void {
  if (value === null) parameters.delete(name);
  else parameters.set(name, value);
}

const go = (parameters: string, kind: 'push' | 'replace', state: unknown = null): void =>
  navigate(`/dashboard?${parameters}`, { replace: kind === 'replace', state });

/** What is not changed stays as the address has it now, which may be newer than what is rendered. */
export function changeFilter(change: Partial<LookFilter>): void {
  const parameters = currentParameters();
  go(withFilter(parameters, { ...parseLookAddress(parameters).filter, ...change }), 'replace');
}

/** Everything again, in the order that was chosen. */
export function clearFilter(): void {
  const { order: _, ...narrowing } = everyQuery;
  changeFilter(narrowing);
}

export function setNeighbours(count: NeighbourCount): void {
  const changed = new URLSearchParams(currentParameters());
  put(changed, 'neighbours', count === 10 ? null : String(count));
  go(changed.toString(), 'replace');
}

/** From the list: a new history entry, so that back closes the query. From another open query: in its place. */
export function openQuery(hash: string, copy: number, kind: 'push' | 'replace'): void {
  const changed = new URLSearchParams(currentParameters());
  changed.set('query', hash);
  put(changed, 'copy', copy === 1 ? null : String(copy));
  go(changed.toString(), kind, kind === 'push' ? { fromList: true } : history.state);
}

export function closeQuery(): void {
  const state: unknown = history.state;
  if (typeof state === 'object' && state !== null && 'fromList' in state) {
    history.back();
    return;
  }
  const changed = new URLSearchParams(currentParameters());
  changed.delete('query');
  changed.delete('copy');
  go(changed.toString(), 'replace');
}
