import { KEPT_NEIGHBOURS } from '../../../core/score.ts';
import { type TopKCurve, topKFigure } from '../../../figures/topk-curve.ts';
import { topKShares } from '../../../metrics/curve.ts';
import type { Workspace } from '../../workspace.ts';
import { chosenRuns, runName } from './chosen-runs.ts';
import { type Drawn, drawn, notDrawn } from './drawn.ts';

/** Top-k accuracy for k = 1 … 100 of the chosen runs, with all others as quiet lines where they are wanted. */
export function topKDrawn(workspace: Workspace, others: boolean): Drawn {
  const { outcomes, neighbours, split, a } = workspace.dashboard.getState();
  const chosen = chosenRuns(workspace);
  // No longer than the gallery is.
  const most = (a === null ? undefined : neighbours.get(a)?.k) ?? KEPT_NEIGHBOURS;
  const curves: TopKCurve[] = [];
  for (const run of chosen) {
    const of = outcomes.get(run.id);
    const curve = of && topKShares(of, most);
    if (curve) curves.push({ label: runName(run), colour: run.colour, shares: curve.shares, band: curve });
  }
  if (curves.length === 0) return notDrawn(`The chosen run has no ${split} query that counts.`);
  const quiet = workspace.comparison.getState().runs.flatMap((run) => {
    const of = outcomes.get(run.id);
    if (!others || !of || chosen.includes(run)) return [];
    const curve = topKShares(of, most);
    return curve ? [{ label: runName(run), colour: run.colour, shares: curve.shares, band: null }] : [];
  });
  return drawn(topKFigure([...curves, ...quiet], split));
}
