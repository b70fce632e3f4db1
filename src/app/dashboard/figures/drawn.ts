import type { Figure } from '../../../figures/figure.ts';
import type { RunRow } from '../../comparison/comparison.ts';
import type { Workspace } from '../../workspace.ts';

export { runName } from '../../../core/run-name.ts';

/** The rows of the chosen runs: the one shown, then the one it is compared with. */
export function chosenRuns(workspace: Workspace): RunRow[] {
  const { a, b } = workspace.dashboard.getState();
  const { runs } = workspace.comparison.getState();
  return [a, b].flatMap((id) => runs.find((run) => run.id === id) ?? []);
}

/** A figure, or a sentence that says why there is none. */
export type Drawn =
  | { readonly figure: Figure; readonly reason: null }
  | { readonly figure: null; readonly reason: string };

export const drawn = (figure: Figure): Drawn => ({ figure, reason: null });
export const notDrawn = (reason: string): Drawn => ({ figure: null, reason });
