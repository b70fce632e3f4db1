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

/** Where each image stands on the wall. */
export interface WallPlaces {
  /** Paths, from the first row to the last. */
  readonly order: readonly string[];
  imageOf(path: string): ImageRecord | null;
  /** Position of its row. */
  rowOf(path: string): number;
  /** The path in a row of tiles, at that column or the last one; null where it is no such row. */
  at(row: number, column: number): string | null;
  columnOf(path: string): number;
}

export function wallPlaces(rows: readonly WallRow[]): WallPlaces {
  const places = new Map<string, { readonly image: ImageRecord; readonly row: number; readonly column: number }>();
  rows.forEach((row, at) => {
    if (row.kind !== 'tiles') return;
    row.images.forEach((image, column) => {
      places.set(image.path, { image, row: at, column });
    });
  });
  return {
    order: [...places.keys()],
    imageOf: (path) => places.get(path)?.image ?? null,
    rowOf: (path) => places.get(path)?.row ?? 0,
    columnOf: (path) => places.get(path)?.column ?? 0,
    at(row, column) {
      const there = rows[row];
      if (there?.kind !== 'tiles') return null;
      return there.images[Math.min(column, there.images.length - 1)]?.path ?? null;
    },
  };
}

export type WallStep = 'left' | 'right' | 'up' | 'down' | 'first' | 'last';

/** The image that an arrow key reaches from another; the same one at the wall's end. */
export function stepOnWall(places: WallPlaces, from: string, step: WallStep): string {
  const { order } = places;
  if (step === 'first' || step === 'last') return (step === 'first' ? order[0] : order.at(-1)) ?? from;
  if (step === 'left' || step === 'right') return order[order.indexOf(from) + (step === 'left' ? -1 : 1)] ?? from;
  const down = step === 'down' ? 1 : -1;
  const column = places.columnOf(from);
  const row = places.rowOf(from) + down;
  // A row with a class's name may lie between.
  return places.at(row, column) ?? places.at(row + down, column) ?? from;
}

/** The image itself, while it is there; else the nearest one left of those that came after it, else before. */
export function survivorOf(order: readonly string[], path: string, left: ReadonlySet<string>): string | null {
  if (left.has(path)) return path;
  const at = order.indexOf(path);
  return (
    order.slice(at + 1).find((other) => left.has(other)) ??
    order.slice(0, Math.max(0, at)).findLast((other) => left.has(other)) ??
    null
  );
}
