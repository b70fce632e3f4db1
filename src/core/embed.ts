import { AppError, FOLDER_AGAIN } from '../errors.ts';
import { partsOfId } from '../models/specs/variants.ts';
import { numeralOf } from '../numerals.ts';
import type { Database } from '../storage/database.ts';
import { getFeatures, putFeatures } from '../storage/features.ts';
import { acceptImported, dropImported, type Imported, importedFeatures, usableHashes } from '../storage/imported.ts';
import type { ImageRecord, Weights } from '../types.ts';
import type { Context, Step, Subject } from './context.ts';
import { type ExtractionResult, extractFeatures } from './extract.ts';
import type { ReadImage } from './run.ts';
import { named } from './setbacks.ts';
import { missingWeights, type UsableWeights } from './weights-catalogue.ts';
import { downloadWeights, partialDownload } from './weights-files.ts';

/** The files of a data set, as far as they can be read now. */
export interface ImageFiles {
  /** False where none can be read: the folder must be dropped again first. */
  readable(): boolean;
  /** Rejects with AppError 'files-gone' where the file cannot be read, or is not the one that was read. */
  open(path: string): Promise<Blob>;
}

/** Downloads a set of weights, or continues; part of whatever job needs them. */
export async function fetchWeights(context: Context, weights: Weights, { signal, report, stage }: Step): Promise<void> {
  const { changes } = context;
  const { label } = weights;
  const { weightsId } = partsOfId(weights.id);
  stage(`Downloading ${label}`, 'bytes');
  try {
    const cached = await downloadWeights(context, { ...weights, id: weightsId }, signal, (progress) => {
      report(progress);
      changes.tell({ kind: 'download', weightsId, progress });
    });
    await context.weights.add(cached);
  } catch (error) {
    throw named(label, error);
  } finally {
    const partialBytes = await partialDownload(context, weightsId).catch(() => 0);
    changes.tell({ kind: 'download', weightsId, progress: null, partialBytes });
    changes.tell({ kind: 'weights' });
  }
}

/** Computes the features that are missing; null where none were. Downloads the weights first where they are needed. */
export async function embedWith(
  context: Context,
  weights: Weights,
  subject: Subject,
  files: ImageFiles,
  step: Step,
): Promise<ExtractionResult | null> {
  const { weights: catalogue, inTurn } = context;
  // Images without a vector of the user's take no part: nothing can compute one.
  if (weights.architecture === 'own-vectors') return null;
  const known = catalogue.usable(weights);
  if (known && (await missing(context, known, subject)).length === 0) {
    const open = files.readable() && (await importedOf(context.database, known.featuresKey, subject.images));
    // Nobody downloads a network to check what others computed with it.
    const isHere = weights.architecture === 'colour-gradient' || catalogue.cached(weights.id) !== null;
    if (!open || open.length === 0 || !isHere) return null;
  }
  if (weights.architecture !== 'colour-gradient' && !catalogue.cached(weights.id)) {
    // Checked first, so that no network is downloaded when no image can be read.
    const waiting = known ? await missing(context, known, subject) : [...byHash(subject.images).values()];
    if (waiting.length > 0 && !files.readable()) throw filesGone(waiting.length);
    await fetchWeights(context, weights, step);
  }
  const usable = catalogue.usable(weights);
  if (!usable) throw missingWeights(weights);
  // A comparison may want the features that are being computed for the models screen.
  return inTurn(usable.featuresKey, step.signal, async () => {
    if (files.readable()) {
      const extractSome = (some: readonly ReadImage[]) => extract(context, usable, subject, some, files, step);
      await checkImported(context.database, usable, byHash(subject.images), extractSome, step);
    }
    const work = await missing(context, usable, subject);
    return work.length === 0 ? null : extract(context, usable, subject, work, files, step);
  });
}

/** Images without features of their own, each file once however often it is in the data set. */
async function missing({ database }: Context, { featuresKey }: UsableWeights, { datasetId, images }: Subject) {
  const stored = await usableHashes(database, featuresKey, datasetId);
  return [...byHash(images).values()].filter(({ hash }) => !stored.has(hash));
}

function byHash(images: readonly ImageRecord[]): Map<string, ReadImage> {
  return new Map(
    images.flatMap((image) => (image.hash === null ? [] : [[image.hash, { ...image, hash: image.hash }]])),
  );
}

function filesGone(images: number): AppError {
  const sentence = `${numeralOf(images, 'image is', 'images are')} not embedded yet, and their files cannot be read any more. What was embedded is kept; ${FOLDER_AGAIN} to go on.`;
  return new AppError('files-gone', sentence);
}

/** Networks take their turn: two would share the same cores, and need the memory of both. */
async function extract(
  context: Context,
  usable: UsableWeights,
  subject: Subject,
  work: readonly ReadImage[],
  files: ImageFiles,
  step: Step,
): Promise<ExtractionResult> {
  return context.inTurn(
    'network',
    step.signal,
    () => extractNow(context, usable, subject, work, files, step),
    () => step.stage(`Waiting to embed with ${usable.weights.label}: another model embeds images`, 'images'),
  );
}

