import type { TrainingSplit } from '../data/splits.ts';
import { normaliseRows } from '../math/vectors.ts';
import type { Arithmetic } from './arithmetic.ts';
import { gatherBatch, gatherLabels } from './batch.ts';
import { classify } from './classify.ts';
import { countCorrect, crossEntropy } from './cross-entropy.ts';
import { meanEmbeddings } from './ensemble.ts';
import { add, project } from './gradients.ts';
import { VALIDATION_BLOCK } from './learner.ts';
import { EMBEDDING_SIZE, type Linear, type Parameters } from './parameters.ts';
import type { Standardisation } from './standardise.ts';
import type { TrainingJob, ValidationReport } from './training.ts';
import { validationTopk } from './validation-topk.ts';

/** What is measured over some rows. */
interface Measured {
  /** Summed over rows and members. */
  readonly loss: number;
  readonly correct: number;
  /** Unit rows [n, 512]; of several members, their mean. */
  readonly embeddings: Float32Array;
}

/** Figures of the validation rows, of which there must be some. `breathe` is awaited between blocks. */
export async function validate(
  parameters: Parameters,
  job: TrainingJob,
  { gallery, query }: TrainingSplit,
  standardisations: readonly Standardisation[],
  arithmetic: Arithmetic,
  breathe: () => Promise<void>,
): Promise<ValidationReport> {
  const measure = (rows: Int32Array) => measureRows(parameters, job, rows, standardisations, arithmetic, breathe);
  const [ofGallery, ofQuery] = [await measure(gallery), await measure(query)];
  const rows = gallery.length + query.length;
  return {
    loss: (ofGallery.loss + ofQuery.loss) / rows,
    accuracy: (ofGallery.correct + ofQuery.correct) / rows,
    topk: await validationTopk(
      { embeddings: ofGallery.embeddings, labels: gatherLabels(job.labels, gallery) },
      { embeddings: ofQuery.embeddings, labels: gatherLabels(job.labels, query) },
      arithmetic,
      breathe,
    ),
  };
}

async function measureRows(
  parameters: Parameters,
  { members, labels, recipe }: TrainingJob,
  rows: Int32Array,
  standardisations: readonly Standardisation[],
  arithmetic: Arithmetic,
  breathe: () => Promise<void>,
): Promise<Measured> {
  const embeddings = new Float32Array(rows.length * EMBEDDING_SIZE);
  let loss = 0;
  let correct = 0;
  for (let from = 0; from < rows.length; from += VALIDATION_BLOCK) {
    const block = rows.subarray(from, from + VALIDATION_BLOCK);
    const blockLabels = gatherLabels(labels, block);
    let logits: Float32Array | null = null;
    const memberEmbeddings: Float32Array[] = [];
    for (const [i, { features }] of members.entries()) {
      const standardised = gatherBatch(features, block, standardisations[i] as Standardisation);
      const z = await project(standardised, parameters.projections[i] as Linear, arithmetic);
      const classified = await classify(z, parameters.classifier, recipe, arithmetic);
      loss += crossEntropy(classified.logits, blockLabels, 0).loss;
      logits = logits ? add(logits, classified.logits) : classified.logits;
      memberEmbeddings.push(normaliseRows(arithmetic.transpose(z, EMBEDDING_SIZE, block.length), EMBEDDING_SIZE));
    }
    if (logits) correct += countCorrect(logits, blockLabels);
    embeddings.set(meanEmbeddings(memberEmbeddings), from * EMBEDDING_SIZE);
    arithmetic.release();
    await breathe();
  }
  return { loss, correct, embeddings };
}
