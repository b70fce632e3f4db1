import { aborted } from '../errors.ts';

/** A zip archive that grows entry by entry, in the order in which they are added. */
export interface Archive {
  /**
   * Adds a file and waits until it is in the archive. `stored`: as it is, without compression, for what does not
   * shrink (numbers, pictures). Throws AppError 'aborted' after the signal.
   */
  add(name: string, content: Blob | string | Uint8Array<ArrayBuffer>, options?: { stored?: boolean }): Promise<void>;
  /** The finished archive; nothing can be added after it. */
  finish(): Promise<Blob>;
}

/** Read at a time. From a Blob, since its pieces arrive one by one: the page draws in between. */
const PIECE_BYTES = 256 * 1024;

/** An empty archive whose entries all carry `date`. Loaded at first use. */
export async function createArchive(date: Date, signal: AbortSignal): Promise<Archive> {
  const zip = await import('@zip.js/zip.js/lib/zip-core-custom.js');
  // Its own workers would be blob URLs, which the page's policy forbids; browsers deflate in the background.
  zip.configure({ useWebWorkers: false, chunkSize: PIECE_BYTES });
  const writer = new zip.ZipWriter(new zip.BlobWriter('application/zip'), { lastModDate: date });
  return {
    async add(name, content, { stored = false } = {}) {
      if (signal.aborted) throw aborted();
      const blob = content instanceof Blob ? content : new Blob([content]);
      await writer.add(name, new zip.BlobReader(blob), { signal, ...(stored ? { level: 0 } : {}) }).catch((error) => {
        throw signal.aborted ? aborted() : error;
      });
    },
    finish: () => writer.close(),
  };
}
