import type { RunRow } from '../../app/comparison/comparison.ts';
import type { DashboardChoice, DashboardState } from '../../app/dashboard/dashboard.ts';
import { HEADLINE, isMetricKey, type MetricKey } from '../../metrics/registry.ts';
import type { ScoredSplit } from '../../types.ts';

/** What rules every tab. */
export type Choice = Pick<DashboardState, 'a' | 'aChosen' | 'b' | 'split' | 'metric'>;

export interface DashboardAddress {
  readonly tab: string | null;
  readonly a: string | null;
  readonly b: string | null;
  readonly split: ScoredSplit | null;
  readonly metric: MetricKey | null;
}

export function parseDashboardAddress(parameters: string): DashboardAddress {
  const read = new URLSearchParams(parameters);
  const split = read.get('split');
  const metric = read.get('metric');
  return {
    tab: read.get('tab'),
    a: read.get('a'),
    b: read.get('b'),
    split: split === 'test' || split === 'validation' ? split : null,
    metric: metric !== null && isMetricKey(metric) ? metric : null,
  };
}

/** The parameters with the choice in place of the one before; the rest stays. The best run goes without saying. */
export function withChoice(parameters: string, { a, aChosen, b, split, metric }: Choice): string {
  const changed = new URLSearchParams(parameters);
  const said = {
    a: aChosen ? a : null,
    b,
    split: a === null ? null : split,
    metric: metric === HEADLINE.key ? null : metric,
  };
  for (const [name, value] of Object.entries(said)) {
    if (value === null) changed.delete(name);
    else changed.set(name, value);
  }
  return changed.toString();
}

/**
 * What the address asks of the store: nothing where it says what is shown already. An address that names a run names
 * both, so that without `b` there is none; one that names nothing leaves what is shown. Runs and splits that are not there
 * are passed over.
 */
export function askedChoice(address: DashboardAddress, runs: readonly RunRow[], shown: Choice): DashboardChoice {
  const known = (id: string | null): string | null => (runs.some((run) => run.id === id) ? id : null);
  const a = known(address.a);
  const b = known(address.b);
  const { split, metric } = address;
  const asked: DashboardChoice = {
    ...(a === null ? {} : { a }),
    ...(address.a === null && b === null ? {} : { b }),
    ...(split !== null && runs.some(({ result }) => result[split]) ? { split } : {}),
    ...(metric === null ? {} : { metric }),
  };
  const says = (name: keyof DashboardChoice) => !(name in asked) || asked[name] === shown[name];
  const chosen = a === null || shown.aChosen;
  return chosen && says('a') && says('b') && says('split') && says('metric') ? {} : asked;
}
