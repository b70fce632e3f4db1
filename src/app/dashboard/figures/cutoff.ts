import { cutoffFigure } from '../../../figures/cutoff-curve.ts';
import { precisionCurve } from '../../../metrics/cutoff.ts';
import { noCutoffReason } from '../../search/cutoff.ts';
import type { Workspace } from '../../workspace.ts';
import { JUDGED_NEIGHBOURS, judgedSimilarities, type LoadQueries } from '../judged-neighbours.ts';
import { chosenRuns, runName } from './chosen-runs.ts';
import { type Drawn, drawn, notDrawn } from './drawn.ts';

/** Precision above every similarity for the run shown, measured on validation whatever split is looked at. */
export async function cutoffDrawn(workspace: Workspace, load: LoadQueries): Promise<Drawn> {
  const [run] = chosenRuns(workspace);
  if (!run) return notDrawn('No run is chosen.');
  const queries = await load(run.id, 'validation');
  if (!queries) return notDrawn(noCutoffReason(run));
  const curve = precisionCurve(await judgedSimilarities(workspace, queries, 'validation'));
  if (curve.kept.length === 0) return notDrawn(noCutoffReason(run));
  return drawn(cutoffFigure(runName(run), run.colour, curve, JUDGED_NEIGHBOURS));
}
