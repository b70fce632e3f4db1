import { AppError } from '../errors.ts';
import type { Database } from '../storage/database.ts';
import {
  type Embeddings,
  type EmbeddingsKey,
  finishBlocks,
  getBlock,
  orderDigest,
  putBlock,
  ROWS_A_BLOCK,
  startBlocks,
  storedDimensions,
} from '../storage/embeddings.ts';
import type { Split } from '../types.ts';
import { embedImages, headsOf } from './embed-images.ts';
import { modelId, type Run, splitImages } from './run.ts';

/** Rows that come one block after another, first to last. Each block is the taker's own. */
export interface RowBlocks {
  readonly rows: number;
  blocks(): AsyncIterable<Embeddings>;
}

/** Blocks that are read while the taker works on one: 8 MB each at 512 dimensions. */
const AHEAD = 2;

/**
 * The run's embeddings of a split, in the order of splitImages, without ever holding all of them: 100,000 images of 1,000
 * numbers are 400 MB. From storage, else made from features and stored, block by block.
 */
export function runBlocks(database: Database, run: Run, split: Split): RowBlocks {
  const hashes = splitImages(run.images, split).map(({ hash }) => hash);
  return { rows: hashes.length, blocks: () => blocksOf(database, run, split, hashes) };
}

/** What is there in one piece. `take` gives a matrix that is the taker's own. */
export const wholeBlock = (rows: number, take: () => Promise<Embeddings>): RowBlocks => ({
  rows,
  async *blocks() {
    yield await take();
  },
});

async function* blocksOf(
  database: Database,
  run: Run,
  split: Split,
  hashes: readonly string[],
): AsyncGenerator<Embeddings> {
  const key = { datasetId: run.datasetId, modelId: await modelId(run), split };
  const digest = await orderDigest(hashes);
  const parts: string[][] = [];
  for (let start = 0; start < hashes.length; start += ROWS_A_BLOCK) {
    parts.push(hashes.slice(start, start + ROWS_A_BLOCK));
  }
  let heads: ReturnType<typeof headsOf> | null = null;
  const make = async (part: readonly string[]) => {
    heads ??= headsOf(database, run, 'heads');
    return embedImages(database, run, part, await heads);
  };
  const dimensions = await storedDimensions(database, key, digest);
  if (dimensions !== null) {
    for await (const [block, matrix] of storedBlocks(database, key, parts, dimensions)) {
      // One that is damaged is made again.
      yield matrix ? { matrix, dimensions } : await make(parts[block] ?? []);
    }
    return;
  }
  // They are made again from the features in seconds: no reason to stop, where there is no room for them.
  let room = await stores(() => startBlocks(database, key));
  let width = 0;
  for (const [block, part] of parts.entries()) {
    const made = await make(part);
    width = made.dimensions;
    room &&= await stores(() => putBlock(database, key, block, made.matrix));
    yield made;
  }
  if (room) await stores(() => finishBlocks(database, key, { digest, dimensions: width, rows: hashes.length }));
}

async function* storedBlocks(
  database: Database,
  key: EmbeddingsKey,
  parts: readonly (readonly string[])[],
  dimensions: number,
): AsyncGenerator<readonly [number, Float32Array<ArrayBuffer> | null]> {
  const read = (block: number) => getBlock(database, key, block, (parts[block]?.length ?? 0) * dimensions);
  const reading: Promise<Float32Array<ArrayBuffer> | null>[] = [];
  for (const block of parts.keys()) {
    while (reading.length <= AHEAD && block + reading.length < parts.length) {
      const next = read(block + reading.length);
      // Nobody may wait for it yet.
      next.catch(() => {});
      reading.push(next);
    }
    yield [block, (await reading.shift()) ?? null];
  }
}

/** Whether there was room. */
async function stores(write: () => Promise<void>): Promise<boolean> {
  try {
    await write();
    return true;
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'storage-full') throw error;
    return false;
  }
}
