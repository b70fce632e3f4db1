import type { Listing, ListOptions } from './listing.ts';
import { type FolderSource, listSources, type Source } from './sources.ts';

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
