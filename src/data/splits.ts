import { AppError } from '../errors.ts';
import { seededRandom } from '../math/random.ts';

const GALLERY_SHARE = 0.2;
const QUERY_SHARE = 0.1;

/** With fewer images, one for the gallery and one for the query would leave less than half of the class to learn from. */
export const SMALLEST_DIVIDED_CLASS = 4;

/** Keeps the split's random numbers apart from all others of the same seed. */
const STREAM = 0x5b117;

/** A three-way split of `training/`: every row is in exactly one part. Rows in ascending order. */
export interface TrainingSplit {
  /** Rows that the head is fitted to. */
  readonly fit: Int32Array<ArrayBuffer>;
  /** Validation gallery: what the validation queries are searched in. */
  readonly gallery: Int32Array<ArrayBuffer>;
  /** Validation query. */
  readonly query: Int32Array<ArrayBuffer>;
  /** Classes that have images, but fewer than SMALLEST_DIVIDED_CLASS: they are fitted and never validated. */
  readonly undividedClasses: readonly number[];
}

/**
 * Splits the rows of `training/` class by class: 20 % (at least one) into the validation gallery, 10 % (at least one)
 * into the validation query, the rest into fit; a class of fewer than SMALLEST_DIVIDED_CLASS images stays in fit.
 * `labels` [n] holds class numbers from 0 to `classes` − 1. Depends on labels, their order and the seed alone, so that
 * every model of a comparison gets the same split. Throws AppError 'bad-argument' for a label out of range.
 */
export function splitTraining(labels: Int32Array, classes: number, seed: number): TrainingSplit {
  const rowsOfClass = Array.from({ length: classes }, (): number[] => []);
  labels.forEach((label, row) => {
    const rows = rowsOfClass[label];
    if (!rows) throw new AppError('bad-argument', `Training image ${row + 1} has the class ${label} of ${classes}.`);
    rows.push(row);
  });
  const random = seededRandom(seed, STREAM);
  const fit: number[] = [];
  const gallery: number[] = [];
  const query: number[] = [];
  const undividedClasses: number[] = [];
  rowsOfClass.forEach((rows, label) => {
    if (rows.length < SMALLEST_DIVIDED_CLASS) {
      fit.push(...rows);
      if (rows.length > 0) undividedClasses.push(label);
      return;
    }
    random.shuffle(rows);
    const galleryEnd = share(rows.length, GALLERY_SHARE);
    const queryEnd = galleryEnd + share(rows.length, QUERY_SHARE);
    rows.forEach((row, i) => {
      (i < galleryEnd ? gallery : i < queryEnd ? query : fit).push(row);
    });
  });
  return { fit: ascending(fit), gallery: ascending(gallery), query: ascending(query), undividedClasses };
}

function share(rows: number, of: number): number {
  return Math.max(1, Math.round(rows * of));
}

function ascending(rows: number[]): Int32Array<ArrayBuffer> {
  return Int32Array.from(rows).sort();
}
