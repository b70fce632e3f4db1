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
 * Cosines of n images to each class, [n, classes], owned by the caller: of an ensemble, the mean of its members'. A class
 * vector of zeros is of a class that the member knows nothing of; its cosines are 0. Throws AppError 'bad-argument' where
 * the members differ in their images or classes.
 */
export async function classCosines(
  members: readonly ComparedByMember[],
  arithmetic: Arithmetic,
): Promise<Float32Array<ArrayBuffer>> {
  let sum: Float32Array<ArrayBuffer> | null = null;
  for (const member of members) {
    const cosines = await cosinesOf(member, arithmetic);
    if (sum === null) sum = cosines;
    else if (sum.length === cosines.length)
      for (let i = 0; i < sum.length; i++) (sum[i] as number) += cosines[i] as number;
    else throw new AppError('bad-argument', 'The members of an ensemble have other images, or other classes.');
  }
  if (sum === null) throw new AppError('bad-argument', 'A model without members knows no classes.');
  return sum.map((value) => value / members.length);
}

async function cosinesOf(member: ComparedByMember, arithmetic: Arithmetic): Promise<Float32Array<ArrayBuffer>> {
  const { rows: embeddings, width } = await embeddingsOf(member, arithmetic);
  const vectors = normaliseRows(member.vectors, width);
  const [n, classes] = [countRows(embeddings, width), countRows(vectors, width)];
  const cosines = new Float32Array(n * classes);
  for (let from = 0; from < n; from += BLOCK) {
    const to = Math.min(n, from + BLOCK);
    const block = embeddings.subarray(from * width, to * width);
    cosines.set(await arithmetic.productTransposed(block, vectors, to - from, width, classes), from * classes);
  }
  return cosines;
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
