import { sha256 } from '../data/file-bytes.ts';
import { AppError } from '../errors.ts';
import type { Split } from '../types.ts';
import { under } from './batches.ts';
import type { Database } from './database.ts';
import type { StoredEmbeddings } from './schema.ts';

/** Rows in one stored block: 8 MB at 512 dimensions, so that neither reading nor writing makes a long task. */
export const ROWS_A_BLOCK = 4096;

export interface EmbeddingsKey {
  readonly datasetId: string;
  readonly modelId: string;
  readonly split: Split;
}

export interface Embeddings {
  /** Row-major [rows, dimensions], unit rows. */
  readonly matrix: Float32Array<ArrayBuffer>;
  readonly dimensions: number;
}

/** Rows that come one block after another, first to last. Each block is the taker's own. */
export interface RowBlocks {
  readonly rows: number;
  blocks(): AsyncIterable<Embeddings>;
  /** The same as files of the browser's storage, of which single rows can be read; missing where they are not stored. */
  files?(): Promise<RowFiles>;
}

/** Blocks of rows [m, dimensions], first to last, in float32. */
export interface RowFiles {
  readonly dimensions: number;
  readonly blocks: readonly Blob[];
  /** Missing where the rows are not stored, and so nothing that is made of them is kept. */
  readonly codes?: KeptCodes;
}

/** 8-bit codes of the blocks that are kept beside them. */
export interface KeptCodes {
  /** Null of a block that has none. */
  readonly files: readonly (Blob | null)[];
  /** Keeps those of a block. False where its rows are stored no more, or others by now. */
  keep(block: number, file: Blob): Promise<boolean>;
}

/** Names an order of images: SHA-256 of their hashes in row order. */
export function orderDigest(hashes: readonly string[]): Promise<string> {
  return sha256(new Blob([hashes.join('\n')]));
}

/** Replaces the matrix of that key, of which no codes are there then. `digest` is the orderDigest of the rows' images. */
export function putEmbeddings(
  database: Database,
  { datasetId, modelId, split }: EmbeddingsKey,
  digest: string,
  { matrix, dimensions }: Embeddings,
): Promise<void> {
  const rows = matrix.length / dimensions;
  return database.write(['embeddings', 'embeddingRows', 'codes'], async (transaction) => {
    const blocks = transaction.objectStore('embeddingRows');
    await blocks.delete(under(datasetId, modelId, split));
    await transaction.objectStore('codes').delete(under(datasetId, modelId, split));
    for (let block = 0; block * ROWS_A_BLOCK < rows; block++) {
      const start = block * ROWS_A_BLOCK * dimensions;
      const part = matrix.slice(start, start + ROWS_A_BLOCK * dimensions);
      await blocks.put(part, [datasetId, modelId, split, block]);
    }
    await transaction.objectStore('embeddings').put({ digest, dimensions, rows }, [datasetId, modelId, split]);
  });
}

/** Null where nothing is stored, or what is stored was made from other images or another order. */
export function getEmbeddings(
  database: Database,
  { datasetId, modelId, split }: EmbeddingsKey,
  digest: string,
): Promise<Embeddings | null> {
  return database.read(async (connection) => {
    const transaction = connection.transaction(['embeddings', 'embeddingRows']);
    const header = await transaction.objectStore('embeddings').get([datasetId, modelId, split]);
    if (header?.digest !== digest) return null;
    const matrix = new Float32Array(header.rows * header.dimensions);
    const store = transaction.objectStore('embeddingRows');
    const blocks = Math.ceil(header.rows / ROWS_A_BLOCK);
    // All at once: the browser reads the next ones from disk while this thread copies one.
    const filled = await Promise.all(
      Array.from({ length: blocks }, async (_, block) => {
        const part = await numbersOf(await store.get([datasetId, modelId, split, block]));
        if (part) matrix.set(part, block * ROWS_A_BLOCK * header.dimensions);
        return part?.length ?? 0;
      }),
    );
    const whole = filled.reduce((sum, length) => sum + length, 0) === matrix.length;
    return whole ? { matrix, dimensions: header.dimensions } : null;
  });
}

