import { AppError } from '../errors.ts';
import { numeral } from '../numerals.ts';
import type { Embeddings, RowBlocks } from '../storage/embeddings.ts';
import type { Context } from './context.ts';
import { type ReadImage, type Run, splitImages } from './run.ts';
import { runBlocks } from './run-blocks.ts';
import { modelName } from './run-name.ts';
import type { WeightsCatalogue } from './weights-catalogue.ts';

/** Unit rows nearer than this are one but for rounding: a network of float32 on two engines differs by more. */
const SAME = 1e-5;

/** What is needed to name a model. */
interface Named {
  readonly weights: Pick<WeightsCatalogue, 'label'>;
}

/** The run's gallery, as runBlocks gives it, to be searched: ends as `toldApart` does. */
export function galleryBlocks(context: Context, run: Run): RowBlocks {
  return toldApart(context, run, splitImages(run.images, 'gallery'), runBlocks(context, run, 'gallery'));
}

/**
 * The same rows, looked at as they pass: `images` are theirs. Ends with AppError 'weights-refused' where images of other
 * contents have one embedding, or more than two of them only one direction, its opposite and zero: no order of them would
 * mean anything. Looks at no more rows than it needs, mostly two.
 */
export function toldApart(
  { weights }: Named,
  run: Run,
  images: readonly Pick<ReadImage, 'hash'>[],
  { rows, blocks, files }: RowBlocks,
): RowBlocks {
  function look() {
    let direction: Float32Array | null = null;
    const seen = { zero: false, along: false, against: false };
    let differ = false;
    function see(row: Float32Array): void {
      if (row.every((value) => value === 0)) {
        seen.zero = true;
        return;
      }
      // A copy: what is handed on may be moved away.
      direction ??= row.slice();
      if (distance(direction, row, 1) <= SAME) seen.along = true;
      else if (distance(direction, row, -1) <= SAME) seen.against = true;
      else differ = true;
    }
    return {
      at({ matrix, dimensions }: Embeddings): boolean {
        for (let at = 0; !differ && at < matrix.length; at += dimensions) see(matrix.subarray(at, at + dimensions));
        return differ;
      },
      end() {
        if (differ) return;
        const contents = new Set(images.map(({ hash }) => hash)).size;
        // Two images may be opposites, or one of them empty.
        const kinds = Object.values(seen).filter(Boolean).length;
        if (contents > (kinds > 1 ? 2 : 1) && kinds > 0)
          throw oneDirection(modelName(weights, run), run, contents, seen);
      },
    };
  }
  return {
    rows,
    async *blocks() {
      const looked = look();
      for await (const block of blocks()) {
        looked.at(block);
        yield block;
      }
      looked.end();
    },
    ...(files && {
      async files() {
        const stored = await files();
        const looked = look();
        for (const file of stored.blocks) {
          const matrix = new Float32Array(await file.arrayBuffer());
          if (looked.at({ matrix, dimensions: stored.dimensions })) break;
        }
        looked.end();
        return stored;
      },
    }),
  };
}

/** From `a` to `b`, or to its opposite where `sign` is −1. */
function distance(a: Float32Array, b: Float32Array, sign: 1 | -1): number {
  let squares = 0;
  for (let i = 0; i < a.length; i++) squares += ((a[i] as number) - sign * (b[i] as number)) ** 2;
  return Math.sqrt(squares);
}

interface Seen {
  readonly zero: boolean;
  readonly along: boolean;
  readonly against: boolean;
}

function oneDirection(name: string, { members }: Run, images: number, seen: Seen): AppError {
  const { zero, along, against } = seen;
  const alternatives = [...(against ? ['its opposite'] : []), ...(zero && along ? ['none'] : [])];
  const similarities = [...(along ? ['1'] : []), ...(against ? ['−1'] : []), ...(zero ? ['0'] : [])];
  return new AppError(
    'weights-refused',
    `${name} gives ${numeral(images)} different images ${listed(['one and the same embedding', ...alternatives])} (every similarity would be ${listed(similarities)}), so that it can rank none before another. ${causeOf(members)}. The images and all other models are as they were.`,
  );
}

const listed = (words: readonly string[]): string => words.join(', ').replace(/, ([^,]*)$/, ' or $1');

/** What may have caused it, and what to do. */
function causeOf(members: Run['members']): string {
  const trained = members.some(({ head }) => head === 'finetuned');
  const downloaded = members.some(({ architecture }) => architecture !== 'colour-gradient');
  if (!trained && members.every(({ architecture }) => architecture === 'own-vectors')) {
    return 'So are the vectors in the file that they were read from: import others';
  }
  const alike = 'The images may all look alike';
  if (!trained && !downloaded) return `${alike} to it: try a network`;
  if (!downloaded)
    return `${alike}. If other models tell them apart, its head is damaged or was never trained: train it again`;
  return trained
    ? `${alike}. If other models tell them apart, its head or its weights are damaged or were never trained: train the head again, or delete the weights and get them again`
    : `${alike}. If other models tell them apart, its weights are damaged or were never trained: delete and get them again`;
}

/** Throws AppError 'weights-refused' for a query without a direction, which is equally far from everything. */
export function assertDirection({ weights }: Named, run: Run, embedding: Float32Array): void {
  if (embedding.some((value) => value !== 0)) return;
  throw new AppError(
    'weights-refused',
    `${modelName(weights, run)} sees nothing in this picture: its embedding is zero, so that every similarity would be 0. Search with another model, or with another picture.`,
  );
}
