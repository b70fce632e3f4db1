import { quoted } from '../errors.ts';
import { numeral } from '../numerals.ts';
import { parseCsv } from './csv.ts';
import { extensionOf } from './file-kinds.ts';
import { readNpyHeader, readNpyRows } from './npy.ts';
import { decodeTable } from './table-text.ts';
import { checkedNames, NAME_COLUMNS, namedBy, refused, stemOf, type VectorTable } from './vector-table.ts';

const ROWS_A_BLOCK = 2048;
/** A line for each image of half a million, with long paths. */
const MOST_NAMES_BYTES = 200e6;
/**
 * Tables of vectors in these files: each .parquet is one, and each .npy with the .json, .txt or .csv of the same name, or the only one
 * there is. Throws AppError 'bad-argument' that says what is wrong with which file.
 */
export async function readVectorTables(files: readonly File[]): Promise<VectorTable[]> {
  const of = (...endings: string[]) => files.filter(({ name }) => endings.includes(extensionOf(name)));
  const [matrices, parquets, names] = [of('npy'), of('parquet'), of('json', 'txt', 'csv')];
  const tables: VectorTable[] = [];
  for (const file of parquets) {
    const { readParquetVectors } = await import('./parquet-vectors.ts');
    tables.push(await readParquetVectors(file));
  }
  for (const file of matrices) {
    const own = names.find(({ name }) => stemOf(name) === stemOf(file.name));
    const named = own ?? (matrices.length === 1 && names.length === 1 ? names[0] : undefined);
    if (!named) {
      const sentence = `${quoted(file.name)} has no names of images: put a .json, .txt or .csv of the same name beside it, with a file name for each row.`;
      throw refused(sentence);
    }
    tables.push(await readNpyVectors(file, named));
  }
  if (tables.length === 0)
    throw refused('There are no vectors in these files. Vectors are read from .npy and .parquet.');
  const [first] = tables;
  const other = tables.find(({ dimensions }) => dimensions !== first?.dimensions);
  if (first && other) {
    throw refused(
      `These files are of two models: one has ${first.dimensions} numbers an image, another ${other.dimensions}. Import them one after the other.`,
    );
  }
  return tables;
}

async function readNpyVectors(file: File, named: File): Promise<VectorTable> {
  const matrix = await readNpyHeader(file);
  const files = await readNames(named);
  if (files.length !== matrix.rows) {
    throw refused(
      `${quoted(file.name)} has ${numeral(matrix.rows)} rows, and ${quoted(named.name)} has ${numeral(files.length)} names. There must be a name for each row.`,
    );
  }
  return {
    ...namedBy(file.name),
    files,
    dimensions: matrix.columns,
    async *blocks() {
      for (let from = 0; from < matrix.rows; from += ROWS_A_BLOCK) {
        yield readNpyRows(file, matrix, from, Math.min(matrix.rows, from + ROWS_A_BLOCK));
      }
    },
  };
}

/** File names in row order: a JSON list, a line each, or the column of a CSV that is called so, else its first. */
async function readNames(file: File): Promise<string[]> {
  if (file.size > MOST_NAMES_BYTES) throw refused(`${quoted(file.name)} is far too long for a list of names.`);
  const decoded = decodeTable(new Uint8Array(await file.arrayBuffer()));
  if (!decoded) throw refused(`${quoted(file.name)} is no text.`);
  const names = namesIn(file.name, decoded.text);
  return checkedNames(names, file.name);
}

function namesIn(name: string, text: string): unknown[] {
  switch (extensionOf(name)) {
    case 'json': {
      let value: unknown;
      try {
        value = JSON.parse(text);
      } catch {
        throw refused(`${quoted(name)} is no JSON.`);
      }
      if (!Array.isArray(value)) throw refused(`${quoted(name)} is no list of file names.`);
      return value;
    }
    case 'csv': {
      const [head, ...records] = [...parseCsv(text, ',')].map(({ fields }) => fields);
      const column = (head ?? []).findIndex((title) => isNameColumn(title));
      const rows = column < 0 && head ? [head, ...records] : records;
      return rows.map((fields) => fields[Math.max(0, column)]);
    }
    default:
      return text.replace(/\r\n?/g, '\n').replace(/\n+$/, '').split('\n');
  }
}

const isNameColumn = (title: string) => NAME_COLUMNS.includes(title.trim().toLowerCase());
