import { readBytes } from './read-bytes.ts';

/** Up to here a file is hashed in one piece by the browser itself, which is fastest. */
const WHOLE_BYTES = 64 * 2 ** 20;
const PIECE_BYTES = 8 * 2 ** 20;

/**
 * SHA-256 of a file's bytes, lower-case hex. Memory is bounded whatever the file's size. Throws AppError 'files-gone'.
 */
export async function sha256(file: Blob): Promise<string> {
  // Missing on pages served over plain http from another host than localhost, whatever the type says.
  const subtle: SubtleCrypto | undefined = globalThis.crypto.subtle;
  if (subtle && file.size <= WHOLE_BYTES) {
    const digest = new Uint8Array(await subtle.digest('SHA-256', await readBytes(file)));
    return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
  }
  const { createSHA256 } = await import('hash-wasm');
  const hasher = await createSHA256();
  for (let at = 0; at < file.size; at += PIECE_BYTES) {
    hasher.update(await readBytes(file.slice(at, at + PIECE_BYTES)));
  }
  return hasher.digest('hex');
}
