import { compareNames } from '../../names.ts';
import type { ImageRecord } from '../../types.ts';

export interface ClassGroup {
  /** Null where the class is unknown. */
  readonly className: string | null;
  readonly images: readonly ImageRecord[];
}

export type WallRow =
  | { readonly kind: 'class'; readonly group: ClassGroup }
  | { readonly kind: 'tiles'; readonly images: readonly ImageRecord[] };

/** Classes in order of their names, images of unknown class last; within a class the order given. */
export function groupByClass(images: readonly ImageRecord[]): readonly ClassGroup[] {
  const groups = new Map<string | null, ImageRecord[]>();
  for (const image of images) {
    const group = groups.get(image.className);
    if (group === undefined) groups.set(image.className, [image]);
    else group.push(image);
  }
  return [...groups]
    .map(([className, members]) => ({ className, images: members }))
    .sort((a, b) => compareGroups(a.className, b.className));
}

function compareGroups(a: string | null, b: string | null): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  return compareNames(a, b);
}

/** One row with each class's name, then its images, `columns` to a row. */
export function wallRows(groups: readonly ClassGroup[], columns: number): readonly WallRow[] {
  const rows: WallRow[] = [];
  for (const group of groups) {
    rows.push({ kind: 'class', group });
    for (let at = 0; at < group.images.length; at += columns) {
      rows.push({ kind: 'tiles', images: group.images.slice(at, at + columns) });
    }
  }
  return rows;
}
