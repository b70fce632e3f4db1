import { orderDigest } from '../storage/embeddings.ts';
import type { ImageRecord, Split } from '../types.ts';
import { type Run, splitImages } from './run.ts';

/** The images of a split by their hashes in row order, and the name of that order. */
export interface SplitOrder {
  readonly hashes: readonly string[];
  readonly digest: string;
}

/** Names of lists of images by content. Of 100,000 images one takes its time, and every step asks for the same. */
export interface Digests {
  /** Names images and labels of a data set: equal digests, equal results. */
  subject(images: readonly ImageRecord[]): Promise<string>;
  /** The order of a run's split. */
  order(run: Run, split: Split): Promise<SplitOrder>;
}

/** Remembers what was computed as long as the lists are in use. */
export function createDigests(): Digests {
  const subjects = new WeakMap<readonly ImageRecord[], Promise<string>>();
  const orders = new WeakMap<Run, Map<Split, Promise<SplitOrder>>>();
  return {
    subject(images) {
      const known = subjects.get(images);
      if (known) return known;
      const made = orderDigest(images.map(({ split, hash, className }) => JSON.stringify([split, hash, className])));
      subjects.set(images, made);
      return made;
    },
    order(run, split) {
      const known = orders.get(run) ?? new Map<Split, Promise<SplitOrder>>();
      orders.set(run, known);
      const order = known.get(split) ?? orderOf(run, split);
      known.set(split, order);
      return order;
    },
  };
}

async function orderOf(run: Run, split: Split): Promise<SplitOrder> {
  const hashes = splitImages(run.images, split).map(({ hash }) => hash);
  return { hashes, digest: await orderDigest(hashes) };
}
