import { AppError, quoted } from '../errors.ts';
import { numeral } from '../numerals.ts';
import type { Split } from '../types.ts';

/** Vectors with the names of their images, read a block at a time. */
export interface VectorTable {
  /** As the file is called, without its ending and its split. */
  readonly name: string;
  /** The split that the file's name says; null where it says none, and the names are of any. */
  readonly split: Split | null;
  /** A row an image. */
  readonly files: readonly string[];
  readonly dimensions: number;
  /** Rows first to last [m, dimensions], each block the taker's own. */
  blocks(): AsyncGenerator<Float32Array<ArrayBuffer>>;
}

/** As many as a data set may have images (data/listing.ts). */
export const MOST_VECTORS = 500_000;
const MOST_NAME = 4096;

/** Titles of a column that names images, the likeliest first. */
export const NAME_COLUMNS = ['path', 'file', 'filename', 'file_name', 'filepath', 'file_path', 'image', 'name', 'id'];

/** Throws AppError 'bad-argument' where there are none or too many, or one is no name. */
export function checkedNames(names: readonly unknown[], from: string): string[] {
  if (names.length === 0) throw refused(`${quoted(from)} has no rows.`);
  if (names.length > MOST_VECTORS) {
    throw refused(`${quoted(from)} has ${numeral(names.length)} rows; ${numeral(MOST_VECTORS)} can be imported.`);
  }
  return names.map((name, row) => {
    if (typeof name === 'string' && name.trim() !== '' && name.length <= MOST_NAME) return name;
    throw refused(`Row ${row + 1} of ${quoted(from)} has no name of an image.`);
  });
}

export const stemOf = (name: string): string => name.replace(/\.[^.]*$/, '');

/** "resnet50.gallery.npy" is of the gallery, as the app's own export names its files. */
export function namedBy(file: string): Pick<VectorTable, 'name' | 'split'> {
  const [, name, split] = /^(.+)[._-](training|query|gallery)$/.exec(stemOf(file)) ?? [];
  const known = (['training', 'query', 'gallery'] as const).find((one) => one === split) ?? null;
  return { name: known && name !== undefined ? name : stemOf(file), split: known };
}

export function refused(sentence: string): AppError {
  return new AppError('bad-argument', `${sentence} Nothing was changed.`);
}
