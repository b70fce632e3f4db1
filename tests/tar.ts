/** A regular file of a tar archive. */
export interface TarEntry {
  readonly path: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

const BLOCK = 512;
const utf8 = new TextDecoder();

/** Regular files of an uncompressed tar archive: ustar with prefix, GNU long names, pax paths. */
export function readTar(archive: Uint8Array<ArrayBuffer>): TarEntry[] {
  const entries: TarEntry[] = [];
  let longPath: string | null = null;
  for (let at = 0; at + BLOCK <= archive.length && archive[at] !== 0; ) {
    const text = (from: number, length: number) =>
      (utf8.decode(archive.subarray(at + from, at + from + length)).split('\0')[0] ?? '').trim();
    const size = Number.parseInt(text(124, 12), 8);
    const kind = text(156, 1);
    const bytes = archive.slice(at + BLOCK, at + BLOCK + size);
    if (kind === 'L') longPath = utf8.decode(bytes).replace(/\0+$/, '');
    else if (kind === 'x') longPath = /^\d+ path=(.*)$/m.exec(utf8.decode(bytes))?.[1] ?? longPath;
    else {
      const prefix = text(257, 6) === 'ustar' && archive[at + 262] === 0 ? text(345, 155) : '';
      const path = longPath ?? (prefix ? `${prefix}/${text(0, 100)}` : text(0, 100));
      if (kind === '0' || kind === '') entries.push({ path, bytes });
      longPath = null;
    }
    at += BLOCK * (1 + Math.ceil(size / BLOCK));
  }
  return entries;
}
