import { type AsyncBuffer, parquetMetadataAsync, parquetReadObjects, parquetSchema } from 'hyparquet';
import { AppError, quoted } from '../errors.ts';
import { numeral } from '../numerals.ts';
import { checkedNames, MOST_VECTORS, NAME_COLUMNS, namedBy, refused, type VectorTable } from './vector-table.ts';

/** Rows read at once: 8 MB at 512 numbers, and some more while they are lists. */
const ROWS_A_BLOCK = 2048;
/** Titles of a column of vectors, the likeliest first. */
const VECTOR_COLUMNS = ['embedding', 'vector', 'embeddings', 'features', 'vectors'];

/**
 * Vectors in a Parquet file: a column of lists of numbers, and one of names. Rows of `hash` and others are not looked at. Throws
 * AppError 'bad-argument'.
 */
export async function readParquetVectors(file: File): Promise<VectorTable> {
  const buffer: AsyncBuffer = {
    byteLength: file.size,
    slice: (start, end) => file.slice(start, end ?? file.size).arrayBuffer(),
  };
  const damaged = (cause: unknown) =>
    cause instanceof AppError
      ? cause
      : refused(`${quoted(file.name)} cannot be read as Parquet (${cause instanceof Error ? cause.message : cause}).`);
  try {
    const metadata = await parquetMetadataAsync(buffer);
    const rows = Number(metadata.num_rows);
    if (rows > MOST_VECTORS) {
      throw refused(`${quoted(file.name)} has ${numeral(rows)} rows; ${numeral(MOST_VECTORS)} can be imported.`);
    }
    const columns = parquetSchema(metadata).children;
    const lists = columns.filter(({ children }) => children.length > 0).map(({ element }) => element.name);
    const flat = columns.filter(({ children }) => children.length === 0).map(({ element }) => element.name);
    const vectors = likeliest(lists, VECTOR_COLUMNS) ?? lists[0];
    const names = likeliest(flat, NAME_COLUMNS);
    if (vectors === undefined || names === undefined) {
      throw refused(
        `${quoted(file.name)} needs a column of lists of numbers (as "embedding") and one of file names (as "path"); it has ${quoted(columns.map(({ element }) => element.name).join(', '))}.`,
      );
    }
    const read = (column: string, rowStart: number, rowEnd: number) =>
      parquetReadObjects({ file: buffer, metadata, columns: [column], rowStart, rowEnd });
    const files = checkedNames(
      (await read(names, 0, rows)).map((row) => row[names]),
      file.name,
    );
    if (files.length !== rows) throw refused(`${quoted(file.name)} has other rows than it says.`);
    const [first] = await read(vectors, 0, 1);
    const dimensions = lengthOf(first?.[vectors]);
    if (dimensions === 0) throw refused(`The first row of ${quoted(file.name)} has no vector.`);
    return {
      ...namedBy(file.name),
      files,
      dimensions,
      async *blocks() {
        for (let from = 0; from < rows; from += ROWS_A_BLOCK) {
          const to = Math.min(rows, from + ROWS_A_BLOCK);
          const some = await read(vectors, from, to).catch((cause: unknown) => {
            throw damaged(cause);
          });
          if (some.length !== to - from) throw refused(`${quoted(file.name)} has other rows than it says.`);
          const block = new Float32Array(some.length * dimensions);
          for (const [i, row] of some.entries()) {
            const values: unknown = row[vectors];
            if (lengthOf(values) !== dimensions) {
              throw refused(`Row ${from + i + 1} of ${quoted(file.name)} has another number of values than the first.`);
            }
            for (let at = 0; at < dimensions; at++) block[i * dimensions + at] = numberAt(values, at);
          }
          yield block;
        }
      },
    };
  } catch (cause) {
    throw damaged(cause);
  }
}

/** The column whose title comes first among the likely ones. */
function likeliest(columns: readonly string[], titles: readonly string[]): string | undefined {
  return titles
    .map((title) => columns.find((column) => column.toLowerCase() === title))
    .find((column) => column !== undefined);
}

const isList = (value: unknown): value is ArrayLike<unknown> => Array.isArray(value) || ArrayBuffer.isView(value);
const lengthOf = (value: unknown): number => (isList(value) ? value.length : 0);

/** NaN where it is no number: what is not finite is refused with its row. */
function numberAt(values: unknown, at: number): number {
  const value = isList(values) ? values[at] : undefined;
  return typeof value === 'number' ? value : Number.NaN;
}
