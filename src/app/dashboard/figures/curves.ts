import { JUDGED_NEIGHBOURS } from '../../../core/analysis.ts';
import { headsKey, trainedTogether } from '../../../core/run.ts';
import { trainingName } from '../../../core/run-name.ts';
import { KEPT_NEIGHBOURS } from '../../../core/score.ts';
import { cutoffFigure } from '../../../figures/cutoff-curve.ts';
import { similarityFigures } from '../../../figures/similarity-distribution.ts';
import { type TopKCurve, topKFigure } from '../../../figures/topk-curve.ts';
import { trainingFigure } from '../../../figures/training-curves.ts';
import { topKShares } from '../../../metrics/curve.ts';
import { precisionCurve } from '../../../metrics/cutoff.ts';
import { binsOver, countInBins, type JudgedSimilarities } from '../../../metrics/similarities.ts';
import { getHeads } from '../../../storage/heads.ts';
import type { EpochReport, RunRow } from '../../comparison/comparison.ts';
import { runOf } from '../../comparison/runs.ts';
import { context, database } from '../../context.ts';
import { noCutoffReason } from '../../search/cutoff.ts';
import type { Workspace } from '../../workspace.ts';
import { judgedSimilarities, queriesOf } from '../judged-neighbours.ts';
import { chosenRuns, type Drawn, drawn, notDrawn, runName } from './drawn.ts';

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

/** Similarities of right and wrong neighbours, one figure for each of the chosen runs, on the same axes. */
export async function similaritiesDrawn(workspace: Workspace): Promise<Drawn[]> {
  const { split } = workspace.dashboard.getState();
  const judged: { readonly run: RunRow; readonly list: JudgedSimilarities }[] = [];
  for (const run of chosenRuns(workspace)) {
    const queries = await queriesOf(workspace)(run.id, split);
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

/** Precision above every similarity for the run shown, measured on validation whatever split is looked at. */
export async function cutoffDrawn(workspace: Workspace): Promise<Drawn> {
  const [run] = chosenRuns(workspace);
  if (!run) return notDrawn('No run is chosen.');
  const queries = await queriesOf(workspace)(run.id, 'validation');
  if (!queries) return notDrawn(noCutoffReason(run));
  const curve = precisionCurve(await judgedSimilarities(workspace, queries, 'validation'));
  if (curve.kept.length === 0) return notDrawn(noCutoffReason(run));
  return drawn(cutoffFigure(runName(run), run.colour, curve, JUDGED_NEIGHBOURS));
}

/** How a head was trained. */
export interface StoredTraining {
  /** Equal for equal heads, which several runs may share. */
  readonly key: string;
  /** "ResNet-50, cosine, seed 0". */
  readonly label: string;
  readonly epochs: readonly EpochReport[];
}

/** The trainings of a run's heads: none of a frozen run, several of an ensemble of heads that were trained apart. */
export type LoadTrainings = (run: RunRow) => Promise<readonly StoredTraining[]>;

export const trainingsOf =
  (workspace: Workspace): LoadTrainings =>
  async ({ choice }) => {
    const run = await runOf(choice, workspace.dataset.getState().images);
    const trainings: StoredTraining[] = [];
    for (const group of run ? trainedTogether(run) : []) {
      if (!run) break;
      const key = await headsKey(run, group);
      const stored = await getHeads(database, run.datasetId, key);
      if (stored) {
        trainings.push({ key, label: trainingName(context.weights, group, run.recipe), epochs: stored.history });
      }
    }
    return trainings;
  };

/** Training curves of the heads of the chosen runs, each head once. */
export async function trainingsDrawn(workspace: Workspace, load: LoadTrainings): Promise<Drawn[]> {
  const trainings = new Map<string, StoredTraining>();
  for (const run of chosenRuns(workspace)) {
    for (const training of await load(run)) {
      // A head from a file tells nothing of its training.
      if (training.epochs.length > 0) trainings.set(training.key, training);
    }
  }
  if (trainings.size === 0) {
    return [
      notDrawn(
        'No head of the chosen runs was trained here: frozen models have none, and heads from files do not tell how they were trained.',
      ),
    ];
  }
  return [...trainings.values()].map(({ label, epochs }, at) =>
    drawn(trainingFigure(`training-${at + 1}`, label, epochs)),
  );
}
