import type { ImageRecord, Split } from '../types.ts';

const SPLITS: readonly Split[] = ['training', 'query', 'gallery'];

/** Code unit by code unit: the same order in every browser and language, and no two different names are equal. */
export function compareCodeUnits(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** A new array: training, query, gallery; within a split by path. */
export function sortImages(images: readonly ImageRecord[]): ImageRecord[] {
  return SPLITS.flatMap((split) =>
    images.filter((image) => image.split === split).sort((a, b) => compareCodeUnits(a.path, b.path)),
  );
}

/** The first `limit` images of each split by path, in `sortImages`' order. */
export function limitPerSplit(images: readonly ImageRecord[], limit: number): ImageRecord[] {
  const sorted = sortImages(images);
  return SPLITS.flatMap((split) => sorted.filter((image) => image.split === split).slice(0, limit));
}
