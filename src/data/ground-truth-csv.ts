import { quoted, shortened } from '../errors.ts';
import { blankRecords, CsvError, type CsvRecord, parseCsv, SEPARATORS, type Separator } from './csv.ts';
import {
  type Collector,
  createCollector,
  type GroundTruth,
  groundTruthRefused,
  LABELS_A_STEP,
  type Steps,
} from './ground-truth.ts';
import type { KnownNames } from './known-names.ts';
import { type Columns, findColumns, markOf, splitInCell, WANTED_COLUMNS } from './table-columns.ts';

/** Blanks are one where they follow each other: columns are set below each other by them. */
type ColumnSeparator = Separator | ' ';

/** How a table is written. */
interface Layout {
  readonly separator: ColumnSeparator;
  readonly columns: Columns;
  readonly header: readonly string[];
}

/** Rows by which a table's columns are chosen, where several may be meant. */
const SAMPLE_ROWS = 200;
/** Characters of a text that are read for its header and these rows. */
const SAMPLE_LENGTH = 65_536;

/**
 * Reads a table of files and classes with a header, columns in any order and others passed over, separated by commas,
 * semicolons, tabs, bars or blanks. A column may say the split. Throws AppError 'ground-truth-refused' naming the line at fault.
 */
export function* readGroundTruthCsv(text: string, known: KnownNames | null = null): Steps<GroundTruth> {
  const collector = createCollector();
  let layout: Layout | null = null;
  let rows = 0;
  const body = afterSeparatorLine(text);
  for (const record of records(body, separatorOf(body, known))) {
    if (!layout) {
      layout = layoutOf(body, known);
      if (!layout) throw groundTruthRefused(whatIsMissing(record.fields));
    } else if (record.fields.some((field) => field !== '')) {
      addRow(collector, record, layout);
      rows++;
      if (collector.count % LABELS_A_STEP === 0) yield record.end / body.length;
    }
  }
  if (!layout) throw groundTruthRefused('it is empty');
  if (rows === 0) throw groundTruthRefused('below its first line there is nothing');
  return collector.finish(null, known);
}

/** Whether a text begins as such a table does; its end may be cut off. */
export function looksLikeGroundTruthCsv(text: string, known: KnownNames | null = null): boolean {
  return layoutOf(afterSeparatorLine(text), known) !== null;
}

/** What was taken for what in a table whose columns were told by their contents; null for others. */
export function guessedColumns(
  text: string,
  known: KnownNames,
): { readonly file: string; readonly label: string } | null {
  const layout = layoutOf(afterSeparatorLine(text), known);
  if (!layout?.columns.guessed || typeof layout.columns.class !== 'number') return null;
  const { header, columns } = layout;
  return { file: header[columns.file] ?? '', label: header[layout.columns.class] ?? '' };
}

/** The columns, of those that are read, whose name stands twice in the first line above different cells: the first is read. */
export function repeatedColumns(text: string, known: KnownNames): readonly string[] {
  const body = afterSeparatorLine(text);
  const layout = layoutOf(body, known);
  if (!layout) return [];
  const { header, columns, separator } = layout;
  const [, ...rows] = sampleOf(body, separator);
  const read = [columns.file, columns.class, columns.split].flatMap((place) =>
    typeof place === 'number' ? place : [],
  );
  return read.flatMap((place) => {
    const name = header[place]?.trim().toLowerCase();
    const others = header.flatMap((other, at) => (at > place && other.trim().toLowerCase() === name ? [at] : []));
    return others.some((at) => rows.some((row) => row[at] !== row[place])) ? [header[place] ?? ''] : [];
  });
}

/** The names of a table's columns as far as its first line tells; its end may be cut off. */
export function columnsOf(text: string): readonly string[] {
  const body = afterSeparatorLine(text);
  try {
    const [header] = records(body, separatorOf(body));
    return header?.fields ?? [];
  } catch {
    return [];
  }
}

/** Spreadsheets write "sep=;" above a table, and read it. */
function afterSeparatorLine(text: string): string {
  return text.replace(/^\uFEFF?sep=[^\r\n]\r?\n/i, '');
}

function separatorOf(text: string, known: KnownNames | null = null): ColumnSeparator {
  return layoutOf(text, known)?.separator ?? ',';
}

