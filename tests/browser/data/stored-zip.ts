/** Little-endian numbers of the given widths in bytes, then text. */
function record(parts: readonly (readonly [value: number, bytes: 2 | 4 | 8])[], text = ''): Uint8Array<ArrayBuffer> {
  const name = new TextEncoder().encode(text);
  const length = parts.reduce((sum, [, bytes]) => sum + bytes, 0);
  const view = new DataView(new ArrayBuffer(length + name.length));
  let at = 0;
  for (const [value, bytes] of parts) {
    if (bytes === 2) view.setUint16(at, value, true);
    else if (bytes === 4) view.setUint32(at, value, true);
    else view.setBigUint64(at, BigInt(value), true);
    at += bytes;
  }
  const whole = new Uint8Array(view.buffer);
  whole.set(name, at);
  return whole;
}

interface Forged {
  /** Zeros at the directory's end. */
  readonly padding?: number;
  /** Number of entries as it declares it. */
  readonly entries?: number;
}

/**
 * A ZIP64 archive of empty stored files, written by hand: a zip writer takes a minute for 100,000 of them, and lies about
 * nothing.
 */
export function storedZip(names: readonly string[], forged: Forged = {}): Blob {
  const files: Uint8Array<ArrayBuffer>[] = [];
  const directory: Uint8Array<ArrayBuffer>[] = [];
  let offset = 0;
  for (const name of names) {
    const bytes = new TextEncoder().encode(name).length;
    const shared = [
      [20, 2],
      [0x800, 2],
      [0, 2],
      [0, 4],
      [0, 4],
      [0, 4],
      [0, 4],
      [bytes, 2],
      [0, 2],
    ] as const;
    const file = record([[0x04034b50, 4], ...shared], name);
    files.push(file);
    directory.push(record([[0x02014b50, 4], [20, 2], ...shared, [0, 2], [0, 2], [0, 2], [0, 4], [offset, 4]], name));
    offset += file.length;
  }
  if (forged.padding) directory.push(new Uint8Array(forged.padding));
  const length = directory.reduce((sum, entry) => sum + entry.length, 0);
  const count = forged.entries ?? names.length;
  const end = offset + length;
  return new Blob([
    joined([
      ...files,
      ...directory,
      record([
        [0x06064b50, 4],
        [44, 8],
        [45, 2],
        [45, 2],
        [0, 4],
        [0, 4],
        [count, 8],
        [count, 8],
        [length, 8],
        [offset, 8],
      ]),
      record([
        [0x07064b50, 4],
        [0, 4],
        [end, 8],
        [1, 4],
      ]),
      record([
        [0x06054b50, 4],
        [0, 2],
        [0, 2],
        [0xffff, 2],
        [0xffff, 2],
        [0xffffffff, 4],
        [0xffffffff, 4],
        [0, 2],
      ]),
    ]),
  ]);
}

/** A blob of a hundred thousand pieces would take the browser longer than reading the archive. */
function joined(pieces: readonly Uint8Array<ArrayBuffer>[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
