/** Heads as files: what is saved of one, and what becomes a run of another data set. */
import { sha256 } from '../data/file-bytes.ts';
import { AppError } from '../errors.ts';
import type { HeadBackbone, SavedHead } from '../heads/head-file.ts';
import { OWN, variantId } from '../models/specs/variants.ts';
import { putHeads } from '../storage/heads.ts';
import type { Weights } from '../types.ts';
import type { Context } from './context.ts';
import { type Run, trainedTogether } from './run.ts';
import type { RunChoice } from './run-choice.ts';
import { knownClasses } from './run-classes.ts';
import { storedHeads, trainingLabels } from './train-heads.ts';
import { isSamePreprocessing, type WeightsCatalogue } from './weights-catalogue.ts';
import { repeatedOnce } from './worker-faults.ts';

/** The head of a fine-tuned run of one member as a file. Throws AppError 'bad-argument' of another run, 'dataset-unusable' where the head is gone. */
export async function savedHead(context: Context, run: Run): Promise<Blob> {
  const [group] = trainedTogether(run);
  const [member] = group ?? [];
  const weights = member && context.weights.find(member.weightsId);
  const usable = weights && context.weights.usable(weights);
  if (!group || !member || !usable || run.members.length !== 1) {
    throw new AppError('bad-argument', 'Only the head of a single fine-tuned model can be saved.');
  }
  const { architecture } = member;
  if (architecture === 'own-vectors') {
    throw new AppError('bad-argument', 'The head of vectors that were imported cannot be saved: nothing could use it.');
  }
  const trained = await storedHeads(context, run, group);
  const [head] = trained.heads;
  if (!head) throw new AppError('dataset-unusable', 'This head is not there any more. Run the comparison again.');
  const { calibration, isFitted } = await knownClasses(context, run, 'off');
  const saved: SavedHead = {
    head,
    recipe: run.recipe,
    // One that came in a file keeps the classes that it was trained on.
    classes: trained.classes ?? trainingLabels(run).classes,
    backbone: {
      architecture,
      weights: member.weightsId,
      sha256: usable.cached?.sha256 ?? null,
      preprocessing: usable.preprocessing,
    },
    // The images that it was fitted on stay here.
    ...(isFitted && { calibration }),
  };
  return repeatedOnce(null, async () => (await context.workers.training.api()).saveHead(saved));
}

/** A head's file, the weights that it goes with, and the run that it makes. */
export interface OpenedHead {
  readonly saved: SavedHead;
  readonly weights: Weights;
  readonly choice: RunChoice;
}

/**
 * Reads a head's file. Throws AppError 'weights-refused' and 'weights-mismatch' of what is no head, 'weights-missing' where its
 * weights are not here, and 'weights-mismatch' where images are prepared for them in another way here.
 */
export async function openedHead(context: Context, file: Blob, signal: AbortSignal): Promise<OpenedHead> {
  const saved = await repeatedOnce(signal, async () => (await context.workers.training.api()).loadHead(file));
  const weights = weightsOf(context.weights, saved.backbone);
  const choice: RunChoice = {
    members: [{ weightsId: weights.id, head: 'finetuned' }],
    combine: null,
    recipe: saved.recipe,
    loaded: (await sha256(file)).slice(0, 16),
    rank: 'plain',
  };
  return { saved, weights, choice };
}

/** Stores the head as that of the run it makes. */
export async function keepHead(
  { database }: Context,
  datasetId: string,
  { saved: { head, recipe, classes, calibration }, choice }: OpenedHead,
): Promise<void> {
  const empty = new Int32Array();
  await putHeads(database, datasetId, `loaded:${choice.loaded}`, {
    heads: [head],
    fitHeads: [head],
    refit: recipe.refit,
    split: { fit: empty, gallery: empty, query: empty, undividedClasses: [] },
    epochs: 0,
    bestEpoch: 0,
    bestValidationLoss: null,
    ended: 'epochs',
    history: [],
    classes,
    ...(calibration && { calibration }),
  });
}

/** The weights that a head was trained on, prepared as they were then: other features would be strangers to it. */
function weightsOf(
  catalogue: WeightsCatalogue,
  { architecture, weights: name, sha256: content, preprocessing }: HeadBackbone,
): Weights {
  const same = catalogue.all().find((candidate) => {
    const usable = catalogue.usable(candidate);
    return usable && candidate.architecture === architecture && (usable.cached?.sha256 ?? null) === content;
  });
  const named = catalogue.find(name);
  const other = named && catalogue.usable(named)?.cached?.sha256;
  if (!same && content !== null && other) {
    const sentence = `This head was trained on another version of the weights “${name}” (SHA-256 ${content.slice(0, 8)}…) than the one that is here (${other.slice(0, 8)}…), whose features are strangers to it. Drop the model.safetensors of that version on the models screen, then load the head again.`;
    throw new AppError('weights-mismatch', sentence);
  }
  if (!same) {
    const sentence = `This head was trained on the weights “${name}”, which are not here. Download or drop them on the models screen, then load the head again.`;
    throw new AppError('weights-missing', sentence);
  }
  const { size, flip = false } = preprocessing;
  for (const variant of [OWN, { size: null, flip }, { size, flip }]) {
    const weights = catalogue.find(variantId(same.id, variant));
    const usable = weights && catalogue.usable(weights);
    if (usable && isSamePreprocessing(usable.preprocessing, preprocessing)) return weights;
  }
  const sentence = `This head was trained on images that were prepared in another way than for “${same.label}” here: ${size} pixels, crop ${preprocessing.cropPct}. Drop its weights with their config.json on the models screen, then load the head again.`;
  throw new AppError('weights-mismatch', sentence);
}
