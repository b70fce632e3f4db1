import type { Appender, WeightsStore } from './store.ts';

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
