import { similarityFigures } from '../../../figures/similarity-distribution.ts';
import { binsOver, countInBins, type JudgedSimilarities } from '../../../metrics/similarities.ts';
import type { RunRow } from '../../comparison/comparison.ts';
import type { Workspace } from '../../workspace.ts';
import { JUDGED_NEIGHBOURS, judgedSimilarities, type LoadQueries } from '../judged-neighbours.ts';
import { chosenRuns, runName } from './chosen-runs.ts';
import { type Drawn, drawn, notDrawn } from './drawn.ts';

/** Similarities of right and wrong neighbours, one figure for each of the chosen runs, on the same axes. */
export async function similaritiesDrawn(workspace: Workspace, load: LoadQueries): Promise<Drawn[]> {
  const { split } = workspace.dashboard.getState();
  const judged: { readonly run: RunRow; readonly list: JudgedSimilarities }[] = [];
  for (const run of chosenRuns(workspace)) {
    const queries = await load(run.id, split);
    if (queries) judged.push({ run, list: await judgedSimilarities(workspace, queries, split) });
  }
  const bins = binsOver(judged.map(({ list }) => list));
  if (bins === null)
    return [notDrawn(`The chosen run has no ${split} query whose neighbours are known to be right or wrong.`)];
  const counts = judged.map(({ run, list }, at) => ({
    id: at === 0 ? 'a' : 'b',
    label: runName(run),
    ...countInBins(list, bins),
  }));
  return similarityFigures(counts, bins, JUDGED_NEIGHBOURS, split).map(drawn);
}
