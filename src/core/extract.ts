import { batches, inLanes } from '../data/lanes.ts';
import { AppError, toAppError } from '../errors.ts';
import type { FeaturesRow } from '../storage/features.ts';
import type { Preprocessing, Progress } from '../types.ts';
import type { BackbonePool } from './backbones.ts';
import { createMeter } from './meter.ts';
import { type Outcome, separateFaults, watchOutcomes } from './worker-faults.ts';
import type { ImagePool } from './workers.ts';

/** One image to embed: its hash names the features, `open` reads its bytes. */
export interface Extractable {
  readonly hash: string;
  readonly path: string;
  open(): Promise<Blob>;
}

export interface ExtractionResult {
  /** Images a second, over the whole extraction. */
  readonly imagesPerSecond: number;
  readonly elapsedMs: number;
  /** Images that gave no features, with the sentence that says why. */
  readonly failures: readonly { readonly path: string; readonly reason: string }[];
}

/**
 * Extraction: files → crops → features → `keep`, which stores them. Each lane carries one batch through all stages, so that
 * decoding, the forward pass and writing overlap. What is stored stays when the work is cancelled or fails. An image that a worker
 * dies of, hangs on or cannot compute is among the failures, the others of its batch are not.
 */
export async function extractFeatures(
  images: readonly Extractable[],
  keep: (rows: readonly FeaturesRow[]) => Promise<void>,
  preprocessing: Preprocessing,
  workers: { readonly images: ImagePool; readonly backbone: BackbonePool },
  signal: AbortSignal,
  onProgress: (progress: Progress, imagesPerSecond: number) => void,
): Promise<ExtractionResult> {
  const meter = createMeter(images.length);
  const failures: { path: string; reason: string }[] = [];
  const [watchDecoding, watchComputing] = [watchOutcomes('decoded'), watchOutcomes('embedded')];
  const startedAt = performance.now();
  let embedded = 0;

  /** Results of the items that have one, with their item; the others are noted down. */
  const settled = <T extends { readonly image: Extractable }, R>(
    items: readonly T[],
    outcomes: readonly Outcome<R>[],
  ) =>
    items.flatMap((item, i) => {
      const outcome = outcomes[i];
      if (outcome?.ok) return [{ item, value: outcome.value }];
      if (outcome) failures.push({ path: item.image.path, reason: outcome.error.message });
      return [];
    });

  await inLanes(batches(images, workers.backbone.batch), workers.backbone.lanes, signal, async (batch) => {
    const opened = await Promise.all(batch.map(openQuietly));
    const readable = opened.flatMap(({ blob, image }) => (blob ? [{ blob, image }] : []));
    for (const { error, image } of opened) if (error) failures.push({ path: image.path, reason: error.message });
    const decoded = await separateFaults(readable, signal, (some) => cropsOf(some, preprocessing, workers.images));
    watchDecoding(decoded);
    const crops = settled(readable, decoded).flatMap(({ item: { image }, value: { pixels, failure } }) => {
      if (failure) failures.push({ path: image.path, reason: failure });
      return failure ? [] : [{ image, pixels }];
    });
    const computed = await separateFaults(crops, signal, (some) => featuresOf(some, workers.backbone));
    watchComputing(computed);
    const rows = settled(crops, computed).map(({ item: { image }, value: features }) => ({
      hash: image.hash,
      features,
    }));
    if (rows.length > 0) await keep(rows);
    embedded += rows.length;
    onProgress(meter.advance(batch.length), embedded / ((performance.now() - startedAt) / 1000));
  });
  const elapsedMs = performance.now() - startedAt;
  return { imagesPerSecond: embedded / (elapsedMs / 1000), elapsedMs, failures };
}

interface Crop {
  readonly pixels: Uint8Array<ArrayBuffer>;
  /** Why there are no pixels; null where there are. */
  readonly failure: string | null;
}

async function cropsOf(
  files: readonly { readonly blob: Blob }[],
  preprocessing: Preprocessing,
  pool: ImagePool,
): Promise<Crop[]> {
  const blobs = files.map(({ blob }) => blob);
  const { pixels, failures } = await pool.run((api) => api.crops(blobs, preprocessing));
  const length = preprocessing.size ** 2 * 3;
  return files.map((_, i) => ({ pixels: pixels.subarray(i * length, (i + 1) * length), failure: failures[i] ?? null }));
}

async function featuresOf(
  crops: readonly { readonly pixels: Uint8Array<ArrayBuffer> }[],
  backbone: BackbonePool,
): Promise<Float32Array<ArrayBuffer>[]> {
  const length = crops[0]?.pixels.length ?? 0;
  const pixels = new Uint8Array(crops.length * length);
  crops.forEach((crop, i) => {
    pixels.set(crop.pixels, i * length);
  });
  const features = await backbone.features(pixels, crops.length);
  const dimensions = features.length / crops.length;
  return crops.map((_, row) => features.slice(row * dimensions, (row + 1) * dimensions));
}

async function openQuietly(
  image: Extractable,
): Promise<{ image: Extractable; blob: Blob | null; error: AppError | null }> {
  try {
    return { image, blob: await image.open(), error: null };
  } catch (error) {
    const { message } = toAppError(error);
    const sentence = `The file could not be read (${message}). It may have been moved or changed since it was dropped.`;
    return { image, blob: null, error: new AppError('files-gone', sentence) };
  }
}
