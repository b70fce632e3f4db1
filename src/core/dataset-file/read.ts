import * as v from 'valibot';
import { listZip } from '../../data/zip.ts';
import { AppError, aborted, isAborted, issueWords, quoted } from '../../errors.ts';
import { unpack } from '../../exports/packed.ts';
import type { Database } from '../../storage/database.ts';
import { addFeatures, addThumbnails, type DatasetRows, putDatasetRows } from '../../storage/dataset-copy.ts';
import { getDataset } from '../../storage/datasets.ts';
import { deleteUnused } from '../../storage/usage.ts';
import type { Progress } from '../../types.ts';
import { createMeter } from '../meter.ts';
import { headSchema, type RunPiece, runSchema, whatIsWrong } from './results.ts';
import {
  type FileRow,
  FORMAT,
  featuresSchema,
  filesSchema,
  type Manifest,
  manifestSchema,
  thumbnailsSchema,
  VERSION,
} from './schema.ts';

export interface ReadOptions {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: Progress) => void;
}

/** Larger, it could not be read as one text. */
const MOST_MANIFEST_BYTES = 200e6;

/**
 * Stores the data set that a file of writeDatasetFile holds; resolves to its id. The data set appears with its last
 * piece: where anything fails before, or the signal comes, what was stored of it goes again. Throws AppError
 * 'archive-refused' with the reason, 'dataset-unusable' where the data set is here already, 'aborted', and what storing
 * throws.
 */
export async function readDatasetFile(database: Database, file: File, options: ReadOptions): Promise<string> {
  const entries = await entriesOf(file, options.signal);
  const manifest = await manifestOf(entries, file.name);
  const { id, name } = manifest.dataset;
  if (await getDataset(database, id)) {
    throw new AppError(
      'dataset-unusable',
      `The data set ${quoted(name)} is in this browser already. Nothing was changed; delete it first to take the file’s.`,
    );
  }
  try {
    await store(database, manifest, entries, file.name, options);
  } catch (error) {
    // Features and thumbnails that no data set has.
    await deleteUnused(database).catch(() => {});
    throw options.signal.aborted || isAborted(error) ? aborted() : error;
  }
  return id;
}

type Entries = ReadonlyMap<string, () => Promise<Blob>>;

async function entriesOf(file: File, signal: AbortSignal): Promise<Entries> {
  const { files, problems } = await listZip(file, file.name, { signal });
  const [problem] = problems;
  if (problem) throw refused(file.name, problem.reason);
  return new Map(files.map(({ path, open }) => [path.slice(path.indexOf('/') + 1), open]));
}

