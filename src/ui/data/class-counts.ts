import { compareNames } from '../../names.ts';
import type { ImageRecord, Split } from '../../types.ts';

export interface ClassCount {
  readonly className: string;
  readonly training: number;
  readonly query: number;
  readonly gallery: number;
  readonly total: number;
}

/** Where an axis of counts from 0 to at least `most` has its marks: some four whole numbers, each once, the last not below `most`. */
export function wholeTicks(most: number): readonly number[] {
  const wanted = Math.max(1, most) / 4;
  const power = 10 ** Math.floor(Math.log10(wanted));
  const step = Math.max(1, power * ([1, 2, 5].find((size) => size * power >= wanted) ?? 10));
  return Array.from({ length: Math.ceil(Math.max(1, most) / step) + 1 }, (_, at) => at * step);
}

/** Images per class and split, the largest class first; images of unknown class are left out. */
export function countClasses(images: readonly ImageRecord[]): readonly ClassCount[] {
  const counts = new Map<string, Record<Split, number>>();
  for (const { className, split } of images) {
    if (className === null) continue;
    let count = counts.get(className);
    if (count === undefined) {
      count = { training: 0, query: 0, gallery: 0 };
      counts.set(className, count);
    }
    count[split] += 1;
  }
  return [...counts]
    .map(([className, count]) => ({ className, ...count, total: count.training + count.query + count.gallery }))
    .sort((a, b) => b.total - a.total || compareNames(a.className, b.className));
}
