import { AppError } from '../../errors.ts';
import { foreignFile } from '../foreign-files.ts';

/** Enough to tell weights from what else may arrive. */
export const FIRST_BYTES = 64;

/**
 * Looks at a file's first bytes (FIRST_BYTES, or the whole of a shorter file), before any of it is kept.
 * @throws AppError 'weights-refused' where they cannot begin a safetensors file.
 */
export function checkFirstBytes(bytes: Uint8Array, host: string): void {
  // Eight bytes of header length, of which the high four must be zero, then the header's brace.
  const opens = bytes.length > 8 && bytes.subarray(4, 8).every((byte) => byte === 0) && bytes[8] === 0x7b;
  if (!opens) throw refusedInPlace(kindOf(bytes), host);
}

/** The refusal of something that arrived in place of weights. */
export function refusedInPlace(what: string, host: string): AppError {
  return new AppError(
    'weights-refused',
    `${host} answered with ${what} in place of the weights. It was not kept; nothing was cached.`,
  );
}

function kindOf(bytes: Uint8Array): string {
  if (bytes.length === 0) return 'an empty file';
  return foreignFile(bytes, '')?.what ?? 'a file that is not in the safetensors format';
}
