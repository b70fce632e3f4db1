import { AppError } from '../errors.ts';
import { fnv1a } from '../math/fnv.ts';
import { seededRandom } from '../math/random.ts';
import { countRows, normaliseRows } from '../math/vectors.ts';
import type { Head } from './head.ts';
import { EMBEDDING_SIZE } from './parameters.ts';

/** How the members' embeddings become one. `shared` trains their heads together first, then averages as `mean` does. */
export type Combination = 'mean' | 'concat' | 'shared';

/** Unit rows [n, dimensions] of one member. */
export interface MemberEmbeddings {
  readonly embeddings: Float32Array;
  readonly dimensions: number;
}

/**
 * The members' average embedding, L2-normalised again: `members` hold unit rows [n, 512] of the same images; the result
 * [n, 512] is the caller's. Throws AppError 'bad-argument' for no members, or of different sizes.
 */
export function meanEmbeddings(members: readonly Float32Array[]): Float32Array<ArrayBuffer> {
  const length = members[0]?.length ?? 0;
  countSame(members.map((embeddings) => countRows(embeddings, EMBEDDING_SIZE)));
  const sum = new Float32Array(length);
  for (const embeddings of members) {
    for (let i = 0; i < length; i++) (sum[i] as number) += embeddings[i] as number;
  }
  return normaliseRows(sum, EMBEDDING_SIZE);
}

/**
 * The members' embeddings side by side, each divided by √members: a dot product is then the mean of the members'
 * cosines, and rows have unit length again (also where one member gave an image a row of zeros, which counts for
 * nothing there). The result [n, sum of dimensions] is the caller's. Throws AppError 'bad-argument' as meanEmbeddings does.
 */
export function concatEmbeddings(members: readonly MemberEmbeddings[]): MemberEmbeddings & {
  readonly embeddings: Float32Array<ArrayBuffer>;
} {
  const n = countSame(members.map(({ embeddings, dimensions }) => countRows(embeddings, dimensions)));
  const total = members.reduce((sum, { dimensions }) => sum + dimensions, 0);
  const joined = new Float32Array(n * total);
  let offset = 0;
  for (const { embeddings, dimensions } of members) {
    for (let row = 0; row < n; row++) {
      joined.set(embeddings.subarray(row * dimensions, (row + 1) * dimensions), row * total + offset);
    }
    offset += dimensions;
  }
  return { embeddings: normaliseRows(joined, total), dimensions: total };
}

/**
 * Brings a frozen member to 512 dimensions, so that it can be averaged with others: a Gaussian projection, entries
 * N(0, 1/512), which keeps cosines nearly (Johnson & Lindenstrauss 1984). The same for one seed and one backbone's
 * name; different backbones get independent ones.
 */
export function gaussianProjection(dimensions: number, seed: number, backbone: string): Head {
  const random = seededRandom(seed, fnv1a(new TextEncoder().encode(backbone)));
  const deviation = 1 / Math.sqrt(EMBEDDING_SIZE);
  const projection = Float32Array.from({ length: EMBEDDING_SIZE * dimensions }, () => deviation * random.gaussian());
  return { dimensions, projection, bias: new Float32Array(EMBEDDING_SIZE) };
}

function countSame(rows: readonly number[]): number {
  const [n] = rows;
  if (n === undefined || rows.some((other) => other !== n)) {
    throw new AppError(
      'bad-argument',
      `An ensemble needs members of the same images, not of ${rows.join(', ') || 'none'}.`,
    );
  }
  return n;
}
