import { quoted, shortened } from '../errors.ts';
import { CsvError, type CsvRecord, parseCsv, SEPARATORS, type Separator } from './csv.ts';
import {
  type Collector,
  createCollector,
  type GroundTruth,
  groundTruthRefused,
  type KnownNames,
  LABELS_A_STEP,
  type LabelledSplit,
  type Steps,
} from './ground-truth.ts';

/** What columns are called, the first that there is of each; letters and digits alone, lower case. */
const COLUMNS = {
  split: ['split', 'set', 'subset', 'partition', 'fold'],
  file: [
    ...['file', 'filename', 'image', 'imageid', 'imagename', 'imagefile', 'imagefilename', 'filepath', 'imagepath'],
    ...['path', 'img', 'imgname', 'imgpath', 'fname', 'relpath', 'photo', 'picture', 'id'],
  ],
  class: [
    ...['class', 'label', 'category', 'target', 'classname', 'labelname', 'categoryname', 'classid', 'labelid'],
    ...['categoryid', 'classlabel', 'labels', 'classes', 'species', 'breed', 'identity', 'pid'],
  ],
} as const;

/** For the sentence that says what is wanted. */
export const WANTED_COLUMNS =
  'one of file, filename, image, image_id or path, and one of class, label, category or target';

interface Columns {
  /** −1 where no column names the split. */
  readonly split: number;
  readonly file: number;
  readonly class: number;
}

/** How a table is written. */
interface Layout {
  readonly separator: Separator;
  readonly columns: Columns;
  readonly width: number;
}

const SPLIT_WORDS = new Map<string, LabelledSplit>([
  ['training', 'training'],
  ['train', 'training'],
  ['query', 'query'],
  ['queries', 'query'],
  ['probe', 'query'],
  ['gallery', 'gallery'],
  // Which of their images are asked with, and which are searched, their folders say.
  ...(['test', 'testing', 'val', 'valid', 'validation', 'dev', ''] as const).map((word) => [word, 'any'] as const),
]);

/**
 * Reads a table of files and classes with a header, columns in any order and others passed over, separated by commas,
 * semicolons, tabs or bars. A column may say the split. Throws AppError 'ground-truth-refused' naming the line at fault.
 */
export function* readGroundTruthCsv(text: string, known: KnownNames | null = null): Steps<GroundTruth> {
  const collector = createCollector();
  let layout: Layout | null = null;
  const body = afterSeparatorLine(text);
  for (const record of records(body, separatorOf(body))) {
    if (!layout) {
      layout = layoutOf(body);
      if (!layout) throw groundTruthRefused(whatIsMissing(record.fields));
    } else if (record.fields.some((field) => field !== '')) {
      addRow(collector, record, layout);
      if (collector.count % LABELS_A_STEP === 0) yield record.end / body.length;
    }
  }
  if (!layout) throw groundTruthRefused('it is empty');
  return collector.finish(null, known);
}

/** Whether a text begins as such a table does; its end may be cut off. */
export function looksLikeGroundTruthCsv(text: string): boolean {
  return layoutOf(afterSeparatorLine(text)) !== null;
}

/** The names of a table's columns as far as its first line tells; its end may be cut off. */
export function columnsOf(text: string): readonly string[] {
  const body = afterSeparatorLine(text);
  try {
    const [header] = parseCsv(body, separatorOf(body));
    return header?.fields ?? [];
  } catch {
    return [];
  }
}

/** Spreadsheets write "sep=;" above a table, and read it. */
function afterSeparatorLine(text: string): string {
  return text.replace(/^\uFEFF?sep=[^\r\n]\r?\n/i, '');
}

function separatorOf(text: string): Separator {
  return layoutOf(text)?.separator ?? ',';
}

function layoutOf(text: string): Layout | null {
  for (const separator of SEPARATORS) {
    try {
      const [header] = parseCsv(text.slice(0, 65_536), separator);
      const columns = header && findColumns(header.fields);
      if (columns) return { separator, columns, width: header.fields.length };
    } catch (error) {
      if (!(error instanceof CsvError)) throw error;
    }
  }
  return null;
}

function findColumns(fields: readonly string[]): Columns | null {
  const names = fields.map((name) => name.toLowerCase().replace(/[^\p{Letter}\p{Number}]+/gu, ''));
  const at = (wanted: readonly string[]) => wanted.map((name) => names.indexOf(name)).find((place) => place >= 0) ?? -1;
  const columns = { split: at(COLUMNS.split), file: at(COLUMNS.file), class: at(COLUMNS.class) };
  return columns.file < 0 || columns.class < 0 ? null : columns;
}

function whatIsMissing(fields: readonly string[]): string {
  const named = fields.slice(0, 6).map(shortened).join(', ');
  return `its first line (${named}) does not name the columns: ${WANTED_COLUMNS}; split may stand beside them`;
}

function* records(text: string, separator: Separator): Generator<CsvRecord> {
  try {
    yield* parseCsv(text, separator);
  } catch (error) {
    if (error instanceof CsvError) throw groundTruthRefused(`line ${error.line}: ${error.message}`, error);
    throw error;
  }
}

function addRow(collector: Collector, { line, fields }: CsvRecord, { columns, width }: Layout): void {
  if (fields.length !== width) {
    throw groundTruthRefused(`line ${line} has ${fields.length} fields in place of ${width}`);
  }
  const word = columns.split < 0 ? '' : (fields[columns.split] ?? '').trim();
  const split = SPLIT_WORDS.get(word.toLowerCase());
  if (!split) {
    throw groundTruthRefused(
      `line ${line} names the split ${quoted(word)}; it must be query, gallery, training, test or validation`,
    );
  }
  const label = fields[columns.class] ?? '';
  if (label === '') {
    // Competitions leave the classes of their test images open: those images are listed as without a label.
    if (split === 'any' || split === 'training') return;
    throw groundTruthRefused(`line ${line} names no class`);
  }
  collector.add(split, fields[columns.file] ?? '', label, `line ${line}`);
}
