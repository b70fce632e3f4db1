import { blankRecords } from './csv.ts';
import { extensionOf, nameOf } from './file-kinds.ts';
import type { GroundTruth, Labels } from './ground-truth.ts';
import { compareCodeUnits } from './order.ts';
import { decodeTable } from './table-text.ts';

/** Names of classes that tables give numbers. */
export interface ClassNames {
  /** By the numbers that the file itself gives them; else in their order. */
  readonly numbered: ReadonlyMap<string, string> | null;
  readonly inOrder: readonly string[];
}

/** Lists of more classes than any data set has are something else. */
export const MOST_CLASS_NAMES_BYTES = 2 ** 20;

/** Whether a file is called as lists of classes are: "classes.txt", "label_names.csv", "id2label.json", "cat_to_name.json". */
export function isCalledClassNames(path: string): boolean {
  const name = nameOf(path).toLowerCase();
  const stem = name.replace(/\.[^.]*$/, '');
  const isList = ['txt', 'names', 'csv', 'tsv', 'json'].includes(extensionOf(path));
  return (
    isList &&
    (WHOLE.test(stem) ||
      /(class|label|categor|cat|idx|id|index).?(_?to_?|_?2_?|_)(name|label|class|idx|index|id)/.test(stem))
  );
}

const WHOLE =
  /^(obj\.)?(classes|class|labels?|categories|synsets?|names|(class|label|category)[_-]?(names?|list|map|index))$/;

/** The names of classes in such a file, or null where it holds something else. */
export function readClassNames(bytes: Uint8Array, path: string): ClassNames | null {
  const text = decodeTable(bytes)?.text;
  if (text === undefined) return null;
  return /^\uFEFF?\s*[[{]/.test(text) ? fromJson(text) : fromLines(text, extensionOf(path));
}

function fromLines(text: string, ending: string): ClassNames | null {
  const lines = [...blankRecords(text, 'whole-line')].map(({ fields }) => fields[0] ?? '');
  if (lines.length < 2) return null;
  const cells = lines.map((line) => /^(\d+)[\s,;:\t]+(\S.*)$/.exec(line));
  if (cells.every((cell) => cell !== null)) {
    const numbered = new Map(cells.map(([, number = '', name = '']) => [number, name.trim()]));
    return numbered.size === lines.length ? { numbered, inOrder: [] } : null;
  }
  // A table of other things.
  if (ending === 'csv' || ending === 'tsv') return null;
  return new Set(lines).size === lines.length ? { numbered: null, inOrder: lines } : null;
}

function fromJson(text: string): ClassNames | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (Array.isArray(value)) {
    const names = value.filter((name) => typeof name === 'string');
    return names.length === value.length && new Set(names).size === names.length
      ? { numbered: null, inOrder: names }
      : null;
  }
  if (typeof value !== 'object' || value === null) return null;
  const pairs = Object.entries(value).map(([number, name]): [string, unknown] =>
    // ImageNet's have the synset before the name.
    [number, Array.isArray(name) ? name.at(-1) : name],
  );
  // {"cat": 0}, the other way round.
  const turned = pairs.every(([, number]) => typeof number === 'number')
    ? pairs.map(([name, number]): [string, unknown] => [String(number), name])
    : pairs;
  const numbered = new Map<string, string>();
  for (const [number, name] of turned) {
    if (!/^\d+$/.test(number) || typeof name !== 'string') return null;
    numbered.set(number, name);
  }
  return numbered.size === pairs.length && numbered.size > 0 ? { numbered, inOrder: [] } : null;
}

/**
 * The labels with names in place of numbers. `unsure`: there are names, and it cannot be told which number is which: numbers stay.
 * Null where the classes are no numbers, or others than are named.
 */
export function withClassNames(truth: GroundTruth, names: ClassNames): GroundTruth | 'unsure' | null {
  const { classes } = truth;
  if (classes.length === 0 || !classes.every((name) => /^\d+$/.test(name))) return null;
  const nameOfClass = namesByNumber(classes, names);
  if (nameOfClass === null || nameOfClass === 'unsure') return nameOfClass;
  const named = classes.map(nameOfClass);
  if (named.some((name) => name === undefined)) return null;
  const known = named.map((name) => name ?? '');
  const sorted = [...new Set(known)].sort(compareCodeUnits);
  const positions = new Map(sorted.map((name, at) => [name, at]));
  const codes = known.map((name) => positions.get(name) ?? 0);
  const renamed = (labels: Labels): Labels => ({ ...labels, codes: labels.codes.map((code) => codes[code] ?? 0) });
  const { training, query, gallery, any } = truth.labels;
  const labels = { training: renamed(training), query: renamed(query), gallery: renamed(gallery), any: renamed(any) };
  return { ...truth, classes: sorted, labels };
}

function namesByNumber(
  classes: readonly string[],
  { numbered, inOrder }: ClassNames,
): ((number: string) => string | undefined) | 'unsure' | null {
  if (numbered) {
    // "007" and "7" are one number.
    const byValue = new Map([...numbered].map(([number, name]) => [Number(number), name]));
    return (number) => byValue.get(Number(number));
  }
  const numbers = classes.map(Number);
  const most = Math.max(...numbers);
  if (most > inOrder.length) return null;
  if (numbers.includes(0)) return most < inOrder.length ? (number) => inOrder[Number(number)] : null;
  return most === inOrder.length ? (number) => inOrder[Number(number) - 1] : 'unsure';
}
