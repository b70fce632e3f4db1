import type { Entry } from '@zip.js/zip.js';
import { inMegabytes } from '../numerals.ts';
import { MAX_DEPTH } from './listing.ts';
import { decodeName, guessEncoding, type NameEncoding } from './zip-encoding.ts';

/** What an archive's directory declares of an entry. The decoder stops at the declared size. */
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
    return `is larger than ${inMegabytes(MAX_ENTRY_BYTES)} when unpacked; unpack the archive and open the folder`;
  return refuseKind(entry);
}

/** Likewise of an archive inside the archive; one that is read is taken off the budget. */
export function refuseInner(entry: DeclaredEntry, budget: Budget): string | null {
  if (entry.uncompressedSize > budget.innerBytes) {
    return `is too large to be opened inside another archive (${MAX_INNER_BYTES / 1e9} GB in all); unpack the outer one and open the folder`;
  }
  const reason = refuseKind(entry);
  if (reason === null) budget.innerBytes -= entry.uncompressedSize;
  return reason;
}

function refuseKind(entry: DeclaredEntry): string | null {
  if (entry.encrypted) return 'is protected by a password; unpack the archive and open the folder';
  if (entry.symlink) return 'is a link, not a file';
  if (entry.compressionMethod !== STORED && entry.compressionMethod !== DEFLATED) {
    return 'is packed by a method that browsers cannot unpack; unpack the archive and open the folder';
  }
  if (entry.uncompressedSize > SUSPECT_BYTES && entry.uncompressedSize > SUSPECT_RATIO * entry.compressedSize) {
    return 'grows far more when unpacked than any image does';
  }
  return null;
}

/** Longer than any file system's limit. */
const MAX_LENGTH = 4096;

/** A name that may be used as a path, or the reason why it may not (to follow "it"). */
export type CheckedName = { readonly path: string } | { readonly refused: string };

/** What is used of an entry for its name. */
export type NamedEntry = Pick<Entry, 'filename' | 'rawFilename' | 'filenameUTF8' | 'versionMadeBy'>;

/**
 * The names of all entries of an archive, with slashes between folders. Names without a sign that they are UTF-8 are read
 * in the encoding that fits all of them (`encoding`, null where none had to be guessed; entries must have been read as code
 * page 437). Backslashes separate folders where the archive says that it was made on a system whose paths have them, or
 * where there is not one slash.
 */
export function entryNames(entries: readonly NamedEntry[]): {
  readonly names: string[];
  readonly encoding: NameEncoding | null;
  /** Whether some are UTF-8 even so. */
  readonly mixed: boolean;
} {
  const unmarked = entries.filter((entry) => !isMarked(entry)).map(({ rawFilename }) => rawFilename);
  const { encoding, beside } = encodingsOf(unmarked);
  const names = entries.map((entry) => {
    if (isMarked(entry)) return entry.filename;
    const apart = beside && decodeName(entry.rawFilename, beside);
    if (apart !== null || encoding === 'cp437') return apart ?? entry.filename;
    return decodeName(entry.rawFilename, encoding) ?? entry.filename;
  });
  const noSlash = !names.some((name) => name.includes('/'));
  const separated = names.map((name, at) =>
    noSlash || hasBackslashPaths(entries[at]?.versionMadeBy ?? 0) ? name.replaceAll('\\', '/') : name,
  );
  const guessed = unmarked.some((name) => name.some((byte) => byte > 0x7f)) && encoding !== 'utf-8';
  return { names: separated, encoding: guessed ? encoding : null, mixed: beside !== null };
}

/**
 * What names are written in. Where no encoding fits all of them, files of two systems may lie in one archive: then those that are
 * UTF-8 are read as that (`beside`), and the others by themselves.
 */
function encodingsOf(names: readonly Uint8Array[]): { encoding: NameEncoding; beside: 'utf-8' | null } {
  const together = guessEncoding(names);
  if (together !== 'cp437') return { encoding: together, beside: null };
  const isForeign = (name: Uint8Array) => name.some((byte) => byte > 0x7f);
  const others = names.filter((name) => decodeName(name, 'utf-8') === null);
  const isMixed = others.length > 0 && names.some((name) => isForeign(name) && !others.includes(name));
  const alone = isMixed ? guessEncoding(others) : 'cp437';
  return alone === 'cp437' ? { encoding: together, beside: null } : { encoding: alone, beside: 'utf-8' };
}

/** Some programs set the UTF-8 flag but write names in their system's encoding. */
function isMarked({ filenameUTF8, filename }: NamedEntry): boolean {
  return filenameUTF8 && !filename.includes('\ufffd');
}

/** The upper byte is the system: MS-DOS (which Windows programs claim to be), OS/2, NTFS, VFAT. */
function hasBackslashPaths(versionMadeBy: number): boolean {
  return [0, 6, 10, 14].includes(versionMadeBy >> 8);
}

/**
 * Checks an archive entry's name. Names that a careless program would write outside its folder are refused, never
 * repaired: who made them is unlikely to have meant well. Percent signs mean nothing here.
 */
export function checkZipName(name: string): CheckedName {
  if (name.includes('\0')) return { refused: 'has an unprintable name' };
  if (name.includes('\\')) return { refused: 'has a backslash in its name' };
  if (name.startsWith('/')) return { refused: 'has an absolute path' };
  const parts = name.split('/');
  if (parts.includes('..')) return { refused: 'has a path that leads out of the archive' };
  // "./a" and "a//b" are harmless: some tools write them.
  const kept = parts.filter((part) => part !== '' && part !== '.');
  const path = kept.join('/');
  if (/^[a-z]:/i.test(path)) return { refused: 'has a drive letter in its path' };
  if (path === '') return { refused: 'has no name' };
  if (path.length > MAX_LENGTH) return { refused: 'has a path that is too long' };
  if (kept.length > MAX_DEPTH + 1) return { refused: `lies more than ${MAX_DEPTH} folders deep` };
  return { path };
}

/** A path to an archive without its ending: the folder that it stands for. Without a name of its own ("..zip"), “archive”. */
export function archiveFolder(path: string): string {
  return path.replace(/\.zip$/i, '').replace(/(^|\/)\.{0,2}$/, '$1archive');
}