async function extractNow(
  { database, workers, backbones, changes }: Context,
  usable: UsableWeights,
  { datasetId, images }: Subject,
  work: readonly ReadImage[],
  files: ImageFiles,
  { signal, report, stage }: Step,
): Promise<ExtractionResult> {
  const { weights, featuresKey, preprocessing } = usable;
  if (!files.readable()) throw filesGone(work.length);
  stage(`Loading ${weights.label}`, 'images');
  const tell = (state: 'running' | 'ended', embedded: number | null, imagesPerSecond: number | null) =>
    changes.tell({ kind: 'embedding', datasetId, weightsId: weights.id, state, embedded, imagesPerSecond });
  tell('running', null, null);
  let speed: number | null = null;
  try {
    const done = Math.max(0, images.length - work.length);
    const result = await backbones.use(usable, (backbone) => {
      stage(`Embedding with ${weights.label}`, 'images');
      return extractFeatures(
        work.map(({ hash, path }) => ({ hash, path, open: () => files.open(path) })),
        (rows) => putFeatures(database, featuresKey, rows),
        preprocessing,
        { images: workers.images, backbone },
        signal,
        (progress, imagesPerSecond) => {
          report(progress);
          speed = imagesPerSecond;
          tell('running', done + progress.done, imagesPerSecond);
        },
      );
    });
    speed = result.imagesPerSecond;
    changes.tell({
      kind: 'unembedded',
      datasetId,
      weightsId: weights.id,
      tried: work.map(({ path }) => path),
      failures: result.failures,
    });
    return result;
  } finally {
    tell('ended', null, speed);
    changes.tell({ kind: 'features' });
  }
}

/** Eight rows find a file whose rows are false one time in four nine times in ten, and one of all zeros always. */
const SAMPLE = 8;
/** Engines differ by less than a thousandth of this in the angle, half precision included, and in length. */
const LEAST_COSINE = 0.999;
const LENGTHS = 0.01;

/** The images of a data set whose features came in a file and were never checked. */
async function importedOf(
  database: Database,
  featuresKey: string,
  images: readonly ImageRecord[],
): Promise<Imported[]> {
  const marked = await importedFeatures(database, featuresKey);
  if (marked.length === 0) return [];
  const hashes = new Set(images.map(({ hash }) => hash));
  return marked.filter(({ hash }) => hashes.has(hash));
}

/**
 * Decides about features that came in data sets' files: a sample, drawn by chance, is computed from the images themselves. Where
 * all of it is equal, the features of that file count as computed here; else all of them are deleted, so that they
 * are computed again. `extract` computes and stores. Throws what `extract` throws.
 */
export async function checkImported(
  database: Database,
  {
    featuresKey,
    weights: { features: dimensions, label },
  }: Pick<UsableWeights, 'featuresKey'> & { readonly weights: Pick<Weights, 'features' | 'label'> },
  images: ReadonlyMap<string, ReadImage>,
  extract: (images: readonly ReadImage[]) => Promise<unknown>,
  { stage }: Pick<Step, 'stage'>,
): Promise<void> {
  const bySource = new Map<string, string[]>();
  for (const { hash, datasetId } of await importedOf(database, featuresKey, [...images.values()])) {
    const hashes = bySource.get(datasetId);
    if (hashes) hashes.push(hash);
    else bySource.set(datasetId, [hash]);
  }
  for (const [datasetId, hashes] of bySource) {
    const sample = drawn(hashes, SAMPLE);
    const before = await getFeatures(database, featuresKey, sample, dimensions);
    stage(`Checking imported features of ${label}`, 'images');
    await extract(sample.flatMap((hash) => images.get(hash) ?? []));
    const after = await getFeatures(database, featuresKey, sample, dimensions);
    // What could not be computed here says nothing about what was.
    const stillImported = new Set((await importedFeatures(database, featuresKey)).map(({ hash }) => hash));
    const computed = sample.flatMap((hash, row) => (stillImported.has(hash) ? [] : [row]));
    if (computed.length === 0) continue;
    const rowOf = ({ matrix }: typeof before, row: number) => matrix.subarray(row * dimensions, (row + 1) * dimensions);
    const agree =
      before.missing.length === 0 && computed.every((row) => areEqual(rowOf(before, row), rowOf(after, row)));
    if (agree) await acceptImported(database, featuresKey, datasetId);
    else {
      await dropImported(database, featuresKey, datasetId);
      stage(`Imported features of ${label} are not those of the images: they are computed again`, 'images');
    }
  }
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
}

function areEqual(a: Float32Array, b: Float32Array): boolean {
  const [lengthA, lengthB] = [Math.sqrt(dot(a, a)), Math.sqrt(dot(b, b))];
  if (lengthA === 0 || lengthB === 0) return lengthA === lengthB;
  const cosine = dot(a, b) / (lengthA * lengthB);
  return cosine >= LEAST_COSINE && Math.abs(lengthA / lengthB - 1) <= LENGTHS;
}

/** By chance and not by a seed: the maker of the file must not know which. */
function drawn(hashes: readonly string[], count: number): string[] {
  const rest = [...hashes];
  for (let at = 0; at < Math.min(count, rest.length); at++) {
    const other = at + Math.floor(Math.random() * (rest.length - at));
    [rest[at], rest[other]] = [rest[other] ?? '', rest[at] ?? ''];
  }
  return rest.slice(0, count);
}
