import { AppError } from '../../errors.ts';
import type { RunResult } from '../../exports/report.ts';
import { type ExtractionResult, extractFeatures } from '../../pipeline/extract.ts';
import { evaluateFrozen, type FrozenRun, frozenResult, type RunSettings } from '../../pipeline/frozen-run.ts';
import { USUAL_KS } from '../../pipeline/score.ts';
import { storedHashes } from '../../storage/features.ts';
import { putRun } from '../../storage/runs.ts';
import type { ImageRecord, Weights } from '../../types.ts';
import { loadedBackbone, type UsableWeights } from '../backbone-session.ts';
import { datasetSession, openFile } from '../dataset-session.ts';
import { datasetStore } from '../datasets.ts';
import { modelsStore } from '../models.ts';
import { fail, type Operation, operate } from '../operations.ts';
import { searchStore } from '../search.ts';
import { database, imagePool } from '../session.ts';
import { usableWeights } from '../weights.ts';
import { continueReading } from './data.ts';
import { changeRow, fetchWeights, refreshModels, subjectDigest } from './models.ts';
import { openModel } from './search.ts';
import { refreshStorage } from './storage.ts';

/** Downloads what the ticked models lack, embeds what is not embedded, builds indexes, computes scores. */
export async function embed(): Promise<void> {
  const ticked = modelsStore.getState().rows.filter((row) => row.ticked);
  if (!datasetStore.getState().dataset || ticked.length === 0) return;
  if (!(await continueReading())) return;
  const again = { label: 'Go on embedding', run: () => void embed() };
  await operate(
    'models',
    'Embedding',
    'images',
    async (operation) => {
      const { images } = datasetStore.getState();
      for (const { weights } of ticked) {
        await embedWith(weights, images, operation);
        await evaluateWith(weights, images, USUAL_SETTINGS, operation);
      }
    },
    again,
  );
  await refreshModels();
  await refreshStorage();
  const { weightsId } = searchStore.getState();
  const chosen = weightsId ?? ticked.at(-1)?.weights.id;
  if (chosen) await openModel(chosen);
}

/** Figures on screens come from exact rankings, whichever index answers queries. */
const USUAL_SETTINGS: RunSettings = { ks: USUAL_KS, index: 'exact', efSearch: 64 };

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
  const work = await missing(usable, images);
  return work.length === 0 ? null : extract(usable, images, work, operation);
}

const modelRow = (id: string) => modelsStore.getState().rows.find((row) => row.weights.id === id);

/** Images without features, each file once however often it is in the data set. */
async function missing({ featuresKey }: UsableWeights, images: readonly ImageRecord[]) {
  const stored = await storedHashes(database, featuresKey);
  return [...byHash(images).values()].filter(({ hash }) => !stored.has(hash));
}

function byHash(images: readonly ImageRecord[]): Map<string, ImageRecord & { hash: string }> {
  return new Map(
    images.flatMap((image) => (image.hash === null ? [] : [[image.hash, { ...image, hash: image.hash }]])),
  );
}

async function extract(
  usable: UsableWeights,
  images: readonly ImageRecord[],
  work: readonly (ImageRecord & { hash: string })[],
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
      const sentence = `${result.failures.length} of ${work.length} images could not be embedded with ${weights.label}. The first: ${first.path}. ${first.reason} The others are kept.`;
      fail('models', new AppError('image-undecodable', sentence));
    }
    return result;
  } finally {
    changeRow(weights.id, { embedding: false });
  }
}

/** The frozen model of these weights on these images, without those that gave no features. */
export async function frozenRun(weights: Weights, images: readonly ImageRecord[]): Promise<FrozenRun | null> {
  const usable = usableWeights(weights);
  const datasetId = datasetSession()?.stored.id;
  if (!usable || !datasetId) return null;
  const { featuresKey } = usable;
  const stored = await storedHashes(database, featuresKey);
  return {
    datasetId,
    weightsId: weights.id,
    architecture: weights.architecture,
    featuresKey,
    dimensions: weights.features,
    images: images.filter(({ hash }) => hash !== null && stored.has(hash)),
  };
}

/** Scores the frozen model and stores the result. */
export async function evaluateWith(
  weights: Weights,
  images: readonly ImageRecord[],
  settings: RunSettings,
  { signal, stage }: Operation,
  extraction: ExtractionResult | null = null,
): Promise<RunResult | null> {
  const run = await frozenRun(weights, images);
  if (!run) return null;
  stage(`Scoring ${weights.label}`, 'images');
  const { test, indexBuildMs, queryMsP50 } = await evaluateFrozen(database, run, settings, signal);
  const result = frozenResult(run, test, {
    extractMs: extraction?.elapsedMs ?? 0,
    imagesPerSecond: extraction?.imagesPerSecond ?? null,
    trainMs: 0,
    indexBuildMs,
    queryMsP50,
  });
  const imagesPerSecond = modelRow(weights.id)?.imagesPerSecond ?? null;
  await putRun(database, run.datasetId, weights.id, { subject: await subjectDigest(images), imagesPerSecond, result });
  changeRow(weights.id, { scores: test });
  return result;
}
