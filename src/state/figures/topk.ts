import { bandOf } from '../../core/analysis-client.ts';
import { KEPT_NEIGHBOURS } from '../../core/score.ts';
import { type TopKCurve, topKFigure } from '../../figures/topk-curve.ts';
import { countedRanks, topKShares } from '../../metrics/curve.ts';
import { comparisonStore } from '../comparison.ts';
import { dashboardStore } from '../dashboard.ts';
import { chosenRuns, runName } from './chosen-runs.ts';
import { type Drawn, drawn, notDrawn } from './drawn.ts';

/** Top-k accuracy for k = 1 … 100 of the chosen runs, with all others as quiet lines where they are wanted. */
export async function topKDrawn(others: boolean, signal: AbortSignal): Promise<Drawn> {
  const { outcomes, neighbours, split, a } = dashboardStore.getState();
  const chosen = chosenRuns();
  // No longer than the gallery is.
  const most = (a === null ? undefined : neighbours.get(a)?.k) ?? KEPT_NEIGHBOURS;
  const curves: TopKCurve[] = [];
  for (const run of chosen) {
    const of = outcomes.get(run.id);
    const ranks = of && countedRanks(of);
    if (!ranks || ranks.length === 0) continue;
    const band = await bandOf(ranks, most, signal);
    curves.push({ label: runName(run), colour: run.colour, shares: topKShares(ranks, most), band });
  }
  if (curves.length === 0) return notDrawn(`The chosen run has no ${split} query that counts.`);
  const quiet = comparisonStore.getState().runs.flatMap((run) => {
    const of = outcomes.get(run.id);
    if (!others || !of || chosen.includes(run)) return [];
    const ranks = countedRanks(of);
    return ranks.length === 0
      ? []
      : [{ label: runName(run), colour: run.colour, shares: topKShares(ranks, most), band: null }];
  });
  return drawn(topKFigure([...curves, ...quiet], split));
}
