import type { RunRow } from '../../app/comparison/comparison.ts';
import type { DashboardState } from '../../app/dashboard/dashboard.ts';
import type { ScoredSplit } from '../../types.ts';

/** What rules every tab. */
export type Choice = Pick<DashboardState, 'a' | 'b' | 'split'>;

export interface DashboardAddress {
  readonly tab: string | null;
  readonly a: string | null;
  readonly b: string | null;
  readonly split: ScoredSplit | null;
}

export function parseDashboardAddress(parameters: string): DashboardAddress {
  const read = new URLSearchParams(parameters);
  const split = read.get('split');
  return {
    tab: read.get('tab'),
    a: read.get('a'),
    b: read.get('b'),
    split: split === 'test' || split === 'validation' ? split : null,
  };
}

/** The parameters with the choice in place of the one before; the rest stays. */
export function withChoice(parameters: string, { a, b, split }: Choice): string {
  const changed = new URLSearchParams(parameters);
  for (const [name, value] of Object.entries({ a, b, split: a === null ? null : split })) {
    if (value === null) changed.delete(name);
    else changed.set(name, value);
  }
  return changed.toString();
}

/**
 * What the address asks of the store: nothing where it says what is shown already. An address that names a run names
 * both, so that without `b` there is none; one that names nothing leaves what is shown. Runs and splits that are not to
 * be had are passed over.
 */
export function askedChoice(address: DashboardAddress, runs: readonly RunRow[], shown: Choice): Partial<Choice> {
  const known = (id: string | null): string | null => (runs.some((run) => run.id === id) ? id : null);
  const a = known(address.a);
  const b = known(address.b);
  const { split } = address;
  const asked: Partial<Choice> = {
    ...(a === null ? {} : { a }),
    ...(address.a === null && b === null ? {} : { b }),
    ...(split !== null && runs.some(({ result }) => result[split]) ? { split } : {}),
  };
  const says = (name: keyof Choice) => !(name in asked) || asked[name] === shown[name];
  return says('a') && says('b') && says('split') ? {} : asked;
}