async function manifestOf(entries: Entries, name: string): Promise<Manifest> {
  const open = entries.get('manifest.json');
  if (!open) throw refused(name, 'It has no manifest: it is no data set that Likeness wrote.');
  const blob = await open().catch((error: unknown) => {
    throw refused(name, 'Its manifest is damaged.', error);
  });
  if (blob.size > MOST_MANIFEST_BYTES) throw refused(name, 'Its manifest is far too long.');
  const manifest = parsedJson(await blob.text());
  const head = v.safeParse(v.looseObject({ format: v.literal(FORMAT), version: v.number() }), manifest);
  if (!head.success) throw refused(name, 'Its manifest is not that of a data set.');
  const { version } = head.output;
  if (version !== VERSION) {
    throw refused(
      name,
      `It was written as version ${version}, and this page reads version ${VERSION}. Reload the page to get its newest version.`,
    );
  }
  const parsed = v.safeParse(manifestSchema, manifest);
  if (!parsed.success) throw refused(name, `Its manifest is damaged: ${why(parsed.issues)}.`);
  const missing = parsed.output.pieces.find((piece) => !entries.has(piece.name));
  if (missing) throw refused(name, `It lacks the part ${missing.name}.`);
  return parsed.output;
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

async function store(
  database: Database,
  manifest: Manifest,
  entries: Entries,
  name: string,
  { signal, onProgress }: ReadOptions,
): Promise<void> {
  const files: FileRow[] = [];
  const hashes = new Set<string>();
  const heads: { key: string; result: DatasetRows['heads'][number]['result'] }[] = [];
  const runs: RunPiece[] = [];
  const meter = createMeter(manifest.pieces.length);
  const known = (found: readonly { readonly hash: string }[]) => {
    if (found.every(({ hash }) => hashes.has(hash))) return;
    throw refused(name, 'It holds features or thumbnails of images that are not in its list.');
  };
  for (const piece of manifest.pieces) {
    if (signal.aborted) throw aborted();
    const value = await pieceOf(entries, piece.name, name);
    const as = <S extends v.GenericSchema>(schema: S): v.InferOutput<S> => {
      const parsed = v.safeParse(schema, value);
      if (parsed.success) return parsed.output;
      throw refused(name, `The part ${piece.name} is damaged: ${why(parsed.issues)}.`);
    };
    switch (piece.kind) {
      case 'files':
        for (const row of as(filesSchema)) {
          files.push(row);
          if (row.outcome?.ok) hashes.add(row.outcome.hash);
        }
        break;
      case 'thumbnails': {
        const rows = as(thumbnailsSchema);
        known(rows);
        await addThumbnails(
          database,
          rows.map((row) => ({ ...row, bytes: row.bytes.buffer })),
        );
        break;
      }
      case 'features': {
        const { key, dimensions, hashes: of, matrix } = as(featuresSchema);
        const rows = of.map((hash, i) => ({ hash, features: matrix.slice(i * dimensions, (i + 1) * dimensions) }));
        known(rows);
        await addFeatures(database, key, rows, manifest.dataset.id);
        break;
      }
      case 'head':
        heads.push(as(headSchema));
        break;
      case 'run':
        runs.push(as(runSchema));
        break;
    }
    onProgress(meter.advance(1));
  }
  checkFiles(files, manifest, name);
  for (const { run, ...judged } of runs) {
    const wrong = whatIsWrong(run, judged, files.length);
    if (wrong) throw refused(name, `It holds a result with ${wrong}.`);
  }
  for (const { result } of heads) {
    const { fit, gallery, query } = result.split;
    if ([fit, gallery, query].every((rows) => rows.every((row) => row < files.length))) continue;
    throw refused(name, 'It holds a head that was trained on images that are not in its list.');
  }
  if (signal.aborted) throw aborted();
  const { dataset } = manifest;
  const rows = files.map((row) => ({ datasetId: dataset.id, ...row }));
  await putDatasetRows(database, { dataset, files: rows, heads, runs, weights: manifest.weights });
}

async function pieceOf(entries: Entries, piece: string, name: string): Promise<unknown> {
  const open = entries.get(piece);
  if (!open) throw refused(name, `It lacks the part ${piece}.`);
  try {
    return unpack(await (await open()).arrayBuffer());
  } catch (cause) {
    throw refused(name, `The part ${piece} is damaged.`, cause);
  }
}

function checkFiles(files: readonly FileRow[], { dataset }: Manifest, name: string): void {
  if (new Set(files.map(({ path }) => path)).size !== files.length) throw refused(name, 'It lists an image twice.');
  if (files.length === 0 || files.length < dataset.images) throw refused(name, 'Its list of images is not whole.');
}

/** Where and what, of the first thing that does not fit; texts of the file are cut short. */
function why([issue]: readonly [v.BaseIssue<unknown>, ...v.BaseIssue<unknown>[]]): string {
  const at = v.getDotPath(issue);
  return quoted(at === null ? issueWords(issue) : `${at}: ${issueWords(issue)}`);
}

function refused(name: string, reason: string, cause?: unknown): AppError {
  return new AppError('archive-refused', `${quoted(name)} was not imported. ${reason} Nothing was changed.`, { cause });
}
