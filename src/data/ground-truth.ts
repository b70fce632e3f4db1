import { AppError, quoted } from '../errors.ts';
import { compareCodeUnits } from './order.ts';

/** Labels of query and gallery from a file. File names are relative to their split's folder. */
export interface GroundTruth {
  /** Sorted by code unit. */
  readonly classes: string[];
  readonly query: Map<string, string>;
  readonly gallery: Map<string, string>;
}

/** Labels for about half a million files: more than this is some other file. */
const MAX_BYTES = 64 * 2 ** 20;

export function groundTruthRefused(what: string, cause?: unknown): AppError {
  return new AppError(
    'ground-truth-refused',
    `The ground truth cannot be used: ${what}. The labels are as they were; correct the file and add it again.`,
    { cause },
  );
}

/** Bytes or characters: either is refused beyond the bound. */
export function assertGroundTruthSize(size: number): void {
  if (size > MAX_BYTES) throw groundTruthRefused(`it is larger than ${MAX_BYTES / 2 ** 20} MB`);
}

/** All labels, and the classes that were named without having a file. */
export function collectClasses(declared: Iterable<string>, ...labels: ReadonlyMap<string, string>[]): string[] {
  const classes = new Set(declared);
  for (const map of labels) for (const label of map.values()) classes.add(label);
  return [...classes].sort(compareCodeUnits);
}

/**
 * Adds a label. A file may be named twice, as "a.jpg" and "./a.jpg", if both say the same.
 * Throws AppError 'ground-truth-refused'; `place` says where it stands.
 */
export function addLabel(labels: Map<string, string>, file: string, label: string, place: string): void {
  const key = truthKey(file);
  if (key === '') throw groundTruthRefused(`${place} names no file`);
  const known = labels.get(key);
  if (known !== undefined && known !== label) {
    throw groundTruthRefused(
      `${place} gives ${quoted(key)} the class ${quoted(label)}, but an earlier line ${quoted(known)}`,
    );
  }
  labels.set(key, label);
}

/** The name by which labels are looked up: "./a.jpg" and "a.jpg" are one file, nothing else is changed. */
function truthKey(file: string): string {
  return file.startsWith('./') ? file.slice(2) : file;
}
