import { AppError } from '../errors.ts';
import type { Database } from '../storage/database.ts';
import {
  type Embeddings,
  type EmbeddingsKey,
  finishBlocks,
  getBlock,
  getBlockFile,
  putBlock,
  ROWS_A_BLOCK,
  type RowBlocks,
  startBlocks,
  storedDimensions,
} from '../storage/embeddings.ts';
import { getCodes, putCodes } from '../storage/indexes.ts';
import type { Split } from '../types.ts';
import type { Context } from './context.ts';
import { modelId, type Run } from './run.ts';
import { embedImages, headsOf } from './run-embeddings.ts';

/** Blocks that are read while the taker works on one: 8 MB each at 512 dimensions. */
const AHEAD = 2;

/**
 * The run's embeddings of a split, in the order of splitImages, without ever holding all of them: 100,000 images of 1,000
 * numbers are 400 MB. From storage, else made from features and stored, block by block.
 */
export function runBlocks(context: Context, run: Run, split: Split): RowBlocks {
  return blocksOfSplit(context, run, split, async () => {
    let heads: ReturnType<typeof headsOf> | null = null;
    return {
      modelId: await modelId(run),
      digest: (await context.digests.order(run, split)).digest,
      make: async (hashes) => {
        heads ??= headsOf(context, run, 'heads');
        return embedImages(context, run, hashes, await heads);
      },
    };
  });
}

/** Rows of a run's images that are stored under a name of their own. */
export interface NamedRows {
  /** In place of a model's in the name under which they are stored. */
  readonly modelId: string;
  /** Digest of what they are made of, in this order: others are made again. */
  readonly digest: string;
  make(hashes: readonly string[]): Promise<Embeddings>;
}

/** Rows of a split, in the order of splitImages: from storage, else made and stored, block by block. */
export function blocksOfSplit(context: Context, run: Run, split: Split, open: () => Promise<NamedRows>): RowBlocks {
  const rows = run.images.filter((image) => image.split === split && image.hash !== null).length;
  const named = async () => {
    const { modelId: name, digest } = await open();
    return { key: { datasetId: run.datasetId, modelId: name, split }, digest };
  };
  return { rows, ...inBothForms(context, (form) => blocksOf(context, run, split, open, form), named) };
}

/** Whether the run's embeddings of a split are stored: then no image need be looked up to search them. */
export async function isStored(context: Context, run: Run, split: Split): Promise<boolean> {
  const { hashes, digest } = await context.digests.order(run, split);
  if (hashes.length === 0) return true;
  return (
    (await storedDimensions(
      context.database,
      { datasetId: run.datasetId, modelId: await modelId(run), split },
      digest,
    )) !== null
  );
}

/** Stored embeddings by their names alone. Reading them throws AppError 'dataset-unusable' where they are not there. */
export const storedRows = (
  context: Pick<Context, 'database'>,
  key: EmbeddingsKey,
  digest: string,
  rows: number,
): RowBlocks => {
  async function* stored<Block>(form: BlockForm<Block>) {
    const dimensions = await storedDimensions(context.database, key, digest);
    if (dimensions === null) throw gone();
    for await (const [, block] of storedBlocks(context, key, lengthsOf(rows), dimensions, form)) {
      if (!block) throw gone();
      yield { block, dimensions };
    }
  }
  return { rows, ...inBothForms(context, stored, async () => ({ key, digest })) };
};

const gone = () => new AppError('dataset-unusable', 'The embeddings of this gallery are not stored any more.');

/** Rows of each block. */
const lengthsOf = (rows: number): number[] =>
  Array.from({ length: Math.ceil(rows / ROWS_A_BLOCK) }, (_, block) =>
    Math.min(ROWS_A_BLOCK, rows - block * ROWS_A_BLOCK),
  );

/** What is there in one piece. `take` gives a matrix that is the taker's own. */
export const wholeBlock = (rows: number, take: () => Promise<Embeddings>): RowBlocks => ({
  rows,
  async *blocks() {
    yield await take();
  },
});

