import { SMALLEST_DIVIDED_CLASS } from './splits.ts';

/** Of each class, no group holds more than this share: two groups at least can be asked and searched, and two learned from. */
const LARGEST_GROUP = 1 / 4;

/** The most images of a class of `images` that may be one group. */
export const largestGroup = (images: number): number => Math.max(1, Math.floor(images * LARGEST_GROUP));

/** Row numbers, in ascending order. Each half is searched with the images of the other. */
export interface GroupFold {
  /** Rows that heads learn from. */
  readonly training: Int32Array<ArrayBuffer>;
  readonly halves: readonly [Int32Array<ArrayBuffer>, Int32Array<ArrayBuffer>];
}

/**
 * Divides rows into `folds` so that a group is never on two sides: neither do heads learn from images of a group that is held
 * out, nor is an image asked among its own group. `labels` [n] are class numbers, `groups` [n] numbers of groups, which hold
 * images of one class each. Every group is held out in one fold at most, and always in one where its class has four groups
 * or more; a class of fewer than four images, or groups, is learned from in all folds. Depends on labels and groups alone.
 */
export function groupFolds(labels: Int32Array, groups: Int32Array, folds: number): GroupFold[] {
  const rowsOfClass = new Map<number, Map<number, number[]>>();
  labels.forEach((label, row) => {
    const ofClass = rowsOfClass.get(label) ?? new Map<number, number[]>();
    rowsOfClass.set(label, ofClass);
    const group = groups[row] as number;
    const known = ofClass.get(group);
    if (known) known.push(row);
    else ofClass.set(group, [row]);
  });
  /** Of each row its half, counted over all folds: 2 · fold, or one more. */
  const halfOf = new Int32Array(labels.length).fill(-1);
  let first = 0;
  for (const ofClass of rowsOfClass.values()) {
    if (ofClass.size < SMALLEST_DIVIDED_CLASS) continue;
    // Whole folds alone: in a half without the other, nothing can be found.
    const halves = 2 * Math.min(folds, Math.floor(ofClass.size / 2));
    const held = new Int32Array(halves);
    for (const rows of [...ofClass.values()].sort((a, b) => b.length - a.length)) {
      const smallest = held.indexOf(Math.min(...held));
      held[smallest] = (held[smallest] as number) + rows.length;
      for (const row of rows) halfOf[row] = (2 * first + smallest) % (2 * folds);
    }
    // Classes of few groups have no part in some folds: not in the same ones.
    first = (first + 1) % folds;
  }
  const rowsWhere = (passes: (half: number) => boolean) =>
    Int32Array.from([...halfOf.keys()].filter((row) => passes(halfOf[row] as number)));
  return Array.from({ length: folds }, (_, fold) => ({
    training: rowsWhere((half) => half >> 1 !== fold),
    halves: [rowsWhere((half) => half === 2 * fold), rowsWhere((half) => half === 2 * fold + 1)],
  }));
}
