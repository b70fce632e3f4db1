import type { Split } from '../types.ts';
import { csvRow } from './csv.ts';

export interface MapPointRow {
  readonly split: Split;
  /** Relative to the split's folder. */
  readonly file: string;
  /** Null where the label is unknown. */
  readonly className: string | null;
  readonly x: number;
  readonly y: number;
}

/** The points of a map as CSV (RFC 4180) with a header row; coordinates as they were drawn, in the units of the method. */
export function mapPointsCsv(points: readonly MapPointRow[]): string {
  const rows = points.map(({ file, className, split, x, y }) => csvRow([file, className, split, x, y]));
  return [csvRow(['file', 'class', 'split', 'x', 'y']), ...rows].join('');
}
