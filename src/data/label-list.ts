import { type BlankCut, blankRecords, CsvError, type CsvRecord, parseCsv, SEPARATORS, type Separator } from './csv.ts';
import { extensionOf, kindByName } from './file-kinds.ts';
import {
  createCollector,
  type GroundTruth,
  groundTruthRefused,
  LABELS_A_STEP,
  type SpokenSplit,
  type Steps,
} from './ground-truth.ts';
import type { KnownNames } from './known-names.ts';
import { type SplitName, saysNothing, splitInName, splitNameOf } from './split-names.ts';
import { splitOfWord } from './table-columns.ts';

type Cut = Separator | BlankCut;

/** How a list without a header is written: which column names the images, which their classes. */
export interface ListForm {
  readonly cut: Cut;
  readonly width: number;
  readonly file: number;
  /** A column, or of each image the folder in its path; `none` where others tell it, and this list the split alone. */
  readonly class: number | 'folder' | 'none';
  /** The column of words such as "train" and "test", or of numbers; null where there is none. */
  readonly split: number | null;
  /** The split that all of its images are of, where it tells no classes. */
  readonly all: SplitName | null;
  /** Columns of which nothing is known. */
  readonly unused: number;
}

/** A form, or why a list of images tells no classes: the rest of a sentence that begins with its name. */
export type FoundForm = { readonly form: ListForm } | { readonly unclear: string };

const SAMPLE_ROWS = 200;
const SAMPLE_LENGTH = 65_536;
/** Share of the rows of a list that are of one width: one line may be cut off or broken. */
const OF_ONE_WIDTH = 0.9;
/** Share of its rows that name images of the folder, which may be a part of the data set. */
const NAMED = 0.5;
/** Where none does, share of names that end as those of images do. */
const IMAGE_ENDINGS = 0.9;
/** Rows of which it can be told whether the first one is unlike them. */
const MANY = 10;
/** With more columns of numbers than this, they are boxes, points or attributes. */
const MOST_NUMBERS = 3;
/** As data sets of faces and clothes number them. */
const NUMBERED: readonly SplitName[] = ['training', 'validation', 'test'];

const CUTS: readonly Cut[] = [...SEPARATORS, 'blanks', 'last-blank', 'first-blank', 'whole-line'];

/**
 * How a text without a header lists images and their classes ("images/cat/001.jpg 3"), by its first rows: a column that names
 * images of the folder makes it such a list. Null where it is none. Its end may be cut off.
 */
export function findListForm(text: string, name: string, known: KnownNames): FoundForm | null {
  const candidates = CUTS.flatMap((cut) => candidate(text, cut, known) ?? []).sort((a, b) => b.named - a.named);
  const best = candidates[0] && inOneWord(candidates[0], candidates);
  if (!best) return null;
  const found = formOf(best, name);
  // Boxes of a picture in a file of its own begin with the number of a class, which may be the name of an image, too.
  const areNumbers = best.rows.every((row) => isNumber(row[best.file] ?? ''));
  return 'unclear' in found && areNumbers ? null : found;
}

/** A class of two words ("001.jpg golden retriever") is taken whole, where no column is one of numbers or splits. */
function inOneWord(best: Candidate, candidates: readonly Candidate[]): Candidate {
  if (best.cut !== 'blanks' || best.width < 3 || best.file > 0) return best;
  const isTelling = (word: string) => isNumber(word) || splitNameOf(word) !== null;
  const isTable = best.rows[0]?.some((_, at) => at > 0 && best.rows.every((row) => isTelling(row[at] ?? '')));
  const whole = candidates.find(({ cut, file, named }) => cut === 'first-blank' && file === 0 && named >= best.named);
  return isTable ? best : (whole ?? best);
}

function formOf(best: Candidate, name: string): FoundForm {
  const { cut, rows, file, width } = best;
  const column = (at: number) => rows.map((row) => (row[at] ?? '').trim());
  const others = Array.from({ length: width }, (_, at) => at).filter((at) => at !== file);
  const split = others.find((at) => column(at).every((word) => splitNameOf(word) !== null)) ?? null;
  const telling = others.filter((at) => at !== split && !(at < file && areCounted(column(at))));
  const [first] = telling;
  const form = { cut, width, file, split, all: null, unused: Math.max(0, telling.length - 1) };
  if (first === undefined) {
    if (rows.every((row) => folderInPath(row[file] ?? '') !== null)) return { form: { ...form, class: 'folder' } };
    const all = splitInName(stemOf(name));
    if (split !== null || all !== null) return { form: { ...form, class: 'none', all } };
    return { unclear: 'names images, but no classes' };
  }
  if (telling.length > MOST_NUMBERS && telling.every((at) => column(at).every(isNumber))) {
    return { unclear: `has ${telling.length} columns of numbers, and no first line that tells which is the class` };
  }
  const values = column(first);
  const distinct = new Set(values);
  if (values.some((value) => /^-?\d*\.\d*[1-9]/.test(value) && isNumber(value))) {
    return { unclear: 'gives images numbers with decimals, which are no classes' };
  }
  if (distinct.has('-1') && [...distinct].every((value) => ['-1', '0', '1'].includes(value))) {
    return { unclear: 'says of each image no more than yes or no (1 and −1), which is no class' };
  }
  if (/partition|split/i.test(name) && [...distinct].every((value) => /^[012]$/.test(value))) {
    return { form: { ...form, class: 'none', split: first, unused: 0 } };
  }
  return { form: { ...form, class: first } };
}

