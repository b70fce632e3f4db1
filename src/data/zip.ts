import type { Entry, FileEntry, ZipReader } from '@zip.js/zip.js';
import { AppError, aborted, isAborted, shortened } from '../errors.ts';
import { numeral } from '../numerals.ts';
import type { Problem } from '../types.ts';
import { readBytes } from './file-bytes.ts';
import { extensionOf, folderOf, isSystemPath, joinPath, nameOf } from './file-kinds.ts';
import { foreignKind, SIGNATURE_BYTES } from './foreign-files.ts';
import type { ListedFile, Listing, ListOptions } from './listing.ts';
import { aLineForEachFolder } from './problem-groups.ts';
import { createSlices } from './slices.ts';
import { ENCODING_NAMES, type NameEncoding } from './zip-encoding.ts';
import {
  archiveFolder,
  type Budget,
  checkZipName,
  entryNames,
  MAX_DIRECTORY_BYTES,
  MAX_ENTRIES,
  newBudget,
  refuseEntry,
  refuseInner,
} from './zip-entries.ts';

/**
 * Lists a ZIP archive as if it were a dropped folder: below its one top folder, or, where it has several things at its
 * top, below a folder of the archive's name (`top`). Archives inside it are listed likewise, one level deep. Entries are unpacked
 * by `open`, one by one; unsafe ones are left out and become problems, as does what is beyond the `budget` of all of them. Throws AppError 'archive-refused' where there is
 * nothing to be read at all, or 'aborted'.
 */
export async function listZip(
  archive: Blob,
  name: string,
  options: ListOptions,
  top: Top = 'lone-folder',
  budget: Budget = newBudget(),
): Promise<Listing> {
  const { listing, inner } = await readArchive(archive, name, budget, options);
  const whole: Listing = { files: [...listing.files], directories: [...listing.directories], problems: [] };
  const problems = [...listing.problems];
  for (const { entry, path } of inner) {
    const found = await openInner(entry, path, name, whole, budget, options);
    whole.files.push(...found.files);
    whole.directories.push(...found.directories);
    problems.push(...found.problems);
  }
  whole.problems.push(...aLineForEachFolder(problems));
  if (whole.files.length === 0) {
    const [problem] = whole.problems;
    throw refused(name, problem ? `holds nothing that can be read: ${problem.reason}` : 'holds no files.');
  }
  return below(whole, archiveFolder(name), top);
}

/**
 * What an archive's files are put below: its lone folder where it has one, else a folder of its own name; or that in any
 * case, where several archives differ by their names alone (each may hold “images”).
 */
export type Top = 'lone-folder' | 'own-folder';

interface Inner {
  readonly entry: FileEntry;
  readonly path: string;
}

interface ReadArchive {
  readonly listing: Listing;
  readonly inner: readonly Inner[];
}

async function readArchive(archive: Blob, name: string, budget: Budget, options: ListOptions): Promise<ReadArchive> {
  if (archive.size === 0) throw refused(name, 'is empty (0 bytes).');
  const { ZipReader, BlobReader } = await loadZip();
  const bytes = new BlobReader(archive);
  const read = bytes.readUint8Array.bind(bytes);
  // The directory's length is whatever the archive says.
  bytes.readUint8Array = (offset, length) => {
    if (length > MAX_DIRECTORY_BYTES) throw refused(name, 'has a directory that is far too long.');
    return read(offset, length);
  };
  const entries = await readDirectory(new ZipReader(bytes), name, budget, options).catch(async (error: unknown) => {
    throw (await foreignRefusal(archive, name)) ?? error;
  });
  if (entries.reduce((sum, { compressedSize }) => sum + compressedSize, 0) > archive.size) {
    throw refused(name, 'holds entries that overlap, as only traps do.');
  }
  const { names, encoding, mixed } = entryNames(entries);
  const listing: Listing = { files: [], directories: [], problems: [] };
  if (encoding) listing.problems.push(guessedEncoding(name, encoding, mixed));
  const inner: Inner[] = [];
  const paths = new Set<string>();
  const slice = createSlices();
  for (const [at, entry] of entries.entries()) {
    addEntry(entry, names[at] ?? entry.filename, name, listing, inner, paths);
    const rest = slice();
    if (rest) await rest;
  }
  return { listing, inner };
}

/** Loaded when the first archive comes. Its own workers would be blob URLs, and browsers inflate in the background. */
async function loadZip() {
  const zip = await import('@zip.js/zip.js/lib/zip-core-custom.js');
  zip.configure({ useWebWorkers: false });
  return zip;
}

async function readDirectory(reader: ZipReader<Blob>, name: string, budget: Budget, options: ListOptions) {
  const entries: Entry[] = [];
  const slice = createSlices();
  // Names are checked here, so that one bad name costs one entry and not the archive; so are their letters.
  const generator = reader.getEntriesGenerator({ filenameValidation: 'tolerant', filenameEncoding: 'cp437' });
  for (let next = await step(generator, name); !next.done; next = await step(generator, name)) {
    if (options.signal.aborted) throw aborted();
    if (--budget.entries < 0) throw refused(name, `holds more than ${numeral(MAX_ENTRIES)} entries.`);
    entries.push(next.value);
    const rest = slice();
    if (rest) {
      options.onCount?.(entries.length);
      await rest;
    }
  }
  return entries;
}

/** A 7-Zip or RAR archive named ".zip": naming its kind helps more than calling it damaged. */
async function foreignRefusal(archive: Blob, name: string): Promise<AppError | null> {
  const kind = foreignKind(await readBytes(archive.slice(0, SIGNATURE_BYTES)));
  return kind === null ? null : refused(name, `is ${kind}, whatever its name says; it is not read here.`);
}

