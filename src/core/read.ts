import { isUnchanged, isUnchangedUnopened, markOf } from '../data/file-bytes.ts';
import { batches, inLanes } from '../data/lanes.ts';
import type { ListedFile } from '../data/listing.ts';
import type { LabelsOfFile, LinkedFiles } from '../data/read-labels.ts';
import { toAppError } from '../errors.ts';
import type { Database } from '../storage/database.ts';
import { putFiles } from '../storage/datasets.ts';
import { putThumbnails } from '../storage/pictures.ts';
import type { StoredFile } from '../storage/schema.ts';
import type { Progress } from '../types.ts';
import { controlled } from '../workers/connect.ts';
import type { ReadOutcome } from '../workers/protocol.ts';
import type { Context, Step } from './context.ts';
import { createMeter } from './meter.ts';
import { type Outcome, repeatedOnce, separateFaults, watchOutcomes } from './worker-faults.ts';
import type { ImagePool } from './workers.ts';

/** Longest side of a stored thumbnail in pixels: sharp on the wall at twice the density, about 8 kB. */
const THUMBNAIL_SIDE = 224;
/** Files in one message to a worker: enough to hide the message, few enough that cancelling is quick. */
const BATCH = 8;

/**
 * Reading: every file once, for its hash, its size and a thumbnail; files that are no images are found here. A file of
 * `known` that is surely the one that was read before is looked at, not read. Outcomes are stored batch by batch, so that a
 * cancelled or interrupted reading resumes where it stopped. A file that a worker dies of or hangs on counts as undecodable.
 */
export async function readFiles(
  datasetId: string,
  files: readonly ListedFile[],
  known: ReadonlyMap<string, StoredFile>,
  database: Database,
  pool: ImagePool,
  signal: AbortSignal,
  onBatch: (outcomes: readonly StoredFile[], progress: Progress) => void,
): Promise<void> {
  const meter = createMeter(files.length);
  const watch = watchOutcomes('read');
  // One lane more than workers: the next batch's bytes are on their way while all workers decode.
  await inLanes(batches(files, BATCH), pool.size + 1, signal, async (batch) => {
    // Taken before the bytes are: a change while they are read comes later.
    const readAt = Date.now();
    const all = await Promise.all(batch.map((file) => open(file, known.get(file.path))));
    const same = all.flatMap(({ unchanged }) => (unchanged ? [unchanged] : []));
    const opened = all.filter(({ unchanged }) => unchanged === null);
    const blobs = opened.flatMap(({ blob }) => (blob ? [blob] : []));
    const outcomes = await separateFaults(blobs, signal, (some) => pool.run((api) => api.read(some, THUMBNAIL_SIDE)));
    watch(outcomes);
    let next = 0;
    const results = opened.map(({ file, blob, refused }) => ({
      path: file.path,
      bytes: blob?.size ?? file.bytes,
      ...(blob ? { mark: markOf(file, blob, readAt) } : {}),
      outcome: refused ?? read(outcomes[next++]),
    }));
    await putThumbnails(
      database,
      results.flatMap(({ outcome }) => (outcome.ok ? [thumbnailOf(outcome)] : [])),
    );
    const stored = results.map(({ outcome, ...file }) => ({ datasetId, ...file, outcome: kept(outcome) }));
    await putFiles(database, stored);
    onBatch([...same, ...stored], meter.advance(batch.length));
  });
}

type Refused = Extract<ReadOutcome, { ok: false }>;
type Accepted = Extract<ReadOutcome, { ok: true }>;

interface Opened {
  readonly file: ListedFile;
  /** What is known of it, where it is the file that was read before. */
  readonly unchanged: StoredFile | null;
  readonly blob: Blob | null;
  readonly refused: Refused | null;
}

async function open(file: ListedFile, known: StoredFile | undefined): Promise<Opened> {
  const { outcome } = known ?? {};
  // What could not be read may be readable by now.
  const before = known && outcome && (outcome.ok || outcome.kind !== 'unreadable') ? known : null;
  // Opening an archive is unpacking it.
  if (before && isUnchangedUnopened(before, file)) return { file, unchanged: before, blob: null, refused: null };
  try {
    const blob = await file.open();
    const unchanged = before && isUnchanged(before, file, blob) ? before : null;
    return { file, unchanged, blob, refused: null };
  } catch (error) {
    const refused: Refused = { ok: false, hash: null, kind: 'unreadable', reason: toAppError(error).message };
    return { file, unchanged: null, blob: null, refused };
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

/**
 * Labels from a file, as far as they may be of the files at `paths`. A worker reads them: a table of a million lines takes
 * seconds. Reports bytes. Throws AppError 'ground-truth-refused', 'files-gone', 'aborted'.
 */
export function readLabels(
  { workers }: Pick<Context, 'workers'>,
  file: Blob,
  name: string,
  paths: readonly string[],
  { signal, report }: Pick<Step, 'signal' | 'report'>,
  linked: LinkedFiles | null = null,
): Promise<LabelsOfFile> {
  return repeatedOnce(signal, () => {
    const meter = createMeter(file.size);
    return controlled<number, LabelsOfFile>(
      signal,
      (share) => report(meter.reach(Math.round(share * file.size))),
      (control) => workers.images.run((api) => api.labels(file, name, paths, linked, control)),
    );
  });
}
