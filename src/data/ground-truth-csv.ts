import { quoted } from '../errors.ts';
import { CsvError, type CsvRecord, parseCsv } from './csv.ts';
import {
  addLabel,
  assertGroundTruthSize,
  collectClasses,
  type GroundTruth,
  groundTruthRefused,
} from './ground-truth.ts';

const COLUMNS = ['split', 'file', 'class'] as const;

type Columns = Readonly<Record<(typeof COLUMNS)[number], number>>;

/**
 * Reads CSV with the columns `split,file,class`, in any order, others passed over. Splits are `query` and `gallery`; rows of
 * `training` (or `train`) are passed over, since training labels are folders. Throws AppError 'ground-truth-refused' naming the line at
 * fault.
 */
export function parseGroundTruthCsv(text: string): GroundTruth {
  assertGroundTruthSize(text.length);
  const truth = { query: new Map<string, string>(), gallery: new Map<string, string>() };
  let columns: Columns | null = null;
  let width = 0;
  for (const record of records(text)) {
    if (!columns) {
      columns = findColumns(record);
      width = record.fields.length;
      if (!columns) throw groundTruthRefused('its first line does not name the columns split, file and class');
    } else {
      if (record.fields.length !== width) {
        throw groundTruthRefused(`line ${record.line} has ${record.fields.length} fields in place of ${width}`);
      }
      addRow(truth, record, columns);
    }
  }
  if (!columns) throw groundTruthRefused('it is empty');
  return { classes: collectClasses([], truth.query, truth.gallery), ...truth };
}

/** Whether a text begins as such a file does; its end may be cut off. */
export function looksLikeGroundTruthCsv(text: string): boolean {
  try {
    const [header] = parseCsv(text.slice(0, 4096));
    return header !== undefined && findColumns(header) !== null;
  } catch {
    return false;
  }
}

function* records(text: string): Generator<CsvRecord> {
  try {
    yield* parseCsv(text);
  } catch (error) {
    if (error instanceof CsvError) throw groundTruthRefused(`line ${error.line}: ${error.message}`, error);
    throw error;
  }
}

function findColumns({ fields }: CsvRecord): Columns | null {
  const names = fields.map((name) => name.trim().toLowerCase());
  const [split, file, label] = COLUMNS.map((name) => names.indexOf(name));
  if (split === undefined || file === undefined || label === undefined || Math.min(split, file, label) < 0) return null;
  return { split, file, class: label };
}

function addRow(
  truth: Readonly<Record<'query' | 'gallery', Map<string, string>>>,
  { line, fields }: CsvRecord,
  columns: Columns,
): void {
  const split = (fields[columns.split] ?? '').trim().toLowerCase();
  if (split === 'training' || split === 'train') return;
  if (split !== 'query' && split !== 'gallery') {
    throw groundTruthRefused(`line ${line} names the split ${quoted(split)}; it must be query or gallery`);
  }
  const file = fields[columns.file] ?? '';
  const label = fields[columns.class] ?? '';
  if (label === '') throw groundTruthRefused(`line ${line} names no class`);
  addLabel(truth[split], file, label, `line ${line}`);
}
