import type { Entry, FileEntry, ZipReader } from '@zip.js/zip.js';
import { AppError, aborted } from '../errors.ts';
import type { Problem } from '../types.ts';
import { isSystemPath, joinPath, nameOf } from './file-kinds.ts';
import type { ListedFile, Listing, ListOptions } from './listing.ts';
import { createSlices } from './slices.ts';
import { MAX_DIRECTORY_BYTES, MAX_ENTRIES, refuseEntry } from './zip-limits.ts';
import { archiveFolder, checkZipName } from './zip-names.ts';

/**
 * Lists a ZIP archive as if it were a dropped folder: below its one top folder, or, where it has several things at its
 * top, below a folder of the archive's name. Entries are unpacked by `open`, one by one; unsafe ones are left out and
 * become problems. Throws AppError 'archive-refused' where there is nothing to be read at all, or 'aborted'.
 */
export async function listZip(archive: Blob, name: string, options: ListOptions): Promise<Listing> {
  if (archive.size === 0) throw refused(name, 'is empty (0 bytes)');
  const { ZipReader, BlobReader } = await loadZip();
  const bytes = new BlobReader(archive);
  const read = bytes.readUint8Array.bind(bytes);
  // The directory's length is whatever the archive says.
  bytes.readUint8Array = (offset, length) => {
    if (length > MAX_DIRECTORY_BYTES) throw refused(name, 'has a directory that is far too long');
    return read(offset, length);
  };
  const found = await readDirectory(new ZipReader(bytes), name, options);
  if (found.compressedBytes > archive.size) throw refused(name, 'holds entries that overlap, as only traps do');
  const { listing } = found;
  if (listing.files.length === 0) {
    throw refused(
      name,
      listing.problems[0] ? `holds nothing that can be read: ${listing.problems[0].reason}` : 'holds no files',
    );
  }
  return below(listing, archiveFolder(name));
}

/** Loaded when the first archive comes. Its own workers would be blob URLs, and browsers inflate in the background. */
async function loadZip() {
  const zip = await import('@zip.js/zip.js/lib/zip-core-custom.js');
  zip.configure({ useWebWorkers: false });
  return zip;
}

async function readDirectory(reader: ZipReader<Blob>, name: string, options: ListOptions) {
  const listing: Listing = { files: [], directories: [], problems: [] };
  const paths = new Set<string>();
  const slice = createSlices();
  let entries = 0;
  let compressedBytes = 0;
  // Names are checked here, so that one bad name costs one entry and not the archive.
  const generator = reader.getEntriesGenerator({ filenameValidation: 'tolerant' });
  for (let next = await step(generator, name); !next.done; next = await step(generator, name)) {
    if (options.signal.aborted) throw aborted();
    if (++entries > MAX_ENTRIES) throw refused(name, `holds more than ${MAX_ENTRIES.toLocaleString('en')} entries`);
    compressedBytes += next.value.compressedSize;
    addEntry(next.value, name, listing, paths);
    const rest = slice();
    if (rest) {
      options.onCount?.(listing.files.length);
      await rest;
    }
  }
  return { listing, compressedBytes };
}

async function step(generator: ReturnType<ZipReader<Blob>['getEntriesGenerator']>, name: string) {
  try {
    return await generator.next();
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw refused(name, 'is not a whole ZIP archive: it is cut off, damaged, or another kind of file', error);
  }
}

function addEntry(entry: Entry, archive: string, listing: Listing, paths: Set<string>): void {
  const checked = checkZipName(entry.filename);
  if ('refused' in checked) {
    listing.problems.push(skipped(joinPath(archive, entry.filename), checked.refused));
    return;
  }
  const { path } = checked;
  if (isSystemPath(path)) return;
  if (entry.directory) {
    listing.directories.push(path);
    return;
  }
  const reason = paths.has(path) ? 'is there twice; the first one counts' : refuseEntry(entry);
  if (reason !== null) {
    listing.problems.push(skipped(joinPath(archive, path), reason));
    return;
  }
  paths.add(path);
  listing.files.push({ path, bytes: entry.uncompressedSize, open: () => unpack(entry, path) });
}

async function unpack(entry: FileEntry, path: string): Promise<Blob> {
  const { BlobWriter } = await loadZip();
  try {
    return await entry.getData<Blob>(new BlobWriter(), { checkCrc32: true });
  } catch (error) {
    throw new AppError(
      'archive-refused',
      `“${nameOf(path)}” could not be unpacked: its part of the archive is damaged. It was skipped, all else is kept.`,
      { cause: error },
    );
  }
}

/** Puts everything below one top folder. Problems name their archive already. */
function below(listing: Listing, folder: string): Listing {
  const tops = new Set<string>();
  for (const { path } of listing.files) tops.add(topOf(path));
  for (const path of listing.directories) tops.add(topOf(path));
  if (tops.size === 1) return listing;
  return {
    files: listing.files.map(({ path, bytes, open }): ListedFile => ({ path: joinPath(folder, path), bytes, open })),
    directories: [folder, ...listing.directories.map((path) => joinPath(folder, path))],
    problems: listing.problems,
  };
}

function topOf(path: string): string {
  const end = path.indexOf('/');
  return end < 0 ? path : path.slice(0, end);
}

function skipped(path: string, reason: string): Problem {
  return { kind: 'archive', severity: 'skipped', path, reason: `“${nameOf(path)}” ${reason}.`, action: 'skipped' };
}

function refused(name: string, what: string, cause?: unknown): AppError {
  return new AppError(
    'archive-refused',
    `“${name}” ${what}. Nothing was added from it; make or download it anew, or drop the unpacked folder.`,
    { cause },
  );
}
