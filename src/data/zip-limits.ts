/** Limits on an archive's entries as its directory declares them. The decoder stops at the declared size. */
import { inMegabytes } from '../numerals.ts';
export interface DeclaredEntry {
  readonly encrypted: boolean;
  readonly symlink: boolean;
  readonly compressionMethod: number;
  readonly compressedSize: number;
  readonly uncompressedSize: number;
}

/** Twice the biggest data set this is made for; listing them takes a few seconds. */
export const MAX_ENTRIES = 200_000;

/** The directory is read in one piece: entries with paths of hundreds of characters. */
export const MAX_DIRECTORY_BYTES = 128 * 2 ** 20;

/** As a JPEG file, ten times a photo of 50 megapixels. */
const MAX_ENTRY_BYTES = 200e6;

/** Archives inside an archive are unpacked while it is listed, and their bytes are kept: as much as a browser may be asked to hold. */
const MAX_INNER_BYTES = 1e9;

/** Image files hardly compress. Beyond this size, a ratio that only constant data reaches (deflate's limit is 1,032). */
const SUSPECT_BYTES = 32e6;
const SUSPECT_RATIO = 200;

const STORED = 0;
const DEFLATED = 8;

/** What is left for everything that one archive holds, with the archives inside it. */
export interface Budget {
  entries: number;
  innerBytes: number;
}

export function newBudget(): Budget {
  return { entries: MAX_ENTRIES, innerBytes: MAX_INNER_BYTES };
}

/** Why an entry is not read (to follow "it"), or null. */
export function refuseEntry(entry: DeclaredEntry): string | null {
  if (entry.uncompressedSize > MAX_ENTRY_BYTES)
    return `is larger than ${inMegabytes(MAX_ENTRY_BYTES)} when unpacked; unpack the archive and drop the folder`;
  return refuseKind(entry);
}

/** Likewise of an archive inside the archive; one that is read is taken off the budget. */
export function refuseInner(entry: DeclaredEntry, budget: Budget): string | null {
  if (entry.uncompressedSize > budget.innerBytes) {
    return `is too large to be opened inside another archive (${MAX_INNER_BYTES / 1e9} GB in all); unpack the outer one and drop the folder`;
  }
  const reason = refuseKind(entry);
  if (reason === null) budget.innerBytes -= entry.uncompressedSize;
  return reason;
}

function refuseKind(entry: DeclaredEntry): string | null {
  if (entry.encrypted) return 'is protected by a password; unpack the archive and drop the folder';
  if (entry.symlink) return 'is a link, not a file';
  if (entry.compressionMethod !== STORED && entry.compressionMethod !== DEFLATED) {
    return 'is packed by a method that browsers cannot unpack; unpack the archive and drop the folder';
  }
  if (entry.uncompressedSize > SUSPECT_BYTES && entry.uncompressedSize > SUSPECT_RATIO * entry.compressedSize) {
    return 'grows far more when unpacked than any image does';
  }
  return null;
}
