/**
 * `#/dashboard?tab=look&a=<run>&b=<run>&split=test&metric=top1` and the dashboard's store follow each other, so that back,
 * forward and reload do what a user expects. Another tab is a new history entry; other runs, split or metric are not.
 * Without `a`, the best run is shown.
 * Further parameters belong to the tab and stay as they are.
 */
import { useEffect, useRef } from 'react';
import type { RunRow } from '../../app/comparison/comparison.ts';
import type { DashboardChoice, DashboardState } from '../../app/dashboard/dashboard.ts';
import type { Workspace } from '../../app/workspace.ts';
import { HEADLINE, isMetricKey, type MetricKey } from '../../metrics/registry.ts';
import type { ScoredSplit } from '../../types.ts';
import { currentParameters, currentPath, navigate, useHashParameters } from '../location.ts';
import { useStore } from '../use-store.ts';
import { useActions, useWorkspace } from '../workspace.tsx';

const PATH = '/dashboard';

function writeAddress(workspace: Workspace): void {
  if (currentPath() !== PATH || workspace.closed.aborted) return;
  const wanted = withChoice(currentParameters(), workspace.dashboard.getState());
  if (wanted === currentParameters()) return;
  navigate(`${PATH}?${wanted}`, { replace: true, state: history.state });
}

/** Parameters with which each tab was left in this visit: queries and classes of one data set are not looked for in another. */
const leftIn = new WeakMap<Workspace, Map<string, string>>();

/** Opens a tab as it was left, with the runs as they are now. */
export function openTab(workspace: Workspace, id: string, from: string): void {
  const left = leftIn.get(workspace) ?? new Map<string, string>();
  leftIn.set(workspace, left);
  left.set(from, currentParameters());
  const parameters = new URLSearchParams(left.get(id) ?? '');
  parameters.set('tab', id);
  navigate(`${PATH}?${withChoice(parameters.toString(), workspace.dashboard.getState())}`);
}

/** Loads what the address asks for, and again when the runs are others. */
export function useDashboardAddress(): void {
  const { chooseDashboard, refreshDashboard } = useActions();
  const workspace = useWorkspace();
  const parameters = useHashParameters();
  const runs = useStore(workspace.comparison, (state) => state.runs);
  const loaded = useRef<readonly RunRow[] | null>(null);
  /** How many changes of the address are being followed: meanwhile the store is not written back. */
  const following = useRef(0);

  useEffect(() => {
    const fresh = loaded.current !== runs;
    loaded.current = runs;
    // Before there are runs, an address that names some waits for them.
    if (runs.length === 0) return;
    const asked = askedChoice(parseDashboardAddress(parameters), runs, workspace.dashboard.getState());
    const asksNothing = Object.keys(asked).length === 0;
    if (asksNothing && !fresh) {
      if (following.current === 0) writeAddress(workspace);
      return;
    }
    following.current += 1;
    void (asksNothing ? refreshDashboard() : chooseDashboard(asked)).finally(() => {
      following.current -= 1;
      // A run that is not there leaves the address again.
      if (following.current === 0) writeAddress(workspace);
    });
  }, [parameters, runs, workspace, chooseDashboard, refreshDashboard]);

  useEffect(
    () =>
      workspace.dashboard.subscribe((state, previous) => {
        if (following.current > 0) return;
        const said = ({ a, aChosen, b, split, metric }: typeof state) => [a, aChosen, b, split, metric].join(' ');
        if (said(state) !== said(previous)) writeAddress(workspace);
      }),
    [workspace],
  );
}

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
