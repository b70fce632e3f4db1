import type { Listing, ListOptions } from './listing.ts';
import { type FileSource, type FolderSource, listSources, type Source } from './sources.ts';

/** A drop's files, and what the browser lets us keep to read them again after a reload. */
export interface DroppedListing extends Listing {
  /** Handles of the dropped folders and files themselves, in the order of the drop; fewer (or none) where not supported. */
  readonly handles: FileSystemHandle[];
}

/** What is used of a DataTransferItem. */
export interface DroppedItem {
  readonly kind: string;
  webkitGetAsEntry(): DroppedEntry | null;
  getAsFile(): File | null;
  getAsFileSystemHandle?(): Promise<FileSystemHandle | null>;
}

/** What is used of a FileSystemEntry; a file's has `file`, a folder's `createReader`. */
export interface DroppedEntry {
  readonly name: string;
  readonly isFile: boolean;
  readonly isDirectory: boolean;
}

interface DroppedFile extends DroppedEntry {
  file(resolve: (file: File) => void, reject: (error: unknown) => void): void;
}

interface DroppedFolder extends DroppedEntry {
  createReader(): {
    readEntries(resolve: (entries: DroppedEntry[]) => void, reject: (error: unknown) => void): void;
  };
}

/**
 * Lists what was dropped. Must be called inside the drop event: the items are empty as soon as it is over.
 * Throws as `listSources` does.
 */
export async function listDropped(items: ArrayLike<DroppedItem>, options: ListOptions): Promise<DroppedListing> {
  // Up to the first await, everything happens inside the event.
  const files = Array.from(items).filter((item) => item.kind === 'file');
  const sources = files.map(sourceOf).filter((source) => source !== null);
  const handles = Promise.allSettled(files.map(handleOf));
  const listing = await listSources(sources, options);
  const settled = await handles;
  return {
    ...listing,
    handles: settled.flatMap((result) => (result.status === 'fulfilled' && result.value ? [result.value] : [])),
  };
}

function sourceOf(item: DroppedItem): Source | null {
  const entry = item.webkitGetAsEntry();
  if (entry?.isDirectory) return fromEntry(entry);
  // An image dragged out of a web page is a file without an entry, and one out of an archive has an entry that WebKit cannot open.
  const file = item.getAsFile();
  if (file) return fromFile(file);
  return entry && fromEntry(entry);
}

/** Handles are an extra for later: whatever goes wrong, the drop itself works without them. */
async function handleOf(item: DroppedItem): Promise<FileSystemHandle | null> {
  // On pages that are no secure context Chromium has the function too, and ends the page where it is called.
  if (!globalThis.isSecureContext) return null;
  return item.getAsFileSystemHandle?.() ?? null;
}

export function fromFile(file: File): FileSource {
  return { kind: 'file', name: file.name, bytes: file.size, open: async () => file };
}

function fromEntry(entry: DroppedEntry): Source | null {
  if (isFile(entry)) {
    return {
      kind: 'file',
      name: entry.name,
      bytes: null,
      open: () => new Promise<File>((resolve, reject) => entry.file(resolve, reject)),
    };
  }
  return isFolder(entry) ? fromFolderEntry(entry) : null;
}

function fromFolderEntry(entry: DroppedFolder): FolderSource {
  return {
    kind: 'directory',
    name: entry.name,
    async *children() {
      const reader = entry.createReader();
      const read = () => new Promise<DroppedEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
      // A call returns at most 100 entries in Chromium; only an empty answer is the end.
      for (let batch = await read(); batch.length > 0; batch = await read()) {
        for (const child of batch) {
          const source = fromEntry(child);
          if (source) yield source;
        }
      }
    },
  };
}

function isFile(entry: DroppedEntry): entry is DroppedFile {
  return entry.isFile;
}

function isFolder(entry: DroppedEntry): entry is DroppedFolder {
  return entry.isDirectory;
}