/** Reads a list of that form. Throws AppError 'ground-truth-refused' naming the line at fault. */
export function* readLabelList(text: string, form: ListForm, known: KnownNames | null): Steps<GroundTruth> {
  const collector = createCollector();
  for (const { line, fields, end } of listRecords(text, form.cut)) {
    if (fields.length < form.width) {
      if (fields.every((field) => field.trim() === '')) continue;
      throw groundTruthRefused(`line ${line} has ${fields.length} columns in place of ${form.width}`);
    }
    const file = (fields[form.file] ?? '').trim();
    const split = form.split === null ? (form.all ?? 'any') : splitInList(fields[form.split] ?? '');
    if (!split) throw groundTruthRefused(`line ${line} names no split`);
    const label = classInList(fields, file, form);
    // Competitions leave the classes of their test images open.
    if (label) collector.add(split, file, label, `line ${line}`);
    else if (split !== 'any') collector.addPart(split, file, `line ${line}`);
    if (collector.count % LABELS_A_STEP === 0) yield end / text.length;
  }
  return collector.finish(null, known);
}

function classInList(fields: readonly string[], file: string, form: ListForm): string | null {
  if (form.class === 'none') return null;
  return form.class === 'folder' ? folderInPath(file) : asClass((fields[form.class] ?? '').trim());
}

function splitInList(cell: string): SpokenSplit | null {
  const word = cell.trim();
  return /^[012]$/.test(word) ? (NUMBERED[Number(word)] ?? null) : splitOfWord(word);
}

const stemOf = (name: string) => name.replace(/\.[^.]*$/, '');

/** The rows of a list by a way to cut it. Throws AppError 'ground-truth-refused'. */
export function* listRecords(text: string, cut: Cut): Generator<CsvRecord> {
  if (!isSeparator(cut)) {
    yield* blankRecords(text, cut);
    return;
  }
  try {
    yield* parseCsv(text, cut);
  } catch (error) {
    if (error instanceof CsvError) throw groundTruthRefused(`line ${error.line}: ${error.message}`, error);
    throw error;
  }
}

/** The first rows of a list; the last of them is left out, since it may be cut off. */
export function sampleRows(text: string, cut: Cut): (readonly string[])[] {
  const rows: (readonly string[])[] = [];
  const sample = text.slice(0, SAMPLE_LENGTH);
  try {
    for (const { fields, end } of isSeparator(cut) ? parseCsv(sample, cut) : blankRecords(sample, cut)) {
      if (rows.length > 1 && end >= sample.length && !/[\r\n]$/.test(sample)) break;
      if (rows.push(fields) >= SAMPLE_ROWS) break;
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
  }
  return rows;
}

interface Candidate {
  readonly cut: Cut;
  readonly rows: readonly (readonly string[])[];
  readonly width: number;
  readonly file: number;
  /** How sure it is: shares of rows that name images, those by their folder too above all. */
  readonly named: number;
}

function candidate(text: string, cut: Cut, known: KnownNames): Candidate | null {
  const all = sampleRows(text, cut);
  const width = commonWidth(all);
  if (width === 0 || (width === 1) !== (cut === 'whole-line')) return null;
  const rows = all.filter((row) => row.length === width);
  if (rows.length < OF_ONE_WIDTH * all.length) return null;
  const share = (at: number, is: (field: string) => boolean) =>
    rows.filter((row) => is((row[at] ?? '').trim())).length / rows.length;
  const columns = Array.from({ length: width }, (_, at) => {
    const distinct = new Set(rows.map((row) => row[at])).size / rows.length;
    const has = share(at, (field) => known.has(field));
    const images = share(at, (field) => extensionOf(field) !== '' && kindByName(field) === 'image');
    const isFile = distinct > NAMED && (has >= NAMED || images >= IMAGE_ENDINGS);
    return { at, named: isFile ? 4 * share(at, (field) => known.fits(field)) + 2 * has + images : 0 };
  });
  const [best] = columns.sort((a, b) => b.named - a.named || a.at - b.at);
  if (!best || best.named === 0) return null;
  const isNamed = (row: readonly string[]) => {
    const field = (row[best.at] ?? '').trim();
    return known.has(field) || (extensionOf(field) !== '' && kindByName(field) === 'image');
  };
  const [first = [], ...others] = rows;
  // The titles of columns, none of which is known.
  if (!isNamed(first) && (others.length < MANY || others.filter(isNamed).length >= IMAGE_ENDINGS * others.length)) {
    return null;
  }
  return { cut, rows, width, file: best.at, named: best.named };
}

function commonWidth(rows: readonly (readonly string[])[]): number {
  const counts = new Map<number, number>();
  for (const { length } of rows) counts.set(length, (counts.get(length) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a)[0]?.[0] ?? 0;
}

/** The folder of a path that may be a class. */
export function folderInPath(file: string): string | null {
  const folder = file.split(/[\\/]/).at(-2);
  return folder === undefined || folder === '' || folder === '.' || folder === '..' || isNoClass(folder)
    ? null
    : folder;
}

const isNoClass = (folder: string) => saysNothing(folder) || splitNameOf(folder) !== null;

const isSeparator = (cut: Cut): cut is Separator => SEPARATORS.some((separator) => separator === cut);
const isNumber = (value: string) => value !== '' && Number.isFinite(Number(value));

/** Numbers that count the rows say which row it is, and no class. */
function areCounted(values: readonly string[]): boolean {
  return values.length > 1 && values.every((value, at) => at === 0 || Number(value) === Number(values[at - 1]) + 1);
}

/** Some programs write the numbers of classes with decimals: "3.000000". */
function asClass(value: string): string {
  return /^-?\d+\.0+$/.test(value) ? value.slice(0, value.indexOf('.')) : value;
}
