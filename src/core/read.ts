import type { ListedFile } from '../data/listing.ts';
import { toAppError } from '../errors.ts';
import type { Database } from '../storage/database.ts';
import { putFiles } from '../storage/files.ts';
import type { StoredFile } from '../storage/schema.ts';
import { putThumbnails } from '../storage/thumbnails.ts';
import type { Progress } from '../types.ts';
import type { ReadOutcome } from '../workers/protocol.ts';
import type { ImagePool } from './image-pool.ts';
import { batches, inLanes } from './lanes.ts';
import { createMeter } from './meter.ts';
import { type Outcome, separateFaults, watchOutcomes } from './worker-faults.ts';

/** Longest side of a stored thumbnail in pixels: sharp on the wall at twice the density, about 8 kB. */
const THUMBNAIL_SIDE = 224;
/** Files in one message to a worker: enough to hide the message, few enough that cancelling is quick. */
const BATCH = 8;

/**
 * Reading: every file once, for its hash, its size and a thumbnail; files that are no images are found here. Outcomes
 * are stored batch by batch, so that a cancelled or interrupted reading goes on where it stopped. A file that a worker dies
 * of or hangs on counts as undecodable.
 */
export async function readFiles(
  datasetId: string,
  files: readonly ListedFile[],
  database: Database,
  pool: ImagePool,
  signal: AbortSignal,
  onBatch: (outcomes: readonly StoredFile[], progress: Progress) => void,
): Promise<void> {
  const meter = createMeter(files.length);
  const watch = watchOutcomes('read');
  // One lane more than workers: the next batch's bytes are on their way while all workers decode.
  await inLanes(batches(files, BATCH), pool.size + 1, signal, async (batch) => {
    const opened = await Promise.all(batch.map(open));
    const blobs = opened.flatMap(({ blob }) => (blob ? [blob] : []));
    const outcomes = await separateFaults(blobs, signal, (some) => pool.run((api) => api.read(some, THUMBNAIL_SIDE)));
    watch(outcomes);
    let next = 0;
    const results = opened.map(({ file, blob, refused }) => ({
      path: file.path,
      bytes: blob?.size ?? file.bytes,
      outcome: refused ?? read(outcomes[next++]),
    }));
    await putThumbnails(
      database,
      results.flatMap(({ outcome }) => (outcome.ok ? [thumbnailOf(outcome)] : [])),
    );
    const stored = results.map(({ path, bytes, outcome }) => ({ datasetId, path, bytes, outcome: kept(outcome) }));
    await putFiles(database, stored);
    onBatch(stored, meter.advance(batch.length));
  });
}

type Refused = Extract<ReadOutcome, { ok: false }>;
type Accepted = Extract<ReadOutcome, { ok: true }>;

async function open(file: ListedFile): Promise<{ file: ListedFile; blob: Blob | null; refused: Refused | null }> {
  try {
    return { file, blob: await file.open(), refused: null };
  } catch (error) {
    const refused: Refused = { ok: false, hash: null, kind: 'unreadable', reason: toAppError(error).message };
    return { file, blob: null, refused };
  }
}

function read(outcome: Outcome<ReadOutcome> | undefined): ReadOutcome {
  if (outcome?.ok) return outcome.value;
  const reason = outcome
    ? `Reading it made a background worker fail twice: ${outcome.error.message}`
    : 'It was not read.';
  return { ok: false, hash: null, kind: 'undecodable', reason };
}

function thumbnailOf({ hash, thumbnail, width, height }: Accepted) {
  return { hash, blob: thumbnail, width, height };
}

function kept(outcome: ReadOutcome): StoredFile['outcome'] {
  if (outcome.ok) return { ok: true, hash: outcome.hash, width: outcome.width, height: outcome.height };
  return { ok: false, kind: outcome.kind, reason: outcome.reason };
}
