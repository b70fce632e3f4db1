import type { ListedFile } from './listing.ts';

/** What told a file from other ones of its path when it was read. */
export interface FileMark {
  /** As `ListedFile.version`. */
  readonly version: string | null;
  /** Milliseconds since the epoch; null where the browser does not tell. */
  readonly modified: number | null;
  /** When it was read, by the same clock. */
  readonly readAt: number;
}

/** What is kept of a file that was read. */
export interface ReadFile {
  readonly bytes: number | null;
  readonly mark?: FileMark;
}

/** The coarsest clock of a file system (FAT) counts two seconds: a file may change twice within one of its times. */
const CLOCK_MS = 2000;

export function markOf(listed: Pick<ListedFile, 'version'>, blob: Blob, readAt: number): FileMark {
  return { version: listed.version ?? null, modified: blob instanceof File ? blob.lastModified : null, readAt };
}

/** Whether a listed file is surely the one that was read, without opening it: null where only opening it can tell. */
export function isUnchangedUnopened(known: ReadFile, listed: Pick<ListedFile, 'version' | 'bytes'>): boolean | null {
  if (known.bytes !== null && listed.bytes !== null && known.bytes !== listed.bytes) return false;
  if (listed.version === undefined || !known.mark) return null;
  return known.mark.version === listed.version;
}

/**
 * Whether an opened file is surely the one that was read: its size and its time are the same, and the time can be trusted,
 * which one can not that is unknown, ahead of the clock, or so close to the reading that a later change may bear it too.
 */
export function isUnchanged(known: ReadFile, listed: Pick<ListedFile, 'version' | 'bytes'>, blob: Blob): boolean {
  if (known.bytes !== blob.size || !known.mark) return false;
  const unopened = isUnchangedUnopened(known, listed);
  if (unopened !== null) return unopened;
  const { modified, readAt } = known.mark;
  return (
    blob instanceof File &&
    modified !== null &&
    modified > 0 &&
    modified === blob.lastModified &&
    modified < readAt - CLOCK_MS
  );
}
