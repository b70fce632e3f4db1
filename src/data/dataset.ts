import type { ImageRecord, Split } from '../types.ts';
import { compareCodeUnits } from './order.ts';

/** What a Dataset says about its images. */
export interface Summary {
  /** Union of the class names of all splits, by code unit. */
  readonly classes: string[];
  readonly counts: Record<Split, number>;
}

/** Classes and counts of any list of images: before reading, after it, or after ground truth was applied. */
export function summarise(images: readonly ImageRecord[]): Summary {
  const classes = new Set<string>();
  const counts: Record<Split, number> = { training: 0, query: 0, gallery: 0 };
  for (const { split, className } of images) {
    counts[split]++;
    if (className !== null) classes.add(className);
  }
  return { classes: [...classes].sort(compareCodeUnits), counts };
}
