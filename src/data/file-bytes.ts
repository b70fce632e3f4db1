import { AppError } from '../errors.ts';
import type { ListedFile } from './listing.ts';

/** A file's bytes. Throws AppError 'files-gone' where the browser can no longer read it. */
export async function readBytes(file: Blob): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return new Uint8Array(await file.arrayBuffer());
  } catch (cause) {
    throw new AppError(
      'files-gone',
      'The file could not be read: it was moved, changed or deleted after it was dropped, or may not be opened.',
      { cause },
    );
  }
}

/** Up to here a file is hashed in one piece by the browser itself, which is fastest. */
const WHOLE_BYTES = 64 * 2 ** 20;
const PIECE_BYTES = 8 * 2 ** 20;

/**
 * SHA-256 of a file's bytes, lower-case hex. Memory is bounded whatever the file's size. Throws AppError 'files-gone'.
 */
export async function sha256(file: Blob): Promise<string> {
  // Missing on pages served over plain http from another host than localhost, whatever the type says.
  const subtle: SubtleCrypto | undefined = globalThis.crypto.subtle;
  if (subtle && file.size <= WHOLE_BYTES) {
    const digest = new Uint8Array(await subtle.digest('SHA-256', await readBytes(file)));
    return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
  }
  const { createSHA256 } = await import('hash-wasm');
  const hasher = await createSHA256();
  for (let at = 0; at < file.size; at += PIECE_BYTES) {
    hasher.update(await readBytes(file.slice(at, at + PIECE_BYTES)));
  }
  return hasher.digest('hex');
}

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
