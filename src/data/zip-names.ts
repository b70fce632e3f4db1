import type { Entry } from '@zip.js/zip.js';
import { MAX_DEPTH } from './listing.ts';
import { decodeName, guessEncoding, type NameEncoding } from './zip-encoding.ts';

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
  /** Whether some are UTF-8 all the same. */
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

/** Some programs set the UTF-8 flag and write what their system speaks. */
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
