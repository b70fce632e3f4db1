import { AppError, aborted, FOLDER_AGAIN, isAborted } from '../errors.ts';
import type { Problem } from '../types.ts';
import { extensionOf, folderOf, isSystemName, joinPath, kindByName, nameOf } from './file-kinds.ts';
import {
  assertFileCount,
  createNaming,
  type ListedFile,
  type Listing,
  type ListOptions,
  MAX_DEPTH,
} from './listing.ts';
import { createSlices } from './slices.ts';

/** Loaded with the first archive: most folders have none. */
const zips = () => import('./zip.ts');

/** A file or folder, from any of the browser's interfaces. */
export type Source = FileSource | FolderSource;

export interface FileSource {
  readonly kind: 'file';
  readonly name: string;
  readonly bytes: number | null;
  open(): Promise<Blob>;
}

export interface FolderSource {
  readonly kind: 'directory';
  readonly name: string;
  children(): AsyncIterable<Source>;
}

/** More archives in one folder are a backup, not a download. */
const MAX_ARCHIVES = 50;

/**
 * Lists everything below the given files and folders, in their order. Archives at the top are expanded as if they were
 * folders, and so are those below them where nothing else could be an image: downloads often hold one for each split.
 * Throws AppError 'aborted', 'dataset-unusable' (too many files), or 'archive-refused' where nothing but
 * archives was given and none could be read.
 */
export async function listSources(sources: readonly Source[], options: ListOptions): Promise<Listing> {
  const listing: Listing = { files: [], directories: [], problems: [] };
  const nameFor = createNaming();
  const refusals: AppError[] = [];
  for (const source of sources) {
    if (isSystemName(source.name)) continue;
    if (source.kind === 'directory') {
      await walk(source, nameFor(source.name), listing, options);
    } else if (extensionOf(source.name) === 'zip') {
      try {
        const inside = await (await zips()).listZip(
          await openArchive(source),
          source.name,
          options,
          sources.length > 1 ? 'own-folder' : 'lone-folder',
        );
        append(listing, inside, nameFor);
      } catch (error) {
        if (isAborted(error) || !(error instanceof AppError)) throw error;
        refusals.push(error);
        listing.problems.push(refused(source.name, error));
      }
    } else {
      listing.files.push(listed(source, nameFor(source.name)));
    }
    options.onCount?.(listing.files.length);
    assertFileCount(listing.files.length);
  }
  await openArchives(listing, refusals, options);
  const [refusal] = refusals;
  if (refusal && listing.files.length === 0) throw refusal;
  return listing;
}

async function openArchives(listing: Listing, refusals: AppError[], options: ListOptions): Promise<void> {
  const archives = listing.files.filter(({ path }) => extensionOf(path) === 'zip');
  if (archives.length === 0 || archives.length > MAX_ARCHIVES) return;
  // What has no ending ("README") may be an image, but hardly beside archives.
  if (listing.files.some(({ path }) => kindByName(nameOf(path)) === 'image' && extensionOf(path) !== '')) return;
  const namings = new Map<string, (name: string) => string>();
  for (const archive of archives) {
    listing.files.splice(listing.files.indexOf(archive), 1);
    const parent = folderOf(archive.path);
    const nameFor = namings.get(parent) ?? createNaming(namesIn(parent, listing));
    namings.set(parent, nameFor);
    try {
      const inside = await (await zips()).listZip(await archive.open(), nameOf(archive.path), options, 'own-folder');
      append(listing, inside, nameFor, parent);
    } catch (error) {
      if (isAborted(error) || !(error instanceof AppError)) throw error;
      refusals.push(error);
      listing.problems.push(refused(archive.path, error));
    }
    assertFileCount(listing.files.length);
  }
}

async function openArchive(source: FileSource): Promise<Blob> {
  return listed(source, source.name).open();
}

function listed(source: FileSource, path: string): ListedFile {
  return {
    path,
    bytes: source.bytes,
    open: () =>
      source.open().catch((error: unknown) => {
        throw gone(path, error);
      }),
  };
}

function refused(path: string, error: AppError): Problem {
  return { kind: 'archive', severity: 'skipped', path, reason: error.message, action: 'skipped' };
}

/** Names of what lies directly in a folder. */
function namesIn(folder: string, { files, directories }: Listing): string[] {
  return [...files.map(({ path }) => path), ...directories].flatMap((path) =>
    folderOf(path) === folder ? [nameOf(path)] : [],
  );
}

/** Adds an archive's files to a folder; all of them are below one top folder, whose name may be taken by now. */
function append(listing: Listing, inside: Listing, nameFor: (name: string) => string, folder = ''): void {
  const first = inside.files[0]?.path ?? inside.directories[0] ?? '';
  const [top = ''] = first.split('/');
  const name = nameFor(top);
  const rename = (path: string) => joinPath(folder, name + path.slice(top.length));
  for (const file of inside.files) listing.files.push({ ...file, path: rename(file.path) });
  for (const path of inside.directories) listing.directories.push(rename(path));
  for (const problem of inside.problems) listing.problems.push(problem);
}

async function walk(root: FolderSource, rootPath: string, listing: Listing, options: ListOptions): Promise<void> {
  const slice = createSlices();
  const waiting = [{ folder: root, path: rootPath, depth: 1 }];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { folder, path: folderPath, depth } = next;
    listing.directories.push(folderPath);
    if (depth > MAX_DEPTH) {
      listing.problems.push(unlistable(folderPath, new Error(`it lies more than ${MAX_DEPTH} folders deep`)));
      continue;
    }
    try {
      for await (const child of folder.children()) {
        if (options.signal.aborted) throw aborted();
        const rest = slice();
        if (rest) {
          options.onCount?.(listing.files.length);
          await rest;
        }
        if (isSystemName(child.name)) continue;
        const path = joinPath(folderPath, child.name);
        if (child.kind === 'directory') waiting.push({ folder: child, path, depth: depth + 1 });
        else listing.files.push(listed(child, path));
        assertFileCount(listing.files.length + waiting.length);
      }
    } catch (error) {
      if (error instanceof AppError) throw error;
      listing.problems.push(unlistable(folderPath, error));
    }
  }
}

const CAUSES = new Map([
  ['NotFoundError', 'it was moved, renamed or deleted'],
  ['NotReadableError', 'it was changed, is locked by another program, or your account may not read it'],
  ['NotAllowedError', 'the browser has no permission to read it'],
  ['SecurityError', 'the browser refuses to read it'],
]);

function cause(error: unknown): string {
  const name = error instanceof Error ? error.name : '';
  return CAUSES.get(name) ?? (error instanceof Error && error.message ? error.message : 'no reason is given');
}

/** The problem of a folder or file that the browser would not list. */
function unlistable(path: string, error: unknown): Problem {
  return {
    kind: 'unreadable',
    severity: 'skipped',
    path,
    reason: `“${nameOf(path)}” could not be read: ${cause(error)}.`,
    action: 'skipped',
  };
}

/** The error of a listed file that can no longer be opened. */
function gone(path: string, error: unknown): AppError {
  return new AppError(
    'files-gone',
    `“${nameOf(path)}” could not be read: ${cause(error)}. What was read before is kept; ${FOLDER_AGAIN} to go on.`,
    { cause: error },
  );
}
