import { headsKey, trainedTogether } from '../../../core/run.ts';
import { trainingName } from '../../../core/run-name.ts';
import { trainingFigure } from '../../../figures/training-curves.ts';
import { getHeads } from '../../../storage/heads.ts';
import type { EpochReport, RunRow } from '../../comparison/comparison.ts';
import { runOf } from '../../comparison/runs.ts';
import { context, database } from '../../context.ts';
import type { Workspace } from '../../workspace.ts';
import { chosenRuns } from './chosen-runs.ts';
import { type Drawn, drawn, notDrawn } from './drawn.ts';

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
