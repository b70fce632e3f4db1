import { nameOf } from './file-kinds.ts';
import { createCollector, type GroundTruth, groundTruthRefused, LABELS_A_STEP, type Steps } from './ground-truth.ts';
import type { KnownNames } from './known-names.ts';
import { folderInPath, listRecords, sampleRows } from './label-list.ts';
import { splitOfWord } from './table-columns.ts';

/** What a list says of the images that another list gives numbers to. */
export type LinkedKind = 'classes' | 'splits';

/** Lists of one folder that are joined by the numbers in their first columns. */
export interface LinkedLists<File> {
  readonly images: File;
  readonly classes: File | null;
  readonly splits: File | null;
}

/** A list of a folder with its beginning. */
export interface ListBeginning<File> {
  readonly file: File;
  readonly path: string;
  readonly text: string;
}

/** Share of the first numbers of one list that are in the other. */
const SHARED = 0.9;

/**
 * Lists of which one gives images numbers ("1 001.Black/xx.jpg") and others say something of these numbers: the class ("1 12"), or
 * whether the image is one of training ("1 0"). All are of one folder. Null where there are no such lists.
 */
export function findLinkedLists<File>(
  lists: readonly ListBeginning<File>[],
  known: KnownNames,
): LinkedLists<File> | null {
  const pairs = lists.map((list) => ({ ...list, rows: sampleRows(list.text, 'first-blank') }));
  for (const images of pairs) {
    if (!givesNumbers(images.rows, known)) continue;
    const numbers = new Set(images.rows.map(([number]) => number));
    const linked = pairs.filter((one) => one !== images && speaksOf(numbers, one.rows));
    const splits = linked.find(({ path, rows }) => /train|test|split|partition/i.test(nameOf(path)) && areSplits(rows));
    const [classes] = linked
      .filter((one) => one !== splits)
      .sort((a, b) => Number(namesClasses(b.path)) - Number(namesClasses(a.path)));
    if (splits || classes) {
      return { images: images.file, classes: classes?.file ?? null, splits: splits?.file ?? null };
    }
  }
  return null;
}

const namesClasses = (path: string) => /class|label|categor|target|species|identit/i.test(nameOf(path));

/** Each row a number of its own and the path of an image. */
function givesNumbers(rows: readonly (readonly string[])[], known: KnownNames): boolean {
  const numbers = new Set(rows.map(([number]) => number));
  const areImages = rows.filter(([, file]) => file !== undefined && known.has(file)).length;
  return (
    rows.length > 1 &&
    numbers.size === rows.length &&
    rows.every(([number, file]) => isWhole(number) && file !== undefined) &&
    2 * areImages >= rows.length
  );
}

/** Each row a number of an image and one word. */
function speaksOf(numbers: ReadonlySet<string | undefined>, rows: readonly (readonly string[])[]): boolean {
  const shared = rows.filter(([number, word]) => numbers.has(number) && word !== undefined && !/\s/.test(word));
  const distinct = new Set(rows.map(([number]) => number)).size;
  // A list of few classes has numbers that images have, too, and is shorter than that of the images.
  return shared.length >= SHARED * Math.max(rows.length, numbers.size) && distinct === rows.length;
}

function areSplits(rows: readonly (readonly string[])[]): boolean {
  return rows.every(([, word = '']) => word === '0' || word === '1' || splitOfWord(word) !== null);
}

const isWhole = (text: string | undefined) => text !== undefined && /^\d+$/.test(text);

/**
 * Reads the labels of such lists. Without a list of classes, they are the folders in the images' paths. Throws AppError
 * 'ground-truth-refused'.
 */
export function* readLinkedLists(
  { images, classes, splits }: LinkedLists<string>,
  known: KnownNames | null,
): Steps<GroundTruth> {
  const classOf = classes === null ? null : yield* pairsOf(classes);
  const splitOf = splits === null ? null : yield* pairsOf(splits);
  const collector = createCollector();
  for (const { line, fields, end } of listRecords(images, 'first-blank')) {
    const [number = '', file = ''] = fields;
    const label = classOf ? classOf.get(number) : folderInPath(file);
    if (!label) continue;
    const word = splitOf?.get(number) ?? '';
    // Numbers say whether an image is one of training.
    const split = word === '1' ? 'training' : word === '0' ? 'any' : splitOfWord(word);
    if (!split) throw groundTruthRefused(`the image ${number} is of no known split`);
    collector.add(split, file, label, `line ${line}`);
    if (collector.count % LABELS_A_STEP === 0) yield end / images.length;
  }
  return collector.finish(null, known);
}

function* pairsOf(text: string): Generator<number, Map<string, string>, void> {
  const pairs = new Map<string, string>();
  for (const { fields } of listRecords(text, 'first-blank')) {
    const [number = '', word = ''] = fields;
    pairs.set(number, word);
    if (pairs.size % LABELS_A_STEP === 0) yield 0;
  }
  return pairs;
}
