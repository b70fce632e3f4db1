import { narrowToHalf } from '../../src/math/half.ts';
import type { VectorType } from './collection.ts';

/** The binary format of COPY (PostgreSQL's manual, "Binary Format"): a signature, flags, the length of an extension. */
const HEADER = Buffer.from([...Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1'), ...new Uint8Array(8)]);
const TRAILER = Buffer.from([0xff, 0xff]);

/** What a field is written from; null is NULL. */
export type Field = string | Uint8Array | null;

/** Rows as one piece of COPY … FROM STDIN (FORMAT binary). A text field must not hold NUL: PostgreSQL has none. */
export function copyRows(rows: readonly (readonly Field[])[]): Buffer {
  const pieces: Buffer[] = [HEADER];
  for (const fields of rows) {
    const count = Buffer.alloc(2);
    count.writeInt16BE(fields.length);
    pieces.push(count);
    for (const field of fields) {
      const bytes = typeof field === 'string' ? Buffer.from(field, 'utf8') : field && Buffer.from(field);
      const length = Buffer.alloc(4);
      length.writeInt32BE(bytes ? bytes.length : -1);
      pieces.push(length);
      if (bytes) pieces.push(bytes);
    }
  }
  return Buffer.concat([...pieces, TRAILER]);
}

/** A vector as pgvector receives it: dimensions and a spare word of 16 bits each, then the numbers, big-endian. */
export function vectorField(values: Float32Array, type: VectorType): Uint8Array {
  const width = type === 'vector' ? 4 : 2;
  const bytes = Buffer.alloc(4 + values.length * width);
  bytes.writeInt16BE(values.length);
  if (type === 'vector') values.forEach((value, i) => void bytes.writeFloatBE(value, 4 + i * width));
  else narrowToHalf(values).forEach((half, i) => void bytes.writeUInt16BE(half, 4 + i * width));
  return bytes;
}
