import { sha256 } from '../data/file-bytes.ts';
import type { Head } from './head.ts';

/** Names a head by its numbers; its recipe and its classifier do not change an embedding. Lower-case hex. */
export function headDigest({ projection, bias }: Pick<Head, 'projection' | 'bias'>): Promise<string> {
  return sha256(new Blob([projection, bias]));
}

/**
 * Names what made embeddings: equal digests, comparable vectors. `features` names weights and preprocessing by content (a
 * featuresKey), `head` is the headDigest of what projected them; null for frozen embeddings. Lower-case hex.
 */
export function modelDigest(features: string, head: string | null): Promise<string> {
  return sha256(new Blob([JSON.stringify([features, head])]));
}
