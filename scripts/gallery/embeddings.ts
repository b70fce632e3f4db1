import { readFile } from 'node:fs/promises';
import { AppError } from '../../src/errors.ts';
import { plainArithmetic } from '../../src/heads/arithmetic.ts';
import { embed } from '../../src/heads/head.ts';
import { loadHead, type SavedHead } from '../../src/heads/head-file.ts';
import { headDigest } from '../../src/heads/model-digest.ts';
import { EMBEDDING_SIZE } from '../../src/heads/parameters.ts';
import { normaliseRows } from '../../src/math/vectors.ts';
import type { Manifest } from './feature-folder.ts';

/** A head as it was saved on the screens, and its file. */
export interface UsedHead {
  readonly saved: SavedHead;
  readonly digest: string;
  readonly file: Uint8Array<ArrayBuffer>;
}

/** Throws AppError 'weights-refused', 'weights-mismatch'. */
export async function readHead(path: string): Promise<UsedHead> {
  return openHead(Uint8Array.from(await readFile(path)));
}

export async function openHead(file: Uint8Array<ArrayBuffer>): Promise<UsedHead> {
  const saved = await loadHead(new Blob([file]));
  return { saved, digest: await headDigest(saved.head), file };
}

/** Throws AppError 'weights-mismatch' where the head was trained on features of other weights. */
export function checkHead({ saved }: UsedHead, { architecture, sha256 }: Manifest['model']): void {
  const { backbone } = saved;
  if (backbone.architecture === architecture && backbone.sha256 === sha256) return;
  const name = (of: { readonly architecture: string; readonly sha256: string | null }) =>
    `${of.architecture} (${of.sha256 ?? 'no weights'})`;
  const sentence = `This head was trained on features of ${name(backbone)}, and these are of ${name({ architecture, sha256 })}.`;
  throw new AppError('weights-mismatch', sentence);
}

export const embeddingSize = (head: UsedHead | null, dimensions: number): number =>
  head ? EMBEDDING_SIZE : dimensions;

/** Unit rows of features [n, D]: projected by the head, as the app does it; frozen without one. */
export function embedRows(head: UsedHead | null, features: Float32Array, dimensions: number) {
  return head
    ? embed(head.saved.head, features, plainArithmetic)
    : Promise.resolve(normaliseRows(features, dimensions));
}
