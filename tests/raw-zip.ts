import { crc32 } from 'node:zlib';

export interface RawEntry {
  /** Bytes, since what they mean is the question; a text stands for its UTF-8. */
  readonly name: string | Uint8Array;
  readonly data?: string | Uint8Array;
}

export interface RawOptions {
  /** The system that the archive says it was made on: 0 MS-DOS, 3 Unix, 10 NTFS. */
  readonly system?: number;
  readonly utf8?: boolean;
}

/** A stored archive, byte by byte: writers of today write no names in old encodings. */
export function rawZip(
  entries: readonly RawEntry[],
  { system = 0, utf8 = false }: RawOptions = {},
): Uint8Array<ArrayBuffer> {
  const files: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const entry of entries) {
    const name = Buffer.from(entry.name);
    const data = Buffer.from(entry.data ?? 'x');
    const shared = Buffer.alloc(26);
    shared.writeUInt16LE(20, 0);
    shared.writeUInt16LE(utf8 ? 0x800 : 0, 2);
    shared.writeUInt32LE(crc32(data), 10);
    shared.writeUInt32LE(data.length, 14);
    shared.writeUInt32LE(data.length, 18);
    shared.writeUInt16LE(name.length, 22);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(offset, 10);
    directory.push(Buffer.from([0x50, 0x4b, 1, 2, 20, system]), shared, place, name);
    const file = [Buffer.from([0x50, 0x4b, 3, 4]), shared, name, data];
    files.push(...file);
    offset += file.reduce((sum, { length }) => sum + length, 0);
  }
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(
    directory.reduce((sum, { length }) => sum + length, 0),
    12,
  );
  end.writeUInt32LE(offset, 16);
  return new Uint8Array(Buffer.concat([...files, ...directory, end]));
}