/** Begins a matrix of that key that comes in blocks; what was there is deleted, with its codes. Until `finishBlocks` there is none. */
export function startBlocks(database: Database, { datasetId, modelId, split }: EmbeddingsKey): Promise<void> {
  return database.write(['embeddings', 'embeddingRows', 'codes'], async (transaction) => {
    await transaction.objectStore('embeddings').delete([datasetId, modelId, split]);
    await transaction.objectStore('embeddingRows').delete(under(datasetId, modelId, split));
    await transaction.objectStore('codes').delete(under(datasetId, modelId, split));
  });
}

/**
 * Writes the block of that number: ROWS_A_BLOCK rows, or fewer in the last one. `asFile`: so that single rows of it can be read
 * (getBlockFile), where the browser can; some private windows cannot.
 */
export async function putBlock(
  database: Database,
  { datasetId, modelId, split }: EmbeddingsKey,
  block: number,
  rows: Float32Array<ArrayBuffer>,
  asFile = false,
): Promise<void> {
  const put = (value: Float32Array<ArrayBuffer> | Blob) =>
    database.write(['embeddingRows'], async (transaction) => {
      await transaction.objectStore('embeddingRows').put(value, [datasetId, modelId, split, block]);
    });
  if (!asFile) return put(rows);
  try {
    await put(new Blob([rows]));
  } catch (error) {
    if (error instanceof AppError && error.code === 'storage-full') throw error;
    await put(rows);
  }
}

export function finishBlocks(
  database: Database,
  { datasetId, modelId, split }: EmbeddingsKey,
  header: StoredEmbeddings,
): Promise<void> {
  return database.write(['embeddings'], async (transaction) => {
    await transaction.objectStore('embeddings').put(header, [datasetId, modelId, split]);
  });
}

/** How many numbers a stored row has; null where getEmbeddings gives nothing. */
export function storedDimensions(
  database: Database,
  { datasetId, modelId, split }: EmbeddingsKey,
  digest: string,
): Promise<number | null> {
  return database.read(async (connection) => {
    const header = await connection.get('embeddings', [datasetId, modelId, split]);
    return header?.digest === digest ? header.dimensions : null;
  });
}

/** The stored block of that number; null where it has another length. */
export function getBlock(
  database: Database,
  { datasetId, modelId, split }: EmbeddingsKey,
  block: number,
  numbers: number,
): Promise<Float32Array<ArrayBuffer> | null> {
  return database.read(async (connection) => {
    const rows = await numbersOf(await connection.get('embeddingRows', [datasetId, modelId, split, block]));
    return rows?.length === numbers ? rows : null;
  });
}

/**
 * The stored block of that number as a file, of which single rows can be read; null where it has another length. One that was stored
 * otherwise is stored again; where the browser stores no files, it keeps this one for as long as the page lives.
 */
export async function getBlockFile(
  database: Database,
  key: EmbeddingsKey,
  block: number,
  numbers: number,
): Promise<Blob | null> {
  const { datasetId, modelId, split } = key;
  const stored = () =>
    database.read((connection) => connection.get('embeddingRows', [datasetId, modelId, split, block]));
  const found = await stored();
  const bytes = found instanceof Blob ? found.size : found?.byteLength;
  if (found === undefined || bytes !== 4 * numbers) return null;
  if (found instanceof Blob) return found;
  await putBlock(database, key, block, found, true);
  const file = await stored();
  return file instanceof Blob ? file : new Blob([found]);
}

async function numbersOf(
  stored: Float32Array<ArrayBuffer> | Blob | undefined,
): Promise<Float32Array<ArrayBuffer> | undefined> {
  if (!(stored instanceof Blob)) return stored;
  return stored.size % 4 === 0 ? new Float32Array(await stored.arrayBuffer()) : undefined;
}

/** All embeddings of a data set, with their indexes and codes. */
export function deleteEmbeddings(database: Database, datasetId: string): Promise<void> {
  return database.write(['embeddings', 'embeddingRows', 'indexes', 'codes'], async (transaction) => {
    await transaction.objectStore('indexes').delete(under(datasetId));
    await transaction.objectStore('codes').delete(under(datasetId));
    await transaction.objectStore('embeddings').delete(under(datasetId));
    await transaction.objectStore('embeddingRows').delete(under(datasetId));
  });
}
