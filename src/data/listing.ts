import { AppError } from '../errors.ts';
import { numeral } from '../numerals.ts';
import type { Problem } from '../types.ts';

/** One file of a drop. Its bytes are touched by `open` alone. */
export interface ListedFile {
  /** '/' separators, no leading slash, beginning with the dropped folder's own name; unique in its listing. */
  readonly path: string;
  /** Null where the browser tells the size only with the file's contents. */
  readonly bytes: number | null;
  /**
   * Another one where the contents are others: of an archive's entry its checksum, of a drawn picture its edition. Missing where
   * only the opened file tells, by the time of its last change.
   */
  readonly version?: string;
  /** Throws AppError 'files-gone' or 'archive-refused'. May be called again; every call reads again. */
  open(): Promise<Blob>;
}

/** Everything below what was dropped or picked, system files left out. */
export interface Listing {
  readonly files: ListedFile[];
  /** Paths of all folders, empty ones too (as far as the browser tells of them). */
  readonly directories: string[];
  /** What could not be listed. */
  readonly problems: Problem[];
}

export interface ListOptions {
  readonly signal: AbortSignal;
  /** Called with the number of files found so far. */
  readonly onCount?: (files: number) => void;
}

/** Five times the biggest data set this is made for; a folder tree that turns in a circle ends here, too. */
const MAX_FILES = 500_000;

/** Deeper than any real folder, shallower than where a link that points to its own folder gets expensive. */
export const MAX_DEPTH = 40;

/** Refuses a drop that never seems to end. */
export function assertFileCount(count: number): void {
  if (count <= MAX_FILES) return;
  throw new AppError(
    'dataset-unusable',
    `There are more than ${numeral(MAX_FILES)} files here, more than one data set may have. Nothing was added; open a folder further down.`,
  );
}

/** Hands out top-level names so that two dropped folders of one name stay apart: `photos`, `photos (2)`. */
export function createNaming(already: Iterable<string> = []): (name: string) => string {
  const taken = new Set(already);
  return (name) => {
    const dot = name.lastIndexOf('.');
    const stem = dot > 0 ? name.slice(0, dot) : name;
    const ending = name.slice(stem.length);
    let free = name;
    for (let n = 2; taken.has(free); n++) free = `${stem} (${n})${ending}`;
    taken.add(free);
    return free;
  };
}
