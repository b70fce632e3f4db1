import { AppError } from '../../errors.ts';
import { inMegabytes } from '../../numerals.ts';

/** Folders of files, one folder a set of weights. Names are safe already (folderName). */
export interface WeightsStore {
  /** False where the browser keeps no files for this page: they are lost when the tab is closed. */
  readonly lasting: boolean;
  folders(): Promise<string[]>;
  /** A file as it is now; null where it is missing. */
  read(folder: string, name: string): Promise<Blob | null>;
  /** Writes a small file, replacing one of that name. */
  write(folder: string, name: string, text: string): Promise<void>;
  /** Opens a file (made where it is missing) to write at its end. One appender a file; close it. */
  append(folder: string, name: string): Promise<Appender>;
  removeFile(folder: string, name: string): Promise<void>;
  removeFolder(folder: string): Promise<void>;
}

export interface Appender {
  readonly size: number;
  write(bytes: Uint8Array<ArrayBuffer>): void;
  /** Cuts the file down to nothing. */
  clear(): void;
  close(): void;
}

/**
 * What a failed write to the store means: the refusal of more room as AppError 'storage-full' with the sizes, any
 * other error as it is.
 */
export function explainWrite(cause: unknown, kept: number, total: number | null): unknown {
  if (!(cause instanceof DOMException) || cause.name !== 'QuotaExceededError') return cause;
  const need = total === null ? 'These weights need more room' : `These weights need ${inMegabytes(total)}`;
  const gives = kept === 0 ? 'has no room for them' : `gives no more than ${inMegabytes(kept)} to them`;
  const rest = kept === 0 ? 'Nothing was kept' : 'These are kept';
  return new AppError(
    'storage-full',
    `${need}, and the browser ${gives}. ${rest}: free some space (on the disk, ` +
      'or by removing weights here) and try again.',
    { cause },
  );
}

/** File systems allow names of 255 bytes. */
const LONGEST = 200;

/**
 * The name of the folder that keeps a set of weights. Ids come from outside: everything but letters, digits, `_`, `-`
 * and inner dots is escaped, so that no id is a path and no two ids share a folder.
 * @throws AppError 'bad-argument' for an empty or endless id.
 */
export function folderName(id: string): string {
  const bytes = new TextEncoder().encode(id);
  const name = Array.from(bytes, (byte, i) => {
    const character = String.fromCharCode(byte);
    const plain = /[A-Za-z0-9_-]/.test(character) || (character === '.' && i > 0);
    return plain ? character : `%${byte.toString(16).padStart(2, '0')}`;
  }).join('');
  if (name === '' || name.length > LONGEST) {
    throw new AppError('bad-argument', 'These weights have no usable name. Nothing was changed.');
  }
  return name;
}
