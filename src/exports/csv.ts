import { inEnglish } from '../numerals.ts';
import type { ImageRecord, Problem, Split } from '../types.ts';

export type CsvValue = string | number | null;

/** A value as a CSV field (RFC 4180); nothing for null. */
export function csvCell(value: CsvValue): string {
  if (value === null) return '';
  // A number is written by this program: its minus sign is one, and must stay readable as one.
  if (typeof value === 'number') return String(value);
  // Spreadsheets run a cell that begins like a formula, and file names come from anywhere: an apostrophe makes it text. One that
  // stands before such a sign already gets another, so that a reader can take off the first (data/ground-truth-csv.ts).
  const text = /^'*[=+\-@\t\r\n＝＋－＠]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** One record with its line end. */
export function csvRow(values: readonly CsvValue[]): string {
  return `${values.map(csvCell).join(',')}\r\n`;
}

type LabelledFile = Pick<ImageRecord, 'split' | 'file' | 'className'>;

/**
 * The classes of images as a table with the columns `split,file,class` (RFC 4180), which can be added to the same folder as
 * its ground truth; an image without a class has no line. Where images were excluded, or taken out of their class by hand, a
 * fourth column `use` says so: else they would come back by their folders.
 */
export function groundTruthCsv(
  images: readonly LabelledFile[],
  {
    excluded = [],
    withoutClass = [],
  }: { excluded?: readonly LabelledFile[]; withoutClass?: readonly LabelledFile[] } = {},
): string {
  const labelled = images.filter(({ className }) => className !== null);
  const rows = [
    ['split', 'file', 'class', 'use'],
    ...labelled.map(({ split, file, className }) => [split, file, className, '']),
    ...withoutClass.map(({ split, file }) => [split, file, '', 'no class']),
    ...excluded.map(({ split, file, className }) => [split, file, className, 'excluded']),
  ];
  const width = excluded.length + withoutClass.length === 0 ? 3 : 4;
  return rows.map((row) => csvRow(row.slice(0, width))).join('');
}

const columns = ['severity', 'kind', 'path', 'reason', 'action'] as const;

/** The problems as CSV (RFC 4180) with a header row. */
export function problemsCsv(problems: readonly Problem[]): string {
  const rows = [columns, ...problems.map((problem) => columns.map((column) => inEnglish(problem[column])))];
  return rows.map(csvRow).join('');
}

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