async function step(generator: ReturnType<ZipReader<Blob>['getEntriesGenerator']>, name: string) {
  try {
    return await generator.next();
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw refused(name, 'is not a whole ZIP archive: it is cut off, damaged, or another kind of file.', error);
  }
}

function addEntry(
  entry: Entry,
  name: string,
  archive: string,
  listing: Listing,
  inner: Inner[],
  paths: Set<string>,
): void {
  const checked = checkZipName(name);
  if ('refused' in checked) {
    listing.problems.push(skipped(joinPath(archive, name), checked.refused));
    return;
  }
  const { path } = checked;
  if (isSystemPath(path)) return;
  if (entry.directory || name.endsWith('/')) {
    listing.directories.push(path);
    return;
  }
  const isArchive = extensionOf(path) === 'zip';
  const reason = paths.has(path) ? 'is there twice; the first one counts' : isArchive ? null : refuseEntry(entry);
  if (reason !== null) {
    listing.problems.push(skipped(joinPath(archive, path), reason));
    return;
  }
  paths.add(path);
  if (isArchive) inner.push({ entry, path });
  else {
    listing.files.push({
      path,
      bytes: entry.uncompressedSize,
      ...(entry.signature === undefined ? {} : { version: `crc32 ${entry.signature.toString(16)}` }),
      open: () => unpack(entry, path),
    });
  }
}

/** An archive inside the archive `name`, as if it were the folder of its name beside it. */
async function openInner(
  entry: FileEntry,
  path: string,
  name: string,
  beside: Listing,
  budget: Budget,
  options: ListOptions,
): Promise<Listing> {
  const without = (reason: string): Listing => ({
    files: [],
    directories: [],
    problems: [skipped(joinPath(name, path), reason)],
  });
  const folder = archiveFolder(path);
  if (isThere(folder, beside)) return without('was not opened, since its folder is there, too');
  const reason = refuseInner(entry, budget);
  if (reason !== null) return without(reason);
  try {
    const { listing, inner } = await readArchive(await unpack(entry, path), nameOf(path), budget, options);
    const deeper = inner.map((one) =>
      skipped(joinPath(name, joinPath(path, one.path)), 'is an archive inside an archive inside an archive; unpack it'),
    );
    const { files, directories, problems } = below(listing, nameOf(folder), 'own-folder');
    const parent = folderOf(path);
    // Its lone folder may have the archive's name in other capitals.
    const [first] = files;
    if (first && isThere(joinPath(parent, topOf(first.path)), beside)) {
      return without('was not opened, since its folder is there, too');
    }
    return {
      files: files.map((file) => ({ ...file, path: joinPath(parent, file.path) })),
      directories: directories.map((directory) => joinPath(parent, directory)),
      problems: [
        ...problems.map((problem) => ({ ...problem, path: joinPath(name, joinPath(parent, problem.path)) })),
        ...deeper,
      ],
    };
  } catch (error) {
    if (isAborted(error) || !(error instanceof AppError)) throw error;
    return { files: [], directories: [], problems: [{ ...skipped(joinPath(name, path), ''), reason: error.message }] };
  }
}

function isThere(folder: string, { files, directories }: Listing): boolean {
  return directories.includes(folder) || files.some(({ path }) => path.startsWith(`${folder}/`));
}

async function unpack(entry: FileEntry, path: string): Promise<Blob> {
  const { BlobWriter } = await loadZip();
  try {
    return await entry.getData<Blob>(new BlobWriter(), { checkCrc32: true });
  } catch (error) {
    throw new AppError(
      'archive-refused',
      `“${shortened(nameOf(path))}” could not be unpacked: its part of the archive is damaged. It was skipped, all else is kept.`,
      { cause: error },
    );
  }
}

/** Puts everything below one top folder. Problems name their archive already. */
function below(listing: Listing, folder: string, top: Top): Listing {
  const tops = new Set<string>();
  for (const { path } of listing.files) tops.add(topOf(path));
  for (const path of listing.directories) tops.add(topOf(path));
  const [only = ''] = tops;
  if (tops.size === 1 && (top === 'lone-folder' || only.toLowerCase() === folder.toLowerCase())) return listing;
  return {
    files: listing.files.map((file): ListedFile => ({ ...file, path: joinPath(folder, file.path) })),
    directories: [folder, ...listing.directories.map((path) => joinPath(folder, path))],
    problems: listing.problems,
  };
}

function topOf(path: string): string {
  const end = path.indexOf('/');
  return end < 0 ? path : path.slice(0, end);
}

function skipped(path: string, reason: string): Problem {
  return {
    kind: 'archive',
    severity: 'skipped',
    path,
    reason: `“${shortened(nameOf(path))}” ${reason}.`,
    action: 'skipped',
  };
}

function guessedEncoding(archive: string, encoding: NameEncoding, mixed: boolean): Problem {
  return {
    kind: 'archive',
    severity: 'warning',
    path: archive,
    reason: `The names in “${archive}” do not say how they are written; ${mixed ? 'those that are UTF-8 were read as that, the others' : 'they were read'} as ${ENCODING_NAMES[encoding]}.`,
    action: 'kept; where names look wrong, open the unpacked folder',
  };
}

function refused(name: string, sentence: string, cause?: unknown): AppError {
  return new AppError(
    'archive-refused',
    `“${name}” ${sentence} Nothing was added from it; make or download it again, or open the unpacked folder.`,
    { cause },
  );
}
