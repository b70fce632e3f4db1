import { nameOf } from './file-kinds.ts';

/** Archives that are not read here, by their names' endings. */
const BY_NAME: readonly (readonly [ending: RegExp, kind: string])[] = [
  [/\.(tar\.[a-z0-9]{1,4}|tgz|tbz2?|txz|tzst)$/, 'a packed TAR archive'],
  [/\.tar$/, 'a TAR archive'],
  [/\.7z(\.\d{3})?$/, 'a 7-Zip archive'],
  [/\.(rar|r\d\d)$/, 'a RAR archive'],
  [/\.(zip\.\d{3}|z\d\d|zipx)$/, 'a part of a ZIP archive, or one of another kind'],
  [/\.(gz|bz2|xz|zst|lz4|lzma|z)$/, 'a packed file'],
  [/\.(iso|dmg|img|cab|arj|lha|lzh|ace|wim)$/, 'an archive or a disk image'],
];

/** Bytes at their places, as Latin-1 text. */
const BY_BYTES: readonly (readonly [at: number, signature: string, kind: string])[] = [
  [0, '7z\xbc\xaf\x27\x1c', 'a 7-Zip archive'],
  [0, 'Rar!\x1a\x07', 'a RAR archive'],
  [257, 'ustar', 'a TAR archive'],
  [0, '\x1f\x8b\x08', 'a file packed with gzip'],
  [0, 'BZh', 'a file packed with bzip2'],
  [0, '\xfd7zXZ\0', 'a file packed with xz'],
  [0, '\x28\xb5\x2f\xfd', 'a file packed with Zstandard'],
];

/** First bytes that tell a file’s kind. */
export const SIGNATURE_BYTES = 512;

/** What kind of archive a file is by its name that is none of ours ("a RAR archive"), or null. */
export function foreignArchive(path: string): string | null {
  const name = nameOf(path).toLowerCase();
  return BY_NAME.find(([ending]) => ending.test(name))?.[1] ?? null;
}

/** The same by its first bytes, whatever its name. */
export function foreignKind(head: Uint8Array): string | null {
  const text = String.fromCharCode(...head.subarray(0, SIGNATURE_BYTES));
  return BY_BYTES.find(([at, signature]) => text.startsWith(signature, at))?.[2] ?? null;
}
