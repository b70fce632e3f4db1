import type { SpokenSplit } from './ground-truth.ts';
import type { KnownNames } from './known-names.ts';
import { splitNameOf } from './split-names.ts';

/** What columns are called, the likeliest first; letters and digits alone, lower case. Classes' names go before their numbers. */
const COLUMNS = {
  split: ['split', 'set', 'subset', 'partition', 'fold', 'evaluationstatus'],
  file: [
    ...['file', 'filename', 'image', 'imageid', 'imagename', 'imagefile', 'imagefilename', 'filepath', 'imagepath'],
    ...['path', 'img', 'imgname', 'imgpath', 'fname', 'relpath', 'photo', 'picture', 'id', 'name'],
  ],
  class: [
    ...[
      'classname',
      'labelname',
      'categoryname',
      'class',
      'label',
      'category',
      'target',
      'choice',
      'classid',
      'labelid',
    ],
    ...['categoryid', 'classlabel', 'labels', 'classes', 'categories', 'species', 'breed', 'identity', 'individualid'],
    ...['landmarkid', 'productid', 'itemid', 'personid', 'vehicleid', 'pid'],
  ],
} as const;

/** Columns of yes and no: the split that a yes is, and a no. */
const FLAGS = new Map<string, readonly [yes: SpokenSplit, no: SpokenSplit]>([
  ...['istrain', 'istraining', 'istrainingimage'].map((name) => [name, ['training', 'any']] as const),
  ...['istest', 'istesting'].map((name) => [name, ['test', 'training']] as const),
  ...['isval', 'isvalid', 'isvalidation'].map((name) => [name, ['validation', 'training']] as const),
]);

/** For the sentence that says what is wanted. */
export const WANTED_COLUMNS =
  'one of file, filename, image, image_id or path, and one of class, label, category or target';

export interface Columns {
  /** In tables that this app wrote, what the user had decided about the image; −1 in others. */
  readonly use: number;
  /** −1 where no column names the split. */
  readonly split: number;
  readonly file: number;
  /** One column that names the class; or one for each class, with a 1 in that of the image. */
  readonly class: number | readonly number[];
  /** Whether the columns were told by what is in them, and not by their names. */
  readonly guessed: boolean;
}

/** With fewer rows it cannot be told which column repeats itself. */
const FEW_ROWS = 4;
/** Share of a table's rows that have one class, where each class has its column: attributes may all be there at once. */
const OF_ONE_CLASS = 0.5;

/**
 * Of a table's first line and some of its rows: by the columns' names; where these say nothing, by what is in them, if one column names
 * images and one other repeats itself. Null where the table names no files and classes.
 */
export function findColumns(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  known: KnownNames | null,
): Columns | null {
  const names = header.map((name) => name.toLowerCase().replace(/[^\p{Letter}\p{Number}]+/gu, ''));
  const at = (wanted: readonly string[]) => wanted.map((name) => names.indexOf(name)).filter((place) => place >= 0);
  // A first line that names an image is no header.
  const isHeader = !names.some((_, place) => known?.has(header[place] ?? ''));
  const areFiles = (place: number) => known !== null && rows.some((row) => known.has(row[place] ?? ''));
  const files = at(COLUMNS.file);
  // Of "image_id" and "path" the one that names files there are.
  const file = files.find(areFiles) ?? files[0] ?? (isHeader ? names.findIndex((_, place) => areFiles(place)) : -1);
  if (file < 0) return null;
  const split = splitColumn(names, rows, at(COLUMNS.split));
  const found = { split, use: names.indexOf('use'), file, guessed: files.length === 0 };
  const label = at(COLUMNS.class).find((place) => place !== file) ?? idColumn(names, rows, file);
  if (label !== undefined) return { ...found, class: label };
  const others = names.flatMap((_, place) => (place === file || place === split ? [] : [place]));
  const each = aColumnForEachClass(others, rows);
  if (each) return { ...found, class: each };
  const [repeated, another] = isHeader && areFiles(file) ? others.filter((place) => repeats(place, rows)) : [];
  return repeated === undefined || another !== undefined ? null : { ...found, class: repeated, guessed: true };
}

function splitColumn(names: readonly string[], rows: readonly (readonly string[])[], named: readonly number[]): number {
  // Numbers are the folds of a cross-validation.
  const split = named.find((place) => rows.every((row) => !/^\s*-?\d+(\.\d+)?\s*$/.test(row[place] ?? '')));
  return split ?? names.findIndex((name, place) => FLAGS.has(name) && rows.every((row) => isYesOrNo(row[place] ?? '')));
}

/** "Image, Id", as of one animal; but not numbers that count the rows, nor one for each of them. */
function idColumn(names: readonly string[], rows: readonly (readonly string[])[], file: number): number | undefined {
  const place = names.indexOf('id');
  if (place < 0 || place === file) return undefined;
  const values = rows.map((row) => (row[place] ?? '').trim());
  const areAllDifferent = values.length > 1 && new Set(values).size === values.length;
  return areAllDifferent && (names.length > 2 || values.every((value) => /^\d+$/.test(value))) ? undefined : place;
}

/** Columns of ones and zeros, of which most rows have a single one. */
function aColumnForEachClass(
  places: readonly number[],
  rows: readonly (readonly string[])[],
): readonly number[] | null {
  const marks = places.filter((place) => rows.length > 0 && rows.every((row) => markOf(row[place] ?? '') !== null));
  if (marks.length < 2) return null;
  const single = rows.filter((row) => marks.filter((place) => markOf(row[place] ?? '')).length === 1).length;
  return single >= OF_ONE_CLASS * rows.length ? marks : null;
}

function repeats(place: number, rows: readonly (readonly string[])[]): boolean {
  const values = rows.map((row) => (row[place] ?? '').trim());
  const distinct = new Set(values).size;
  const areWords = values.every(
    (value) => value !== '' && !/^[-+.\d\s]+$/.test(value) && !/^(https?:|[{[])/.test(value),
  );
  return rows.length >= FEW_ROWS && areWords && distinct >= 2 && 2 * distinct <= rows.length;
}

/** Whether a cell marks the class of its column; null where it is no such mark. */
export function markOf(cell: string): boolean | null {
  const value = cell.trim();
  return /^[01](\.0*)?$/.test(value) ? value.startsWith('1') : null;
}

const YES = /^\s*(true|yes|y|t|1)\s*$/i;
const NO = /^\s*(false|no|n|f|0)\s*$/i;
const isYesOrNo = (cell: string) => YES.test(cell) || NO.test(cell);

/** The split that a cell names: in words, or as yes or no in a column whose name asks for it. Null where it names none. */
export function splitInCell(cell: string, column: string): SpokenSplit | null {
  const flag = FLAGS.get(column.toLowerCase().replace(/[^a-z]+/g, ''));
  if (flag && isYesOrNo(cell)) return YES.test(cell) ? flag[0] : flag[1];
  return splitOfWord(cell.trim());
}

/** The word does not say which images of a test are queries and which gallery. */
export function splitOfWord(word: string): SpokenSplit | null {
  return word === '' ? 'any' : splitNameOf(word);
}