function layoutOf(text: string, known: KnownNames | null = null): Layout | null {
  for (const separator of SEPARATORS) {
    const [header, ...rows] = sampleOf(text, separator);
    const columns = header && findColumns(header, rows, known);
    if (columns) return { separator, columns, header };
  }
  return known && blankLayoutOf(text, known);
}

/** Any sentence has blanks: only where its lines are of one width, and name images, is a text such a table. */
function blankLayoutOf(text: string, known: KnownNames): Layout | null {
  const [header, ...rows] = sampleOf(text, ' ');
  const columns = header && findColumns(header, rows, known);
  if (!columns || rows.some((row) => row.length !== header.length)) return null;
  const names = rows.some((row) => known.has(row[columns.file] ?? ''));
  return names ? { separator: ' ', columns, header } : null;
}

/** A table's first rows, up to one that cannot be read: what is wrong with it is said when its turn comes. */
function sampleOf(text: string, separator: ColumnSeparator): (readonly string[])[] {
  const rows: (readonly string[])[] = [];
  try {
    const sample = text.slice(0, SAMPLE_LENGTH);
    for (const { fields, end } of recordsIn(sample, separator)) {
      // The last line may be cut off, which its number of words would not survive.
      if (separator === ' ' && rows.length > 1 && end >= sample.length) break;
      if (rows.push(fields) > SAMPLE_ROWS) break;
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
  }
  return rows;
}

function whatIsMissing(fields: readonly string[]): string {
  const named = fields.slice(0, 6).map(shortened).join(', ');
  return `its first line (${named}) does not name the columns: ${WANTED_COLUMNS}; split may stand beside them`;
}

function recordsIn(text: string, separator: ColumnSeparator): Generator<CsvRecord> {
  return separator === ' ' ? blankRecords(text, 'blanks') : parseCsv(text, separator);
}

function* records(text: string, separator: ColumnSeparator): Generator<CsvRecord> {
  try {
    yield* recordsIn(text, separator);
  } catch (error) {
    if (error instanceof CsvError) throw groundTruthRefused(`line ${error.line}: ${error.message}`, error);
    throw error;
  }
}

function addRow(collector: Collector, { line, fields }: CsvRecord, { columns, header }: Layout): void {
  const width = header.length;
  const last = Math.max(columns.split, columns.file, ...[columns.class].flat());
  if (fields.length <= last || fields.slice(width).some((field) => field !== '')) {
    throw groundTruthRefused(`line ${line} has ${fields.length} fields in place of ${width}`);
  }
  const word = columns.split < 0 ? '' : (fields[columns.split] ?? '').trim();
  const split = splitInCell(word, header[columns.split] ?? '');
  if (!split) {
    throw groundTruthRefused(
      `line ${line} names the split ${quoted(word)}; it must be query, gallery, training, test or validation`,
    );
  }
  const file = asWritten(fields[columns.file] ?? '');
  const label = classIn(fields, columns, header);
  const use = columns.use < 0 ? '' : (fields[columns.use] ?? '');
  if (use === 'excluded' || use === 'no class') {
    const of = split === 'test' || split === 'validation' ? 'any' : split;
    collector.addDecided({ split: of, file, as: use }, `line ${line}`);
    if (label === '' && use === 'excluded') {
      collector.addDecided({ split: of, file, as: 'no class' }, `line ${line}`);
    }
    if (label === '') return;
  }
  if (label === null) collector.addSeveral(file);
  else if (label !== '') collector.add(split, file, label, `line ${line}`);
  // Competitions leave the classes of their test images open: those images are listed as without a label.
  else if (split === 'query' || split === 'gallery') throw groundTruthRefused(`line ${line} names no class`);
  else if (split !== 'any') collector.addPart(split, file, `line ${line}`);
}

/** '' where a row names no class, null where it marks more than one. */
function classIn(fields: readonly string[], columns: Columns, header: readonly string[]): string | null {
  if (typeof columns.class === 'number') return asWritten(fields[columns.class] ?? '');
  const [only, another] = columns.class.filter((place) => markOf(fields[place] ?? ''));
  return another === undefined ? (header[only ?? -1] ?? '').trim() : null;
}

/** A cell that begins like a formula has an apostrophe before it, in tables that this app writes (exports/csv.ts) and in others. */
const asWritten = (cell: string) => (ESCAPED.test(cell) ? cell.slice(1) : cell);
const ESCAPED = /^'+[=+\-@\t\r\n＝＋－＠]/;
