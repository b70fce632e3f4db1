import { sha256 } from '../data/file-bytes.ts';
import { nameOf } from '../data/file-kinds.ts';
import { recogniseFormat } from '../data/image-format.ts';
import { headerSize } from '../data/image-size.ts';
import { AppError, aborted } from '../errors.ts';
import { MOST_DIMENSIONS, ownVectorsKey, ownWeights } from '../models/own-vectors.ts';
import { numeral } from '../numerals.ts';
import type { EngineRow } from '../search/backends/engine-client.ts';
import type { Database } from '../storage/database.ts';
import { addFeatures, addThumbnails, putDatasetRows } from '../storage/dataset-copy.ts';
import type { StoredFile } from '../storage/schema.ts';
import { deleteUnused } from '../storage/usage.ts';
import type { Weights } from '../types.ts';

/** A row of the server's gallery with its thumbnail; null where there is none. */
export interface TakenRow {
  readonly row: EngineRow;
  readonly thumbnail: Blob | null;
}

export interface TakenCollection {
  /** What the data set is called, and the model of its vectors. */
  readonly name: string;
  readonly model: string;
  /** Names the model that made the vectors. */
  readonly digest: string;
  readonly dimensions: number;
}

export interface TakenAlong {
  readonly datasetId: string;
  readonly weights: Weights;
  readonly images: number;
}

/** All images lie below it; the folders in it are the splits. */
const FOLDER = 'server';
/** For files that carry no size in their header. */
const UNKNOWN_SIDE = 160;

/**
 * Stores rows of the server's gallery as a data set of its own: its images are the server's thumbnails, its vectors those of a model
 * that computes nothing here, its classes and splits the server's. The data set appears when all of it is there: where anything
 * fails before, or the signal comes, what was stored of it goes again. Throws AppError 'dataset-unusable' where there are no rows,
 * 'aborted', and what `blocks` and storing throw.
 */
export async function storeTakenAlong(
  database: Database,
  { name, model, digest, dimensions }: TakenCollection,
  blocks: AsyncIterable<readonly TakenRow[]>,
  signal: AbortSignal,
): Promise<TakenAlong> {
  if (dimensions > MOST_DIMENSIONS) {
    throw new AppError(
      'bad-argument',
      `These vectors have ${numeral(dimensions)} numbers; ${numeral(MOST_DIMENSIONS)} is the most.`,
    );
  }
  // Equal models and equal images, equal vectors: the key names them by the model.
  const vectors = { name: model, sha256: digest, dimensions };
  const key = ownVectorsKey(vectors);
  // A moment's name: taken along once more, it is another data set.
  const id = (await sha256(new Blob([name, digest, String(Date.now())]))).slice(0, 16);
  const files: Omit<StoredFile, 'datasetId'>[] = [];
  const classes: [string, string | null][] = [];
  try {
    for await (const some of blocks) {
      if (signal.aborted) throw aborted();
      // A vector of zeros has no direction, and is near to nothing.
      const block = some.filter(({ row }) => row.vector.some((value) => value !== 0));
      const pictures = await Promise.all(block.map((taken) => pictureOf(taken)));
      await addThumbnails(
        database,
        pictures.flatMap((picture) => picture ?? []),
      );
      const rows = block.map(({ row }) => ({ hash: row.hash, features: row.vector }));
      await addFeatures(database, key, rows, id);
      for (const [i, { row }] of block.entries()) {
        const path = `${FOLDER}/${row.split}/${files.length + 1} ${nameOf(row.path).slice(-200)}`;
        const { width, height, bytes } = pictures[i] ?? { width: UNKNOWN_SIDE, height: UNKNOWN_SIDE, bytes: null };
        const outcome = { ok: true, hash: row.hash, width, height } as const;
        files.push({ path, bytes: bytes?.byteLength ?? 0, outcome });
        classes.push([path, row.className === '' ? null : row.className]);
      }
    }
    if (files.length === 0) throw new AppError('dataset-unusable', 'The server’s gallery has no such images.');
    const splits = ['training', 'query', 'gallery'] as const;
    await putDatasetRows(database, {
      dataset: {
        id,
        name,
        createdAt: Date.now(),
        images: files.length,
        emptyFolders: [],
        sourceProblems: [],
        roles: splits.map((split) => [`${FOLDER}/${split}`, split]),
        choices: { namesAsClasses: [], mergedClasses: [], classesByHand: classes },
        groundTruth: null,
      },
      files: files.map((file) => ({ datasetId: id, ...file })),
      heads: [],
      runs: [],
      weights: [],
    });
  } catch (error) {
    // Features and thumbnails that no data set has.
    await deleteUnused(database).catch(() => {});
    throw error;
  }
  return { datasetId: id, weights: ownWeights(vectors), images: files.length };
}

/** Null of what is no picture. */
async function pictureOf({ row, thumbnail }: TakenRow) {
  if (!thumbnail) return null;
  const bytes = await thumbnail.arrayBuffer();
  const head = new Uint8Array(bytes);
  const format = recogniseFormat(head);
  const size = format?.mime === 'image/webp' ? headerSize(head, format) : null;
  return size && { hash: row.hash, type: 'image/webp', bytes, ...size };
}
