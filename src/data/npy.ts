import { AppError, shortened } from '../errors.ts';
import { widenHalf } from '../math/half.ts';
import { numeral } from '../numerals.ts';

/** NumPy's own headers of matrices have 118 bytes. */
const MOST_HEADER_BYTES = 4096;

/** "\x93NUMPY". */
const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];

/** What a .npy file says of itself. */
export interface NpyMatrix {
  readonly rows: number;
  readonly columns: number;
  readonly half: boolean;
  /** Where the values begin, in bytes. */
  readonly start: number;
}

/** A file that is read a piece at a time. */
export interface Readable {
  readonly size: number;
  slice(begin: number, end: number): { arrayBuffer(): Promise<ArrayBuffer> };
}

/**
 * The header of a .npy file (NumPy's format 1.0 and 2.0) with a matrix of float32 or float16 rows in C order. Throws AppError
 * 'bad-argument' for anything else, and where the file is not as long as it says.
 */
export async function readNpyHeader(file: Readable): Promise<NpyMatrix> {
  const head = new Uint8Array(await file.slice(0, Math.min(file.size, MOST_HEADER_BYTES)).arrayBuffer());
  const view = new DataView(head.buffer);
  // As bytes: what browsers call latin1 is windows-1252, in which 0x93 is a quotation mark.
  if (head.length < 12 || MAGIC.some((byte, at) => head[at] !== byte)) {
    throw refused('it does not begin as one');
  }
  const [major] = head.subarray(6);
  const prefix = major === 1 ? 10 : 12;
  const start = prefix + (major === 1 ? view.getUint16(8, true) : view.getUint32(8, true));
  if ((major !== 1 && major !== 2) || start > head.length) throw refused('the header is of another version or damaged');
  const header = new TextDecoder('latin1').decode(head.subarray(prefix, start));
  const descr = /'descr':\s*'([^']*)'/.exec(header)?.[1] ?? '';
  if (descr !== '<f4' && descr !== '<f2') {
    throw refused(`its numbers are of type "${shortened(descr)}"; <f4 (float32) and <f2 (float16) can be read`);
  }
  if (!/'fortran_order':\s*False/.test(header)) throw refused('its rows do not follow one another (fortran_order)');
  const [, rows, columns] = /'shape':\s*\((\d{1,12}),\s*(\d{1,7})\)/.exec(header)?.map(Number) ?? [];
  if (rows === undefined || columns === undefined || columns < 1) throw refused('it is no matrix with two axes');
  const half = descr === '<f2';
  const expected = start + rows * columns * (half ? 2 : 4);
  if (file.size !== expected)
    throw refused(`it has ${numeral(file.size)} bytes, and ${numeral(expected)} would be expected`);
  return { rows, columns, half, start };
}

/** Rows `from` … `to` − 1 [to − from, columns] in float32; a new array, owned by the caller. */
export async function readNpyRows(
  file: Readable,
  { columns, half, start }: NpyMatrix,
  from: number,
  to: number,
): Promise<Float32Array<ArrayBuffer>> {
  const bytesARow = columns * (half ? 2 : 4);
  const bytes = await file.slice(start + from * bytesARow, start + to * bytesARow).arrayBuffer();
  return half ? widenHalf(new Uint16Array(bytes)) : new Float32Array(bytes);
}

function refused(reason: string): AppError {
  return new AppError('bad-argument', `This .npy file cannot be read: ${reason}. Nothing was changed.`);
}
