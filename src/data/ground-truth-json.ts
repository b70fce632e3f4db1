import { quoted } from '../errors.ts';
import { nameKey } from '../names.ts';
import {
  createCollector,
  type GroundTruth,
  groundTruthRefused,
  LABELLED_SPLITS,
  LABELS_A_STEP,
  type LabelledSplit,
  PARTS,
  type Steps,
} from './ground-truth.ts';
import { createScanner, type Value } from './json-scanner.ts';
import type { KnownNames } from './known-names.ts';

const SPLIT_KEYS = new Map<string, LabelledSplit>([
  ['query', 'query'],
  ['gallery', 'gallery'],
  ['training', 'training'],
  ['train', 'training'],
  ['any', 'any'],
  // As FiftyOne calls them.
  ['labels', 'any'],
]);

/**
 * Reads `{"classes": [...], "query": {"file": "class"}, "gallery": {"file": "class"}}`, where `classes` may be left out, and
 * splits too; `several` lists files of more than one class, `parts` files by the splits that tables list them in. Or one object
 * of files and classes for all splits. Classes may be numbers; where `classes` does not list them they count its entries from 0. Other keys are passed over. Throws AppError 'ground-truth-refused' naming what is at
 * fault.
 *
 * Read letter by letter and not by JSON.parse, which makes an object of a million keys in ten seconds without a pause, and
 * keeps the last of two equal keys without a word.
 */
export function* readGroundTruthJson(text: string, known: KnownNames | null = null): Steps<GroundTruth> {
  const scan = createScanner(text);
  const collector = createCollector('refuse');
  const keys = new Set<string>();
  let declared: string[] | null = null;
  /** Labels that stand in the object itself: only where no key names a split are they labels. */
  const loose: [file: string, label: string, numeric: boolean][] = [];
  if (scan.next() !== '{') {
    scan.value(0);
    scan.end();
    throw groundTruthRefused('it is not a JSON object');
  }
  for (const key of scan.keys()) {
    if (keys.has(key)) throw repeated(key);
    keys.add(key);
    const split = SPLIT_KEYS.get(key);
    const first = scan.next();
    if (split && first === '{') {
      for (const file of scan.keys()) {
        if (collector.hasFile(split, file)) throw repeated(file);
        const value = scan.value(1);
        // The class of such an image is left open.
        if (value === null && split === 'any') continue;
        const label = readLabel(value);
        if (!label) throw groundTruthRefused(`the class of ${quoted(file)} in "${key}" is not a text or a number`);
        collector.add(split, file, label.name, `"${key}"`, label.numeric);
        if (collector.count % LABELS_A_STEP === 0) yield scan.share();
      }
    } else if (split) {
      scan.value(1);
      throw groundTruthRefused(`"${key}" is not an object of file names and classes`);
    } else if (key === 'several' && first === '[') {
      for (const _ of scan.items()) collector.addSeveral(String(scan.value(2)));
    } else if (key === 'parts' && first === '{') {
      for (const name of scan.keys()) {
        const part = PARTS.find((one) => one === name);
        if (!part || scan.next() !== '[') throw groundTruthRefused(`"parts" has no list of ${quoted(name)}`);
        for (const _ of scan.items()) collector.addPart(part, String(scan.value(3)), '"parts"');
      }
    } else if (key === 'classes') {
      declared = readClasses(scan.value(1));
    } else {
      const label = readLabel(scan.value(1));
      if (label) loose.push([key, label.name, label.numeric]);
      if (loose.length % LABELS_A_STEP === 1) yield scan.share();
    }
  }
  scan.end();
  if (![...SPLIT_KEYS.keys()].some((key) => keys.has(key))) {
    if (loose.length === 0) throw groundTruthRefused('it has neither "query" nor "gallery"');
    for (const [file, label, numeric] of loose) collector.add('any', file, label, 'it', numeric);
  }
  return collector.finish(declared, known);
}

const SPLIT_BEGINS = `"(?:${[...SPLIT_KEYS.keys()].join('|')})"\\s*:\\s*\\{\\s*`;
const BEGINS = new RegExp(
  `^\\uFEFF?\\s*\\{\\s*(?:"classes"\\s*:\\s*\\[[^\\]]*\\]\\s*,\\s*)?(?:${SPLIT_BEGINS})?("(?:[^"\\\\]|\\\\.)*")\\s*:\\s*["\\d-]`,
);

/**
 * Whether a text begins as such a file of a data set's images does, by whatever name; its end may be cut off. Numbers alone are no
 * file's name here: in `{"0": "cat"}` they count classes.
 */
export function looksLikeGroundTruthJson(text: string, known: KnownNames): boolean {
  const [, key = '""'] = BEGINS.exec(text) ?? [];
  try {
    const file = String(JSON.parse(key));
    return !/^\d*$/.test(file) && known.has(nameKey(file));
  } catch {
    return false;
  }
}

/** Labels as such a file, as far as they were kept: read again, they are the same. */
export function writeGroundTruthJson({
  classes,
  labels,
  several,
  parts,
}: Pick<GroundTruth, 'classes' | 'labels' | 'several' | 'parts'>): string {
  const objects = LABELLED_SPLITS.flatMap((split) => {
    const { files, codes } = labels[split];
    if (files.length === 0 && split !== 'query' && split !== 'gallery') return [];
    // By hand: an object of "__proto__" would lose it.
    const pairs = files.map((file, at) => `${JSON.stringify(file)}:${JSON.stringify(classes[codes[at] ?? 0] ?? '')}`);
    return [`"${split}":{${pairs.join(',')}}`];
  });
  const ofSeveral = several ? `,"several":${JSON.stringify(several)}` : '';
  const listed = parts ? `,"parts":${JSON.stringify(parts)}` : '';
  return `{"classes":${JSON.stringify(classes)},${objects.join(',')}${ofSeveral}${listed}}`;
}

function repeated(key: string): Error {
  return groundTruthRefused(`it names ${quoted(key)} twice in one object`);
}

/** A class as a text or a number; null for anything else. */
function readLabel(value: Value): { name: string; numeric: boolean } | null {
  if (typeof value === 'string') return value === '' ? null : { name: value, numeric: false };
  return typeof value === 'number' && Number.isFinite(value) ? { name: String(value), numeric: true } : null;
}

function readClasses(value: Value): string[] {
  if (!Array.isArray(value)) throw groundTruthRefused('"classes" is not a list');
  return [
    ...new Set(
      value.map((name, index) => {
        const label = readLabel(name);
        if (!label) throw groundTruthRefused(`"classes"[${index}] is not a text or a number`);
        return label.name;
      }),
    ),
  ];
}
