import type { TrainingSplit } from '../data/splits.ts';
import { exactTopK } from '../math/topk.ts';
import { normaliseRows } from '../math/vectors.ts';
import { gatherBatch, gatherLabels } from './batch.ts';
import { classify } from './classify.ts';
import { countCorrect, crossEntropy } from './cross-entropy.ts';
import { meanEmbeddings } from './ensemble.ts';
import { add, project } from './gradients.ts';
import { EMBEDDING_SIZE, type Parameters } from './parameters.ts';
import { type Product, transpose } from './product.ts';
import type { Standardisation } from './standardise.ts';
import type { TrainingJob, ValidationReport } from './training.ts';

const KS = [1, 5, 10];

/** Rows classified at a time. */
const BLOCK = 256;

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
  product: Product,
  breathe: () => Promise<void>,
): Promise<ValidationReport> {
  const measure = (rows: Int32Array) => measureRows(parameters, job, rows, standardisations, product, breathe);
  const [ofGallery, ofQuery] = [await measure(gallery), await measure(query)];
  const rows = gallery.length + query.length;
  return {
    loss: (ofGallery.loss + ofQuery.loss) / rows,
    accuracy: (ofGallery.correct + ofQuery.correct) / rows,
    topk: topkAccuracy(
      ofGallery.embeddings,
      ofQuery.embeddings,
      gatherLabels(job.labels, gallery),
      gatherLabels(job.labels, query),
    ),
  };
}

async function measureRows(
  parameters: Parameters,
  { members, labels, recipe }: TrainingJob,
  rows: Int32Array,
  standardisations: readonly Standardisation[],
  product: Product,
  breathe: () => Promise<void>,
): Promise<Measured> {
  const embeddings = new Float32Array(rows.length * EMBEDDING_SIZE);
  let loss = 0;
  let correct = 0;
  for (let from = 0; from < rows.length; from += BLOCK) {
    const block = rows.subarray(from, from + BLOCK);
    const blockLabels = gatherLabels(labels, block);
    let logits: Float32Array | null = null;
    const memberEmbeddings: Float32Array[] = [];
    for (const [i, { features }] of members.entries()) {
      const { columns } = gatherBatch(features, block, standardisations[i] as Standardisation);
      const z = await project(columns, parameters.projections[i] as Parameters['projections'][number], product);
      const classified = await classify(z, parameters.classifier, recipe, product);
      loss += crossEntropy(classified.logits, blockLabels, 0).loss;
      logits = logits ? add(logits, classified.logits) : classified.logits;
      memberEmbeddings.push(normaliseRows(transpose(z, EMBEDDING_SIZE, block.length), EMBEDDING_SIZE));
    }
    if (logits) correct += countCorrect(logits, blockLabels);
    embeddings.set(meanEmbeddings(memberEmbeddings), from * EMBEDDING_SIZE);
    await breathe();
  }
  return { loss, correct, embeddings };
}

function topkAccuracy(
  gallery: Float32Array,
  queries: Float32Array,
  galleryLabels: Int32Array,
  queryLabels: Int32Array,
): Record<string, number> {
  const longest = Math.max(...KS);
  const ranking = exactTopK(gallery, queries, EMBEDDING_SIZE, longest);
  let step = ranking.next();
  while (!step.done) step = ranking.next();
  const { rows } = step.value;
  const hits = KS.map(() => 0);
  queryLabels.forEach((label, query) => {
    const ranked = rows.subarray(query * longest, (query + 1) * longest);
    const rank = ranked.findIndex((row) => row >= 0 && galleryLabels[row] === label);
    KS.forEach((k, j) => {
      if (rank >= 0 && rank < k) (hits[j] as number)++;
    });
  });
  return Object.fromEntries(KS.map((k, j) => [String(k), (hits[j] as number) / queryLabels.length]));
}
