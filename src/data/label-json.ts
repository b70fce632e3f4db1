import { AppError, quoted } from '../errors.ts';
import { nameKey } from '../names.ts';
import {
  type Collector,
  createCollector,
  type GroundTruth,
  groundTruthRefused,
  LABELS_A_STEP,
  type SpokenSplit,
  type Steps,
} from './ground-truth.ts';
import { createScanner, type Scanner, type Value } from './json-scanner.ts';
import type { KnownNames } from './known-names.ts';
import { findColumns, splitInCell } from './table-columns.ts';

/** One object of a list, as far as labels may be in it: its texts and numbers, and lists of them. */
type LabelRecord = ReadonlyMap<string, Value>;

/** By which of their keys records are labels. */
interface Keys {
  readonly file: string;
  readonly class: string;
  readonly split: string | null;
}

/** Records whose keys are looked at: a first one may lack the class. */
const SAMPLE_RECORDS = 50;

/**
 * Reads JSON Lines, as `metadata.jsonl` of an image folder, or a JSON list: an object for each image, with its file and its
 * class under the names that columns of tables have. A class may be a list: an image of several classes gets none. Throws
 * AppError 'ground-truth-refused'.
 */
export function* readLabelRecords(text: string, known: KnownNames | null = null): Steps<GroundTruth> {
  const collector = createCollector();
  const scan = createScanner(text);
  const first: LabelRecord[] = [];
  let keys: Keys | null = null;
  let number = 0;
  for (const record of recordsOf(scan)) {
    number++;
    if (keys) addRecord(collector, record, keys, number);
    else if (first.push(record) >= SAMPLE_RECORDS) {
      keys = keysOf(first, known);
      if (!keys) break;
      for (const [at, one] of first.entries()) addRecord(collector, one, keys, at + 1);
    }
    if (number % LABELS_A_STEP === 0) yield scan.share();
  }
  if (!keys) {
    keys = keysOf(first, known);
    if (!keys) throw groundTruthRefused('its objects do not tell the classes of images');
    for (const [at, one] of first.entries()) addRecord(collector, one, keys, at + 1);
  }
  return collector.finish(null, known);
}

/** What a text's first objects are about, where it is a list of them; its end may be cut off. Null where it is none. */
export function lookAtRecords(
  text: string,
  known: KnownNames,
): { readonly labels: boolean; readonly keys: readonly string[] } | null {
  if (!/^\uFEFF?\s*(\[\s*)?\{/.test(text)) return null;
  const records: LabelRecord[] = [];
  try {
    for (const record of recordsOf(createScanner(text))) if (records.push(record) >= SAMPLE_RECORDS) break;
  } catch (error) {
    // Cut off, or damaged: what is wrong is said when it is read.
    if (!(error instanceof AppError)) throw error;
  }
  const keys = keysOf(records, known);
  if (keys && records.some((record) => known.has(textOf(record.get(keys.file)) ?? ''))) {
    return { labels: true, keys: [] };
  }
  return records.length > 1 ? { labels: false, keys: namesOf(records) } : null;
}

function* recordsOf(scan: Scanner): Generator<LabelRecord> {
  if (scan.next() === '[') {
    for (const _ of scan.items()) yield readRecord(scan);
    scan.end();
  } else {
    while (scan.next() !== '') yield readRecord(scan);
  }
}

function readRecord(scan: Scanner): LabelRecord {
  const record = new Map<string, Value>();
  for (const key of scan.keys()) {
    // Boxes of one image, as data sets of detection have them: {"objects": {"bbox": […], "categories": […]}}.
    if (scan.next() === '{') for (const inner of scan.keys()) put(inner, scan.value(2));
    else put(key, scan.value(1));
  }
  return record;

  function put(key: string, value: Value): void {
    if (!record.has(key)) record.set(key, value);
  }
}

function namesOf(records: readonly LabelRecord[]): string[] {
  return [...new Set(records.flatMap((record) => [...record.keys()]))];
}

function keysOf(records: readonly LabelRecord[], known: KnownNames | null): Keys | null {
  const names = namesOf(records);
  const rows = records.map((record) => names.map((name) => textOf(record.get(name)) ?? ''));
  const columns = findColumns(names, rows, known);
  if (!columns || typeof columns.class !== 'number') return null;
  const [file, label] = [names[columns.file], names[columns.class]];
  if (file === undefined || label === undefined) return null;
  return { file, class: label, split: names[columns.split] ?? null };
}

function textOf(value: Value | undefined): string | null {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : null;
}

function addRecord(collector: Collector, record: LabelRecord, keys: Keys, number: number): void {
  const place = `object ${number}`;
  const file = textOf(record.get(keys.file));
  if (file === null) throw groundTruthRefused(`${place} names no file in ${quoted(keys.file)}`);
  const value = record.get(keys.class) ?? null;
  const classes = new Set((Array.isArray(value) ? value : [value]).flatMap((one) => textOf(one) ?? []));
  const [only, another] = classes;
  if (another !== undefined) collector.addSeveral(file);
  // The class of such an image is left open.
  else if (only !== undefined && only !== '') collector.add(splitOf(record, keys, place), file, only, place);
}

function splitOf(record: LabelRecord, { split }: Keys, place: string): SpokenSplit {
  const word = split === null ? '' : (textOf(record.get(split)) ?? '').trim();
  const meant = splitInCell(word, split ?? '');
  if (!meant) throw groundTruthRefused(`${place} names the split ${quoted(word)}`);
  return meant;
}

const BEGINS = /^\uFEFF?\s*\{\s*"(?:[^"\\]|\\.)*"\s*:\s*\[\s*("(?:[^"\\]|\\.)*")/;

/** Whether a text begins as JSON of classes and the files of each does; its end may be cut off. */
export function looksLikeClassLists(text: string, known: KnownNames): boolean {
  const [, file = '""'] = BEGINS.exec(text) ?? [];
  try {
    return known.has(nameKey(String(JSON.parse(file))));
  } catch {
    return false;
  }
}

/** Reads `{"apple_pie": ["apple_pie/1005649", …]}`. Throws AppError 'ground-truth-refused'. */
export function* readClassLists(text: string, known: KnownNames | null = null): Steps<GroundTruth> {
  const scan = createScanner(text);
  const collector = createCollector();
  for (const label of scan.keys()) {
    if (scan.next() !== '[') {
      scan.value(1);
      continue;
    }
    for (const _ of scan.items()) {
      const file = scan.value(2);
      if (typeof file !== 'string')
        throw groundTruthRefused('one of its lists holds something else than names of files');
      collector.add('any', file, label, 'it');
      if (collector.count % LABELS_A_STEP === 0) yield scan.share();
    }
  }
  scan.end();
  return collector.finish(null, known);
}
