import type { Appender, WeightsStore } from './store.ts';

declare global {
  // Only in workers, so not in TypeScript's DOM library.
  interface FileSystemFileHandle {
    createSyncAccessHandle(): Promise<FileSystemSyncAccessHandle>;
  }
}

interface FileSystemSyncAccessHandle {
  getSize(): number;
  write(bytes: Uint8Array<ArrayBuffer>, options: { at: number }): number;
  truncate(size: number): void;
  flush(): void;
  close(): void;
}

/** Where a worker has just ended (a reload), the browser lets go of its files a little later. */
const LOCKED = { tries: 20, pauseMs: 100 };

/** Files in the origin private file system, below `weights/`. In workers only. */
class OpfsStore implements WeightsStore {
  readonly lasting = true;

  private constructor(private readonly root: FileSystemDirectoryHandle) {}

  /** Null where the browser has no such file system, or refuses it to this page. */
  static async open(): Promise<OpfsStore | null> {
    try {
      if (!('createSyncAccessHandle' in FileSystemFileHandle.prototype)) return null;
      const top = await navigator.storage.getDirectory();
      return new OpfsStore(await top.getDirectoryHandle('weights', { create: true }));
    } catch {
      return null;
    }
  }

  async folders(): Promise<string[]> {
    const names: string[] = [];
    for await (const [name, handle] of this.root.entries()) if (handle.kind === 'directory') names.push(name);
    return names.sort();
  }

  async read(folder: string, name: string): Promise<Blob | null> {
    return unlessMissing(async () => {
      const directory = await this.root.getDirectoryHandle(folder);
      return (await directory.getFileHandle(name)).getFile();
    });
  }

  async write(folder: string, name: string, text: string): Promise<void> {
    const appender = await this.append(folder, name);
    try {
      appender.clear();
      appender.write(new TextEncoder().encode(text));
    } finally {
      appender.close();
    }
  }

  async append(folder: string, name: string): Promise<Appender> {
    const directory = await this.root.getDirectoryHandle(folder, { create: true });
    const file = await openExclusively(await directory.getFileHandle(name, { create: true }));
    let size = file.getSize();
    return {
      get size() {
        return size;
      },
      write(bytes) {
        // A full disk does not always throw: Chromium then returns its error's number, -8, as an unsigned one.
        if (file.write(bytes, { at: size }) !== bytes.length) {
          file.truncate(size);
          throw new DOMException('The file could not grow.', 'QuotaExceededError');
        }
        size += bytes.length;
      },
      clear() {
        file.truncate(0);
        size = 0;
      },
      close() {
        file.flush();
        file.close();
      },
    };
  }

  async removeFile(folder: string, name: string): Promise<void> {
    await unlessMissing(async () => (await this.root.getDirectoryHandle(folder)).removeEntry(name));
  }

  async removeFolder(folder: string): Promise<void> {
    await unlessMissing(() => this.root.removeEntry(folder, { recursive: true }));
  }
}

async function openExclusively(handle: FileSystemFileHandle): Promise<FileSystemSyncAccessHandle> {
  for (let left = LOCKED.tries; ; left--) {
    try {
      return await handle.createSyncAccessHandle();
    } catch (error) {
      const locked = error instanceof DOMException && error.name === 'NoModificationAllowedError';
      if (!locked || left === 0) throw error;
      await new Promise((resolve) => setTimeout(resolve, LOCKED.pauseMs));
    }
  }
}

async function unlessMissing<T>(act: () => Promise<T>): Promise<T | null> {
  try {
    return await act();
  } catch (error) {
    if (error instanceof DOMException && error.name === 'NotFoundError') return null;
    throw error;
  }
}

/** The browser's file system for this origin; where it is refused (private windows, plain http), memory. */
export async function openStore(): Promise<WeightsStore> {
  return (await OpfsStore.open()) ?? new MemoryStore();
}

/** Files that last as long as this worker. */
export class MemoryStore implements WeightsStore {
  readonly lasting = false;
  readonly #folders = new Map<string, Map<string, Blob>>();

  async folders(): Promise<string[]> {
    return [...this.#folders.keys()];
  }

  async read(folder: string, name: string): Promise<Blob | null> {
    return this.#folders.get(folder)?.get(name) ?? null;
  }

  async write(folder: string, name: string, text: string): Promise<void> {
    this.#folder(folder).set(name, new Blob([text]));
  }

  async append(folder: string, name: string): Promise<Appender> {
    const files = this.#folder(folder);
    let parts: BlobPart[] = [files.get(name) ?? new Blob()];
    let size = new Blob(parts).size;
    return {
      get size() {
        return size;
      },
      write(bytes) {
        parts.push(bytes.slice());
        size += bytes.length;
      },
      clear() {
        parts = [];
        size = 0;
      },
      close() {
        files.set(name, new Blob(parts));
      },
    };
  }

  async removeFile(folder: string, name: string): Promise<void> {
    this.#folders.get(folder)?.delete(name);
  }

  async removeFolder(folder: string): Promise<void> {
    this.#folders.delete(folder);
  }

  #folder(name: string): Map<string, Blob> {
    const files = this.#folders.get(name) ?? new Map<string, Blob>();
    this.#folders.set(name, files);
    return files;
  }
}
