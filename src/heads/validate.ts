import type { TrainingSplit } from '../data/splits.ts';
import { normaliseRows } from '../math/vectors.ts';
import type { Arithmetic } from './arithmetic.ts';
import { classify, countCorrect, crossEntropy } from './classify.ts';
import { meanEmbeddings } from './ensemble.ts';
import { add, project } from './gradients.ts';
import { VALIDATION_BLOCK } from './learner.ts';
import { EMBEDDING_SIZE, type Linear, type Parameters } from './parameters.ts';
import type { Standardisation } from './standardise.ts';
import { gatherBatch, gatherLabels } from './standardise.ts';
import type { TrainingJob, ValidationReport } from './training.ts';

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

const KS = [1, 5, 10];

/** Unit rows [n, 512] and their n classes. */
export interface LabelledRows {
  readonly embeddings: Float32Array;
  readonly labels: Int32Array;
}

/**
 * k → share of `queries` with a row of their class among the first k of `gallery`, ties by gallery order. Similarities
 * are the arithmetic's, not math/similarity.ts's sums in float64: this is measured after every epoch, and is a curve
 * to watch, where two that differ in the seventh digit may change places. `breathe` is awaited between blocks.
 */
export async function validationTopk(
  gallery: LabelledRows,
  queries: LabelledRows,
  arithmetic: Arithmetic,
  breathe: () => Promise<void>,
): Promise<Record<string, number>> {
  const hits = KS.map(() => 0);
  const rows = gallery.labels.length;
  for (let from = 0; from < queries.labels.length; from += VALIDATION_BLOCK) {
    const asked = blockOf(queries, from);
    const count = asked.labels.length;
    const similarities = new Float32Array(count * rows);
    for (let left = 0; left < rows; left += VALIDATION_BLOCK) {
      const { embeddings, labels } = blockOf(gallery, left);
      const width = labels.length;
      const part = await arithmetic.productTransposed(asked.embeddings, embeddings, count, EMBEDDING_SIZE, width);
      for (let query = 0; query < count; query++) {
        similarities.set(part.subarray(query * width, (query + 1) * width), query * rows + left);
      }
      arithmetic.release();
      await breathe();
    }
    asked.labels.forEach((label, query) => {
      const rank = rankOfFirstRight(similarities.subarray(query * rows, (query + 1) * rows), gallery.labels, label);
      KS.forEach((k, j) => {
        if (rank < k) (hits[j] as number)++;
      });
    });
  }
  return Object.fromEntries(KS.map((k, j) => [String(k), (hits[j] as number) / queries.labels.length]));
}

function blockOf({ embeddings, labels }: LabelledRows, from: number): LabelledRows {
  const to = Math.min(labels.length, from + VALIDATION_BLOCK);
  return {
    embeddings: embeddings.subarray(from * EMBEDDING_SIZE, to * EMBEDDING_SIZE),
    labels: labels.subarray(from, to),
  };
}

/** How many rows come before the first of class `label`, from 0; infinite where none is of that class. */
function rankOfFirstRight(similarities: Float32Array, labels: Int32Array, label: number): number {
  let first = -1;
  for (let row = 0; row < labels.length; row++) {
    if (labels[row] !== label) continue;
    if (first < 0 || (similarities[row] as number) > (similarities[first] as number)) first = row;
  }
  if (first < 0) return Number.POSITIVE_INFINITY;
  const best = similarities[first] as number;
  let before = 0;
  for (let row = 0; row < similarities.length; row++) {
    const similarity = similarities[row] as number;
    if (similarity > best || (similarity === best && row < first)) before++;
  }
  return before;
}
