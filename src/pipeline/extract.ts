import { AppError, toAppError } from '../errors.ts';
import type { Database } from '../storage/database.ts';
import { putFeatures } from '../storage/features.ts';
import type { Preprocessing, Progress } from '../types.ts';
import type { BackbonePool } from './backbone-pool.ts';
import type { ImagePool } from './image-pool.ts';
import { batches, inLanes } from './lanes.ts';
import { createMeter } from './meter.ts';

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
 * Extraction: files → crops → features → IndexedDB. Each lane carries one batch through all stages, so that decoding,
 * the forward pass and writing overlap. What is stored stays when the work is cancelled or fails.
 */
export async function extractFeatures(
  images: readonly Extractable[],
  target: { readonly database: Database; readonly featuresKey: string },
  preprocessing: Preprocessing,
  workers: { readonly images: ImagePool; readonly backbone: BackbonePool },
  signal: AbortSignal,
  onProgress: (progress: Progress, imagesPerSecond: number) => void,
): Promise<ExtractionResult> {
  const { size, cropPct, interpolation } = preprocessing;
  const meter = createMeter(images.length);
  const failures: { path: string; reason: string }[] = [];
  const startedAt = performance.now();
  let embedded = 0;
  await inLanes(batches(images, workers.backbone.batch), workers.backbone.lanes, signal, async (batch) => {
    const opened = await Promise.all(batch.map(openQuietly));
    const readable = opened.flatMap(({ blob, image }) => (blob ? [{ blob, image }] : []));
    for (const { error, image } of opened) if (error) failures.push({ path: image.path, reason: error.message });
    if (readable.length > 0) {
      const blobs = readable.map(({ blob }) => blob);
      const crops = await workers.images.run((api) => api.crops(blobs, { size, cropPct, interpolation }));
      const features = await workers.backbone.features(crops.pixels, readable.length);
      const dimensions = features.length / readable.length;
      const rows = readable.flatMap(({ image }, row) => {
        const reason = crops.failures[row];
        if (reason) failures.push({ path: image.path, reason });
        return reason ? [] : [{ hash: image.hash, features: features.slice(row * dimensions, (row + 1) * dimensions) }];
      });
      await putFeatures(target.database, target.featuresKey, rows);
      embedded += rows.length;
    }
    onProgress(meter.advance(batch.length), embedded / ((performance.now() - startedAt) / 1000));
  });
  const elapsedMs = performance.now() - startedAt;
  return { imagesPerSecond: embedded / (elapsedMs / 1000), elapsedMs, failures };
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