/** How a block is handed on. */
interface BlockForm<Block> {
  /** Whether it is stored so that single rows of it can be read. */
  readonly asFile: boolean;
  /** Null where no block of that many numbers is stored. */
  get(database: Database, key: EmbeddingsKey, block: number, numbers: number): Promise<Block | null>;
  /** One that was just made; `stored` reads it where there was room for it. */
  of(matrix: Float32Array<ArrayBuffer>, stored: () => Promise<Block | null>): Promise<Block>;
}

const NUMBERS: BlockForm<Float32Array<ArrayBuffer>> = { asFile: false, get: getBlock, of: async (matrix) => matrix };

/** What there is no room for, the browser keeps for as long as the page lives. */
const FILES: BlockForm<Blob> = {
  asFile: true,
  get: getBlockFile,
  of: async (matrix, stored) => (await stored()) ?? new Blob([matrix]),
};

/** A block and the width of its rows. */
interface Formed<Block> {
  readonly block: Block;
  readonly dimensions: number;
}

const inBothForms = (
  { database }: Pick<Context, 'database'>,
  stored: <Block>(form: BlockForm<Block>) => AsyncGenerator<Formed<Block>>,
  named: () => Promise<{ readonly key: EmbeddingsKey; readonly digest: string }>,
): Required<Omit<RowBlocks, 'rows'>> => ({
  async *blocks() {
    for await (const { block, dimensions } of stored(NUMBERS)) yield { matrix: block, dimensions };
  },
  async files() {
    const blocks: Blob[] = [];
    let width = 0;
    for await (const { block, dimensions } of stored(FILES)) {
      blocks.push(block);
      width = dimensions;
    }
    const { key, digest } = await named();
    if ((await storedDimensions(database, key, digest)) === null) return { dimensions: width, blocks };
    const codes = {
      files: await getCodes(database, key, digest, blocks.length),
      keep: (block: number, file: Blob) => putCodes(database, key, digest, block, file),
    };
    return { dimensions: width, blocks, codes };
  },
});

async function* blocksOf<Block>(
  context: Context,
  run: Run,
  split: Split,
  open: () => Promise<NamedRows>,
  form: BlockForm<Block>,
): AsyncGenerator<Formed<Block>> {
  const { modelId: name, digest, make: makeRows } = await open();
  const key = { datasetId: run.datasetId, modelId: name, split };
  const { hashes } = await context.digests.order(run, split);
  const lengths = lengthsOf(hashes.length);
  const make = (block: number) => makeRows(hashes.slice(block * ROWS_A_BLOCK, (block + 1) * ROWS_A_BLOCK));
  const dimensions = await storedDimensions(context.database, key, digest);
  if (dimensions !== null) {
    for await (const [at, block] of storedBlocks(context, key, lengths, dimensions, form)) {
      // One that is damaged is made again.
      yield { block: block ?? (await form.of((await make(at)).matrix, async () => null)), dimensions };
    }
    return;
  }
  // They are made again from the features in seconds: no reason to stop, where there is no room for them.
  let room = await stores(() => startBlocks(context.database, key));
  const asFile = form.asFile || hashes.length > context.search.codedAbove;
  let width = 0;
  for (const block of lengths.keys()) {
    const made = await make(block);
    width = made.dimensions;
    room &&= await stores(() => putBlock(context.database, key, block, made.matrix, asFile));
    const numbers = made.matrix.length;
    const stored = async () => (room ? form.get(context.database, key, block, numbers) : null);
    yield { block: await form.of(made.matrix, stored), dimensions: width };
  }
  if (room) await stores(() => finishBlocks(context.database, key, { digest, dimensions: width, rows: hashes.length }));
}

async function* storedBlocks<Block>(
  context: Pick<Context, 'database'>,
  key: EmbeddingsKey,
  lengths: readonly number[],
  dimensions: number,
  form: BlockForm<Block>,
): AsyncGenerator<readonly [number, Block | null]> {
  const read = (block: number) => form.get(context.database, key, block, (lengths[block] ?? 0) * dimensions);
  const reading: Promise<Block | null>[] = [];
  for (const block of lengths.keys()) {
    while (reading.length <= AHEAD && block + reading.length < lengths.length) {
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
