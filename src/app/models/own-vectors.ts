import type { ImportedVectors } from '../../core/own-vectors.ts';
import { AppError, quoted } from '../../errors.ts';
import { vectorsContradiction } from '../../models/named-network.ts';
import { numeral, numeralOf } from '../../numerals.ts';
import { context } from '../context.ts';
import { continueReading } from '../dataset/read.ts';
import { jobs } from '../jobs/jobs.ts';
import { deleteStored } from '../settings/storage.ts';
import type { Workspace } from '../workspace.ts';
import { embed } from './embed.ts';
import { findWeightsById, usableWeights } from './weights.ts';

/** Vectors that the user made elsewhere become a model of the open data set, which is scored, searched and compared like any other. */
export async function importVectors(workspace: Workspace, files: readonly File[]): Promise<void> {
  const { dataset } = workspace.dataset.getState();
  if (!dataset) {
    const sentence = 'Vectors are of images: open their data set first, then import them.';
    jobs.fail('models', new AppError('dataset-unusable', sentence));
    return;
  }
  const found: ImportedVectors[] = [];
  await jobs.run({ screen: 'models', stage: 'Importing vectors', unit: 'rows', scope: dataset.id }, async (job) => {
    // An image that has not been read has no hash, by which its vector would be found.
    if (!(await continueReading(workspace))) return;
    const { importOwnVectors } = await import('../../core/own-vectors.ts');
    const { images } = workspace.dataset.getState();
    found.push(await importOwnVectors(context, files, { datasetId: dataset.id, images }, job));
    context.changes.tell({ kind: 'weights' });
    context.changes.tell({ kind: 'features' });
  });
  const [imported] = found;
  if (!imported) return;
  const { label, features } = imported.weights;
  const contradiction = vectorsContradiction(label, features);
  if (contradiction && !workspace.closed.aborted) {
    jobs.warn(new AppError('weights-mismatch', contradiction), { about: dataset.id });
  }
  const left = leftWords(imported);
  if (left && !workspace.closed.aborted) jobs.warn(new AppError('dataset-unusable', left), { about: dataset.id });
  await workspace.catchUp.settled();
  await embed(workspace, [imported.weights.id]);
}

/** With them their model leaves the list; runs that were scored stay. */
export async function removeOwnVectors(workspace: Workspace, weightsId: string): Promise<void> {
  const weights = findWeightsById(weightsId);
  const vectors = weights && usableWeights(weights);
  if (vectors) await deleteStored(workspace, 'features', vectors.featuresKey);
}

/** What was not used, and which images have no vector; null where all fit. */
function leftWords({ weights, matched, images, left, leftNames }: ImportedVectors): string | null {
  if (left === 0 && matched === images) return null;
  const unused =
    left === 0
      ? ''
      : ` ${numeralOf(left, 'row is', 'rows are')} left out, since no image here has that name, or several do (${leftNames.map(quoted).join(', ')}${left > leftNames.length ? ', …' : ''}).`;
  const without =
    matched === images ? '' : ' Images without a vector take no part in what is searched and compared with it.';
  return `${weights.label}: ${numeral(matched)} of ${numeral(images)} images of this data set have a vector now.${unused}${without}`;
}
