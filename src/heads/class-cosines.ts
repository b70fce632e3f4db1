import { AppError } from '../errors.ts';
import { countRows, normaliseRows } from '../math/vectors.ts';
import type { Arithmetic } from './arithmetic.ts';
import { embed, type Head } from './head.ts';
import { EMBEDDING_SIZE } from './parameters.ts';

/** One member of a model, and some images as its backbone saw them. */
export interface SeenByMember {
  /** Raw features [n, dimensions]. */
  readonly features: Float32Array;
  readonly dimensions: number;
  /** Null of a frozen member, whose embeddings are its features. */
  readonly head: Head | null;
}

/** The same with what stands for each class among the member's embeddings. */
export interface ComparedByMember extends SeenByMember {
  /** Class vectors [classes, d], of any length: rows of a head's classifier, or class means. */
  readonly vectors: Float32Array;
}

/** Embeddings multiplied at a time. */
const BLOCK = 1024;

/**
 * Cosines of n images to each class, [n, members · classes], owned by the caller: in a row, one member's classes after the
 * other's. A class vector of zeros is of a class that the member knows nothing of; its cosines are 0. Throws AppError
 * 'bad-argument' where the members differ in their images or classes.
 */
export async function classCosines(
  members: readonly ComparedByMember[],
  arithmetic: Arithmetic,
): Promise<Float32Array<ArrayBuffer>> {
  const parts: { readonly cosines: Float32Array; readonly classes: number }[] = [];
  for (const member of members) parts.push(await cosinesOf(member, arithmetic));
  const [first] = parts;
  if (!first) throw new AppError('bad-argument', 'A model without members knows no classes.');
  const { classes, cosines: own } = first;
  if (parts.some((part) => part.classes !== classes || part.cosines.length !== own.length)) {
    throw new AppError('bad-argument', 'The members of an ensemble have other images, or other classes.');
  }
  return joinCosines(
    parts.map(({ cosines }) => cosines),
    classes,
  );
}

/**
 * Cosines [n, classes] of each member as those of their model, [n, members · classes], owned by the caller: in a row, one
 * member's classes after the other's.
 */
export function joinCosines(members: readonly Float32Array[], classes: number): Float32Array<ArrayBuffer> {
  const joined = new Float32Array((members[0]?.length ?? 0) * members.length);
  members.forEach((cosines, member) => {
    for (let row = 0; row * classes < cosines.length; row++) {
      const part = cosines.subarray(row * classes, (row + 1) * classes);
      joined.set(part, (row * members.length + member) * classes);
    }
  });
  return joined;
}

/** [n, classes]. */
async function cosinesOf(
  member: ComparedByMember,
  arithmetic: Arithmetic,
): Promise<{ readonly cosines: Float32Array; readonly classes: number }> {
  const { rows: embeddings, width } = await embeddingsOf(member, arithmetic);
  const vectors = normaliseRows(member.vectors, width);
  const [n, classes] = [countRows(embeddings, width), countRows(vectors, width)];
  const cosines = new Float32Array(n * classes);
  for (let from = 0; from < n; from += BLOCK) {
    const to = Math.min(n, from + BLOCK);
    const block = embeddings.subarray(from * width, to * width);
    cosines.set(await arithmetic.productTransposed(block, vectors, to - from, width, classes), from * classes);
  }
  return { cosines, classes };
}

/**
 * The mean embedding of each class, [classes, d], owned by the caller; `labels` [n] are class numbers from 0, or below it where
 * there is none. A class
 * without images has zeros. Throws AppError 'bad-argument' where there are not as many labels as images.
 */
export async function classMeans(
  member: SeenByMember,
  labels: Int32Array,
  classes: number,
  arithmetic: Arithmetic,
): Promise<Float32Array<ArrayBuffer>> {
  const { rows: embeddings, width } = await embeddingsOf(member, arithmetic);
  if (countRows(embeddings, width) !== labels.length) {
    throw new AppError('bad-argument', `There are not as many images as labels (${labels.length}).`);
  }
  // Sums do: only their directions count.
  const sums = new Float64Array(classes * width);
  labels.forEach((label, row) => {
    if (label < 0) return;
    for (let i = 0; i < width; i++) (sums[label * width + i] as number) += embeddings[row * width + i] as number;
  });
  return normaliseRows(Float32Array.from(sums), width);
}

/** Unit rows [n, width]. */
async function embeddingsOf(
  { features, dimensions, head }: SeenByMember,
  arithmetic: Arithmetic,
): Promise<{ rows: Float32Array<ArrayBuffer>; width: number }> {
  if (head === null) return { rows: normaliseRows(features, dimensions), width: dimensions };
  const rows = await embed(head, features, arithmetic);
  return { rows, width: EMBEDDING_SIZE };
}
