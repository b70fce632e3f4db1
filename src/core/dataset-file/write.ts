import { writeGroundTruthJson } from '../../data/ground-truth-json.ts';
import { AppError } from '../../errors.ts';
import { pack } from '../../exports/packed.ts';
import { createArchive } from '../../exports/zip.ts';
import type { Database } from '../../storage/database.ts';
import { featuresLength, getRunRows, getThumbnails, rowNames } from '../../storage/dataset-copy.ts';
import { getDataset, getFiles } from '../../storage/datasets.ts';
import { getFeatures, listFeaturesKeys, rememberedWeights, storedHashes } from '../../storage/features.ts';
import { getHeads } from '../../storage/heads.ts';
import type { StoredGroundTruth } from '../../storage/schema.ts';
import type { Progress } from '../../types.ts';
import { createMeter } from '../meter.ts';
import { FORMAT, type Manifest, type PieceKind, VERSION } from './schema.ts';

/** Everything lies below it, so that an unpacked file makes one folder. */
const FOLDER = 'likeness data set';

/** Numbers in one piece: 32 MB of features, which reader and writer hold at a time. */
const PIECE_NUMBERS = 8 * 2 ** 20;
const PIECE_FILES = 20_000;
const PIECE_THUMBNAILS = 1000;

export interface WriteOptions {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: Progress) => void;
}

/**
 * A data set as one file: its images' names, roles, labels, thumbnails and features, its heads and its results; not the
 * photos. Embeddings and indexes are made of these. Throws AppError 'aborted' after the signal.
 */
export async function writeDatasetFile(database: Database, datasetId: string, options: WriteOptions): Promise<Blob> {
  const stored = await getDataset(database, datasetId);
  if (!stored) throw new AppError('dataset-unusable', 'This data set is not stored in this browser any more.');
  const { handles: _, groundTruth, ...dataset } = stored;
  const files = await getFiles(database, datasetId);
  const hashes = [...new Set(files.flatMap(({ outcome }) => (outcome?.ok ? [outcome.hash] : [])))];
  const features = await featuresOf(database, hashes);
  const names = await rowNames(database, datasetId);

  const now = new Date();
  const archive = await createArchive(now, options.signal);
  const pieces: { kind: PieceKind; name: string }[] = [];
  const meter = createMeter(
    Math.ceil(files.length / PIECE_FILES) +
      Math.ceil(hashes.length / PIECE_THUMBNAILS) +
      features.reduce((sum, part) => sum + partsOf(part).length, 0) +
      names.heads.length +
      names.runs.length,
  );
  const add = async (kind: PieceKind, value: unknown): Promise<void> => {
    const name = `pieces/${String(pieces.length).padStart(6, '0')}.bin`;
    // Texts shrink; numbers and pictures do not.
    await archive.add(`${FOLDER}/${name}`, pack(value), { stored: kind !== 'files' });
    pieces.push({ kind, name });
    options.onProgress(meter.advance(1));
  };

  for (const some of parts(files, PIECE_FILES)) {
    await add(
      'files',
      some.map(({ datasetId: _id, mark: _mark, ...row }) => row),
    );
  }
  for (const some of parts(hashes, PIECE_THUMBNAILS)) {
    const thumbnails = await getThumbnails(database, some);
    await add(
      'thumbnails',
      thumbnails.map(({ bytes, ...row }) => ({ ...row, bytes: new Uint8Array(bytes) })),
    );
  }
  for (const part of features) {
    const { key, dimensions } = part;
    for (const some of partsOf(part)) {
      const { matrix } = await getFeatures(database, key, some, dimensions);
      await add('features', { key, dimensions, hashes: some, matrix });
    }
  }
  for (const key of names.heads) await add('head', { key, result: await getHeads(database, datasetId, key) });
  for (const id of names.runs) await add('run', await getRunRows(database, datasetId, id));

  const used = new Set(features.map(({ key }) => key));
  const manifest: Manifest = {
    format: FORMAT,
    version: VERSION,
    writtenAt: now.toISOString(),
    dataset: { ...dataset, groundTruth: groundTruth && asText(groundTruth) },
    // A features key names the content of its weights.
    weights: (await rememberedWeights(database)).filter(({ sha256 }) => [...used].some((key) => key.includes(sha256))),
    pieces,
  };
  await archive.add(`${FOLDER}/manifest.json`, JSON.stringify(manifest));
  return archive.finish();
}

function asText(groundTruth: StoredGroundTruth): Exclude<Manifest['dataset']['groundTruth'], null> {
  if ('text' in groundTruth) return groundTruth;
  const { labels, ...named } = groundTruth;
  return { ...named, text: writeGroundTruthJson(labels) };
}

interface FeaturesPart {
  readonly key: string;
  readonly dimensions: number;
  readonly hashes: readonly string[];
}

async function featuresOf(database: Database, hashes: readonly string[]): Promise<FeaturesPart[]> {
  const found: FeaturesPart[] = [];
  for (const key of await listFeaturesKeys(database)) {
    const stored = await storedHashes(database, key);
    const here = hashes.filter((hash) => stored.has(hash));
    const dimensions = await featuresLength(database, key);
    if (here.length > 0 && dimensions !== null) found.push({ key, dimensions, hashes: here });
  }
  return found;
}

const partsOf = ({ hashes, dimensions }: FeaturesPart): string[][] =>
  parts(hashes, Math.max(1, Math.floor(PIECE_NUMBERS / dimensions)));

function parts<T>(all: readonly T[], length: number): T[][] {
  return Array.from({ length: Math.ceil(all.length / length) }, (_, i) => all.slice(i * length, (i + 1) * length));
}
