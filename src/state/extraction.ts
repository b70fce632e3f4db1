import { type ExtractionResult, extractFeatures } from '../core/extract.ts';
import type { ReadImage } from '../core/run.ts';
import { AppError } from '../errors.ts';
import { storedHashes } from '../storage/features.ts';
import type { ImageRecord, Problem, Weights } from '../types.ts';
import { changeRow, fetchWeights } from './actions/models.ts';
import { loadedBackbone, type UsableWeights } from './backbone-session.ts';
import { changeSession, datasetSession, openFile } from './dataset-session.ts';
import { modelsStore } from './models.ts';
import { fail, type Operation } from './operations.ts';
import { database, imagePool } from './session.ts';
import { inTurn } from './turns.ts';
import { usableWeights } from './weights.ts';

/** Computes the features that are missing; null where none were. Downloads the weights first where they are needed. */
export async function embedWith(
  weights: Weights,
  images: readonly ImageRecord[],
  operation: Operation,
): Promise<ExtractionResult | null> {
  const known = usableWeights(weights);
  if (known && (await missing(known, images)).length === 0) return null;
  if (weights.architecture !== 'colour-gradient' && !modelRow(weights.id)?.cached)
    await fetchWeights(weights, operation);
  const usable = usableWeights(weights);
  if (!usable) throw new AppError('weights-missing', `${weights.label} is not there. Download it first.`);
  // A comparison may want the features that are being computed for the models screen.
  return inTurn(usable.featuresKey, operation.signal, async () => {
    const work = await missing(usable, images);
    return work.length === 0 ? null : extract(usable, images, work, operation);
  });
}

const modelRow = (id: string) => modelsStore.getState().rows.find((row) => row.weights.id === id);

/** Images without features, each file once however often it is in the data set. */
async function missing({ featuresKey }: UsableWeights, images: readonly ImageRecord[]) {
  const stored = await storedHashes(database, featuresKey);
  return [...byHash(images).values()].filter(({ hash }) => !stored.has(hash));
}

function byHash(images: readonly ImageRecord[]): Map<string, ReadImage> {
  return new Map(
    images.flatMap((image) => (image.hash === null ? [] : [[image.hash, { ...image, hash: image.hash }]])),
  );
}

async function extract(
  usable: UsableWeights,
  images: readonly ImageRecord[],
  work: readonly ReadImage[],
  { signal, report, stage }: Operation,
): Promise<ExtractionResult> {
  const { weights, featuresKey, preprocessing } = usable;
  if (datasetSession()?.readable.size === 0) {
    const sentence = `${work.length} images are not embedded yet, and their files cannot be read any more. What was embedded is kept; drop the folder again to go on.`;
    throw new AppError('files-gone', sentence);
  }
  stage(`Loading ${weights.label}`, 'images');
  changeRow(weights.id, { embedding: true });
  try {
    const backbone = await loadedBackbone(usable);
    stage(`Embedding with ${weights.label}`, 'images');
    const done = images.length - work.length;
    const result = await extractFeatures(
      work.map(({ hash, path }) => ({ hash, path, open: () => openFile(path) })),
      { database, featuresKey },
      preprocessing,
      { images: imagePool, backbone },
      signal,
      (progress, imagesPerSecond) => {
        report(progress);
        changeRow(weights.id, { embedded: Math.max(0, done) + progress.done, imagesPerSecond });
      },
    );
    changeRow(weights.id, { imagesPerSecond: result.imagesPerSecond });
    const [first] = result.failures;
    if (first) {
      const sentence = `${result.failures.length} of ${work.length} images could not be embedded with ${weights.label}. The first: ${first.path}. ${first.reason} The others are kept; all that are missing are listed among the problems of the data set.`;
      fail('models', new AppError('image-undecodable', sentence));
    }
    await listUnembedded(weights, work, result.failures);
    return result;
  } finally {
    changeRow(weights.id, { embedding: false });
  }
}

/** Lists the images that the model could not be given among the data set's problems, and takes those off that it now has. */
async function listUnembedded(
  { id, label }: Weights,
  work: readonly ReadImage[],
  failures: ExtractionResult['failures'],
): Promise<void> {
  const session = datasetSession();
  if (!session) return;
  const keyOf = (path: string) => JSON.stringify([id, path]);
  const unembedded = new Map<string, Problem>(session.unembedded);
  for (const { path } of work) unembedded.delete(keyOf(path));
  for (const { path, reason } of failures) {
    unembedded.set(keyOf(path), {
      kind: 'not-embedded',
      severity: 'warning',
      path,
      reason,
      action: `left out of ${label}; embedding again tries it again`,
    });
  }
  if (unembedded.size > 0 || session.unembedded?.size) await changeSession({ unembedded });
}
