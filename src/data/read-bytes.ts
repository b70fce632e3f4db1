import { AppError } from '../errors.ts';

/** A file's bytes. Throws AppError 'files-gone' where the browser can no longer read it. */
export async function readBytes(file: Blob): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return new Uint8Array(await file.arrayBuffer());
  } catch (cause) {
    throw new AppError(
      'files-gone',
      'The file could not be read: it was moved, changed or deleted after it was dropped, or may not be opened.',
      { cause },
    );
  }
}
