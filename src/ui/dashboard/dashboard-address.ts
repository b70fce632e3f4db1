/**
 * `#/dashboard?tab=look&a=<run>&b=<run>&split=test&metric=top1` and the dashboard's store follow each other, so that back,
 * forward and reload do what a user expects. Another tab is a new history entry; other runs, split or metric are not.
 * Without `a`, the best run is shown.
 * Further parameters belong to the tab and stay as they are.
 */
import { useEffect, useRef } from 'react';
import type { RunRow } from '../../app/comparison/comparison.ts';
import type { Workspace } from '../../app/workspace.ts';
import { currentParameters, currentPath, navigate, useHashParameters } from '../location.ts';
import { useStore } from '../use-store.ts';
import { useActions, useWorkspace } from '../workspace.tsx';
import { askedChoice, parseDashboardAddress, withChoice } from './address-choice.ts';

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
