import { trainedTogether } from '../../core/run.ts';
import { fileNames } from '../../core/run-row.ts';
import { storedHeads, trainingLabels } from '../../core/train-heads.ts';
import { repeatedOnce } from '../../core/worker-faults.ts';
import { sha256 } from '../../data/hash.ts';
import { AppError, aborted } from '../../errors.ts';
import { putHeads } from '../../storage/heads.ts';
import { context, database } from '../context.ts';
import { jobs } from '../jobs/jobs.ts';
import { embedWith } from '../models/extraction.ts';
import { allWeights, findWeightsById, usableWeights } from '../models/weights.ts';
import { saveFile } from '../save-file.ts';
import type { Workspace } from '../workspace.ts';
import { evaluate, USUAL_SETTINGS } from './evaluation.ts';
import { type RunChoice, runOf } from './runs.ts';

/** Saves the head of a fine-tuned run of one member as a .safetensors file. */
export async function saveHead(workspace: Workspace, runId: string): Promise<void> {
  try {
    const row = workspace.comparison.getState().runs.find(({ id }) => id === runId);
    const run = row && (await runOf(row.choice, workspace.dataset.getState().images));
    const [group] = run ? trainedTogether(run) : [];
    const [member] = group ?? [];
    const weights = member && findWeightsById(member.weightsId);
    const usable = weights && usableWeights(weights);
    if (!run || !group || !member || !usable || run.members.length !== 1) {
      throw new AppError('bad-argument', 'Only the head of a single fine-tuned model can be saved.');
    }
    const { architecture } = member;
    if (architecture === 'own-vectors') {
      throw new AppError(
        'bad-argument',
        'The head of vectors that were imported cannot be saved: nothing could use it.',
      );
    }
    const [head] = (await storedHeads(context, run, group)).heads;
    if (!head) throw new AppError('dataset-unusable', 'This head is not there any more. Run the comparison again.');
    const saved = {
      head,
      recipe: run.recipe,
      classes: trainingLabels(run).classes,
      backbone: {
        architecture,
        weights: member.weightsId,
        sha256: usable.cached?.sha256 ?? null,
        preprocessing: usable.preprocessing,
      },
    };
    const file = await repeatedOnce(null, async () => (await context.workers.training.api()).saveHead(saved));
    saveFile(file, `${fileNames(workspace.comparison.getState().runs).get(runId) ?? runId}.head.safetensors`);
  } catch (error) {
    jobs.fail('comparison', error);
  }
}

/** A head that was saved here or in another browser becomes a run of the open data set. */
export async function loadHead(workspace: Workspace, file: File): Promise<void> {
  await jobs.run({ screen: 'comparison', stage: `Loading ${file.name}`, unit: 'images' }, async (job) => {
    const loading = repeatedOnce(job.signal, async () => (await context.workers.training.api()).loadHead(file));
    const { head, recipe, backbone } = await loading;
    const weights = allWeights().find((candidate) => {
      const usable = usableWeights(candidate);
      return candidate.architecture === backbone.architecture && (usable?.cached?.sha256 ?? null) === backbone.sha256;
    });
    if (!weights || !usableWeights(weights)) {
      const sentence = `This head was trained on the weights “${backbone.weights}”, which are not here. Download or drop them on the models screen, then load the head again.`;
      throw new AppError('weights-missing', sentence);
    }
    if (job.signal.aborted) throw aborted();
    const { images } = workspace.dataset.getState();
    await embedWith(workspace, weights, images, job);
    const choice: RunChoice = {
      members: [{ weightsId: weights.id, head: 'finetuned' }],
      combine: null,
      recipe,
      loaded: (await sha256(file)).slice(0, 16),
      rank: 'plain',
    };
    const run = await runOf(choice, images);
    if (!run) throw new AppError('dataset-unusable', 'Open a data set first, then load the head.');
    const empty = new Int32Array();
    await putHeads(database, run.datasetId, `loaded:${choice.loaded}`, {
      heads: [head],
      fitHeads: [head],
      refit: recipe.refit,
      split: { fit: empty, gallery: empty, query: empty, undividedClasses: [] },
      epochs: 0,
      bestEpoch: 0,
      bestValidationLoss: null,
      ended: 'epochs',
      history: [],
    });
    await evaluate(choice, images, USUAL_SETTINGS, job.signal);
  });
}
