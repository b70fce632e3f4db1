import { batches, inLanes } from '../data/lanes.ts';
import { AppError } from '../errors.ts';
import type { FeaturesRow } from '../storage/features.ts';
import type { Context, Step } from './context.ts';
import { type Extractable, extractFeatures } from './extract.ts';
import { createMeter } from './meter.ts';
import type { UsableWeights } from './weights-catalogue.ts';
import { separateFaults, watchOutcomes } from './worker-faults.ts';

/** A file of a part. `open` rejects where it cannot be read now: the part is then made another time. */
export interface PartFile {
  readonly path: string;
  open(): Promise<Blob>;
}

export interface PartRow {
  readonly path: string;
  /** SHA-256 of the file's bytes. */
  readonly hash: string;
  readonly thumbnail: Blob;
}

/** Some images of a data set that is too large for one browser, embedded and kept nowhere. */
export interface EmbeddedPart {
  /** In the order of the files, without those that failed. */
  readonly rows: readonly PartRow[];
  /** [rows, dimensions], owned by the caller. */
  readonly matrix: Float32Array<ArrayBuffer>;
  readonly dimensions: number;
  /** Images that can never be embedded, with the sentence that says why. */
  readonly failures: readonly { readonly path: string; readonly reason: string }[];
}

/** Longest side in pixels: about 5 kB each in WebP, 50 GB for ten million images. */
const THUMBNAIL_SIDE = 160;
/** Files in one message to a worker. */
const BATCH = 8;

/**
 * Reads and embeds some files with the workers that the screens use, and stores nothing. Throws AppError 'files-gone' where a
 * file cannot be read, which a later try may mend: a damaged image alone is among the failures.
 */
export async function embedPart(
  { workers, backbones }: Context,
  usable: UsableWeights,
  files: readonly PartFile[],
  { signal, report, stage }: Step,
): Promise<EmbeddedPart> {
  const failures: { path: string; reason: string }[] = [];
  const read = new Map<string, PartRow>();
  const meter = createMeter(files.length);
  const watch = watchOutcomes('read');
  stage('Reading images', 'images');
  await inLanes(batches(files, BATCH), workers.images.size + 1, signal, async (batch) => {
    const blobs = await Promise.all(batch.map(opened));
    const outcomes = await separateFaults(blobs, signal, (some) =>
      workers.images.run((api) => api.read(some, THUMBNAIL_SIDE, 'image/webp')),
    );
    watch(outcomes);
    batch.forEach(({ path }, i) => {
      const outcome = outcomes[i];
      if (outcome?.ok && outcome.value.ok) {
        const { hash, thumbnail } = outcome.value;
        read.set(path, { path, hash, thumbnail });
        return;
      }
      if (outcome?.ok && outcome.value.ok === false && outcome.value.kind === 'unreadable') {
        throw unreadable(path, outcome.value.reason);
      }
      const reason = outcome?.ok ? outcome.value.ok === false && outcome.value.reason : outcome?.error.message;
      failures.push({ path, reason: reason || 'It was not read.' });
    });
    report(meter.advance(batch.length));
  });

  stage(`Loading ${usable.weights.label}`, 'images');
  // Each content once, however many files have it.
  const byHash = new Map<string, Extractable>();
  let gone: unknown = null;
  for (const file of files) {
    const row = read.get(file.path);
    if (!row) continue;
    const open = () =>
      opened(file).catch((error: unknown) => {
        gone ??= error;
        throw error;
      });
    byHash.set(row.hash, { hash: row.hash, path: file.path, open });
  }
  const features = new Map<string, Float32Array<ArrayBuffer>>();
  const keep = async (rows: readonly FeaturesRow[]) => {
    for (const row of rows) features.set(row.hash, row.features);
  };
  const result = await backbones.use(usable, (backbone) => {
    stage(`Embedding with ${usable.weights.label}`, 'images');
    const pools = { images: workers.images, backbone };
    return extractFeatures([...byHash.values()], keep, usable.preprocessing, pools, signal, report);
  });
  if (gone) throw gone;

  const reasons = new Map(result.failures.map(({ path, reason }) => [path, reason]));
  const rows: PartRow[] = [];
  for (const { path } of files) {
    const row = read.get(path);
    if (!row) continue;
    if (features.has(row.hash)) rows.push(row);
    else failures.push({ path, reason: reasons.get(byHash.get(row.hash)?.path ?? '') ?? 'It was not embedded.' });
  }
  const dimensions = usable.weights.features;
  const matrix = new Float32Array(rows.length * dimensions);
  rows.forEach(({ hash, path }, i) => {
    const values = features.get(hash);
    if (values?.length !== dimensions || !values.every(Number.isFinite)) {
      throw new AppError('internal', `The features of ${path} are not ${dimensions} finite numbers.`);
    }
    matrix.set(values, i * dimensions);
  });
  return { rows, matrix, dimensions, failures };
}

async function opened({ path, open }: PartFile): Promise<Blob> {
  try {
    return await open();
  } catch (error) {
    throw unreadable(path, error instanceof Error ? error.message : String(error));
  }
}

function unreadable(path: string, reason: string): AppError {
  const sentence = `${path} could not be read (${reason}). Parts that were finished are kept; run the shard again.`;
  return new AppError('files-gone', sentence);
}
