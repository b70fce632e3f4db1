/** Of an archive's entry, as its directory declares it. The decoder stops at the declared size. */
export interface DeclaredEntry {
  readonly encrypted: boolean;
  readonly symlink: boolean;
  readonly compressionMethod: number;
  readonly compressedSize: number;
  readonly uncompressedSize: number;
}

/** Twice the biggest data set this is made for; listing them takes a few seconds. */
export const MAX_ENTRIES = 200_000;

/** The directory is read in one piece: so many entries with paths of hundreds of characters. */
export const MAX_DIRECTORY_BYTES = 128 * 2 ** 20;

/** As a JPEG file, ten times a photo of 50 megapixels. */
const MAX_ENTRY_BYTES = 200e6;

/** Image files hardly compress. Beyond this size, a ratio that only constant data reaches (deflate's limit is 1,032). */
const SUSPECT_BYTES = 32e6;
const SUSPECT_RATIO = 200;

const STORED = 0;
const DEFLATED = 8;

/** Why an entry is not read (to follow "it"), or null. */
export function refuseEntry(entry: DeclaredEntry): string | null {
  if (entry.encrypted) return 'is protected by a password; unpack the archive and drop the folder';
  if (entry.symlink) return 'is a link, not a file';
  if (entry.compressionMethod !== STORED && entry.compressionMethod !== DEFLATED) {
    return 'is packed by a method that browsers cannot unpack; unpack the archive and drop the folder';
  }
  if (entry.uncompressedSize > MAX_ENTRY_BYTES) return `is larger than ${MAX_ENTRY_BYTES / 1e6} MB when unpacked`;
  if (entry.uncompressedSize > SUSPECT_BYTES && entry.uncompressedSize > SUSPECT_RATIO * entry.compressedSize) {
    return 'grows far more when unpacked than any image does';
  }
  return null;
}
