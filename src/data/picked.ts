import { fromFile } from './dropped.ts';
import { folderOf, isSystemPath } from './file-kinds.ts';
import { assertFileCount, type ListedFile, type Listing, type ListOptions } from './listing.ts';
import { type FolderSource, listSources, type Source } from './sources.ts';

/**
 * Lists the files of a picker: of a folder picker by their relative paths (which tell nothing of empty folders), of a
 * plain one by their names, archives expanded. Throws as `listSources` does.
 */
export async function listFiles(files: readonly File[], options: ListOptions): Promise<Listing> {
  assertFileCount(files.length);
  const loose = files.filter((file) => !file.webkitRelativePath);
  const listing = await listSources(loose.map(fromFile), options);
  const fromFolder: ListedFile[] = [];
  const directories = new Set<string>();
  for (const file of files) {
    const path = file.webkitRelativePath;
    if (!path || isSystemPath(path)) continue;
    fromFolder.push({ path, bytes: file.size, open: async () => file });
    for (let folder = folderOf(path); folder !== '' && !directories.has(folder); folder = folderOf(folder)) {
      directories.add(folder);
    }
  }
  options.onCount?.(listing.files.length + fromFolder.length);
  return {
    files: listing.files.concat(fromFolder),
    directories: [...directories, ...listing.directories],
    problems: listing.problems,
  };
}

/**
 * Lists what kept handles stand for, once permission to read them has been given; the paths are those that
 * `listDropped` gave when the same things were dropped. But some may be missing: Chromium hides from handles what it holds
 * for unsafe names on any system ("<b>", or a right-to-left override), while drops and folder pickers do show such files.
 * Throws as `listSources` does.
 */
export function listHandles(handles: readonly FileSystemHandle[], options: ListOptions): Promise<Listing> {
  return listSources(handles.map(fromHandle), options);
}

function fromHandle(handle: FileSystemHandle): Source {
  return isFolder(handle) ? fromFolderHandle(handle) : fromFileHandle(handle);
}

function fromFileHandle(handle: FileSystemHandle): Source {
  return {
    kind: 'file',
    name: handle.name,
    bytes: null,
    open: () => (isFile(handle) ? handle.getFile() : Promise.reject(new Error('it is neither a file nor a folder'))),
  };
}

function fromFolderHandle(handle: FileSystemDirectoryHandle): FolderSource {
  return {
    kind: 'directory',
    name: handle.name,
    async *children() {
      for await (const child of handle.values()) yield fromHandle(child);
    },
  };
}

function isFile(handle: FileSystemHandle): handle is FileSystemFileHandle {
  return handle.kind === 'file';
}

function isFolder(handle: FileSystemHandle): handle is FileSystemDirectoryHandle {
  return handle.kind === 'directory';
}
