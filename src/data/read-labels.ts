import { AppError, aborted, FOLDER_AGAIN, isAborted } from '../errors.ts';
import { numeral } from '../numerals.ts';
import type { Problem } from '../types.ts';
import { type ClassNames, readClassNames, withClassNames } from './class-names.ts';
import { createThinner, looksLikeCoco } from './coco-labels.ts';
import { readBytes } from './file-bytes.ts';
import { nameOf } from './file-kinds.ts';
import type { LabelFile, LabelFiles } from './find-ground-truth.ts';
import {
  allSteps,
  assertGroundTruthSize,
  type GroundTruth,
  groundTruthRefused,
  joinGroundTruths,
  type Steps,
} from './ground-truth.ts';
import { type KnownNames, knownNames } from './known-names.ts';
import { groundTruthSteps, HEADER_BYTES } from './label-forms.ts';
import { type LinkedKind, readLinkedLists } from './linked-lists.ts';
import { placeLabels } from './place-labels.ts';
import { splitsByTables } from './splits-by-tables.ts';
import { decodeTable, type TableText } from './table-text.ts';

/** What happened to a data set's label files. */
export interface ReadLabels {
  /** Null where no file could be used. */
  readonly labels: NamedGroundTruth | null;
  readonly problems: readonly Problem[];
}

/** Labels and the names of the files that they come from, for people. */
export interface NamedGroundTruth {
  readonly name: string;
  readonly truth: GroundTruth;
}

export interface LabelsOfFile {
  readonly truth: GroundTruth;
  /** What the file's letters were taken for; null where it says so itself. */
  readonly guessed: string | null;
}

/** Lists that are read with a list of images, joined by its numbers. */
export type LinkedFiles = Readonly<Partial<Record<LinkedKind, Blob>>>;

/**
 * Labels from all of some files by `read` (which may be a worker's). A file that is refused becomes a problem, which is
 * stored with the data set; the others count. `paths` are those of all images. Throws AppError 'aborted'.
 */
export async function readLabelFiles(
  { files, classNames }: Pick<LabelFiles, 'files' | 'classNames'>,
  paths: readonly string[],
  read: (file: Blob, path: string, linked: LinkedFiles | null) => Promise<LabelsOfFile>,
): Promise<ReadLabels> {
  const problems: Problem[] = [];
  const found: { path: string; truth: GroundTruth }[] = [];
  const names = lazily(async () => {
    const read = await Promise.all(classNames.map(async (file) => ({ file, names: await namesIn(file) })));
    return read.flatMap(({ file, names }) => (names ? [{ path: file.path, names }] : []));
  });
  for (const file of files) {
    try {
      const { truth, guessed } = await read(await file.open(), file.path, await openLinked(file));
      if (guessed !== null) problems.push(guessedLetters(file.path, guessed));
      const named = await withNames(truth, file.path, names);
      found.push({ path: file.path, truth: named.truth });
      problems.push(...named.problems);
    } catch (error) {
      if (isAborted(error) || !(error instanceof AppError)) throw error;
      problems.push(refusedLabels(file.path, error));
    }
  }
  if (found.length === 0) return { labels: null, problems };
  const split = splitsByTables(found, paths);
  if (split.problem) problems.push(split.problem);
  const { truth, disagreements } = joinGroundTruths(split.tables.map((one) => one.truth));
  const name = found.map(({ path }) => nameOf(path)).join(', ');
  if (disagreements > 0) problems.push(disagree(name, disagreements));
  return { labels: { name, truth }, problems };
}

function lazily<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | null = null;
  return () => {
    made ??= make();
    return made;
  };
}

async function openLinked({ linked }: LabelFile): Promise<LinkedFiles | null> {
  if (!linked) return null;
  const [classes, splits] = await Promise.all([linked.classes?.open(), linked.splits?.open()]);
  return { ...(classes ? { classes } : {}), ...(splits ? { splits } : {}) };
}

async function namesIn(file: LabelFile): Promise<ClassNames | null> {
  try {
    return readClassNames(await readBytes(await file.open()), file.path);
  } catch {
    // Numbers stay numbers.
    return null;
  }
}

/** Numbers of classes as their names, by the list that lies nearest. */
async function withNames(
  truth: GroundTruth,
  path: string,
  names: () => Promise<readonly { path: string; names: ClassNames }[]>,
): Promise<{ truth: GroundTruth; problems: Problem[] }> {
  if (!truth.classes.every((name) => /^\d+$/.test(name))) return { truth, problems: [] };
  for (const one of await names()) {
    const named = withClassNames(truth, one.names);
    if (named === 'unsure') return { truth, problems: [unsureNames(one.path, path)] };
    if (named) return { truth: named, problems: [] };
  }
  return { truth, problems: [] };
}

function unsureNames(names: string, table: string): Problem {
  return {
    kind: 'ground-truth',
    severity: 'warning',
    path: names,
    reason: `“${nameOf(names)}” names classes, but not by number, and whether “${nameOf(table)}” counts them from 0 or from 1 cannot be told.`,
    action: `the numbers are taken for the classes; write the number before each name and ${FOLDER_AGAIN}`,
  };
}

/** The problem that a refused file is, until another one is added. */
function refusedLabels(path: string, error: AppError): Problem {
  return {
    kind: 'ground-truth-refused',
    severity: 'skipped',
    path,
    reason: error.message,
    action: 'not used; its images have no labels, or those of their folders',
  };
}

/**
 * The text of a ground truth file. Throws AppError 'ground-truth-refused' where it is too large, which is seen without
 * reading it, or no text; 'files-gone', 'aborted'. Of a large file of COCO's form that is kept which labels are in.
 */
export async function readGroundTruth(
  file: Blob,
  { signal, report }: { readonly signal?: AbortSignal; readonly report?: (share: number) => void } = {},
): Promise<TableText> {
  if (await isLargeCoco(file)) return { text: await thinned(file, signal, report), guessed: null };
  assertGroundTruthSize(file.size);
  const text = decodeTable(await readBytes(file));
  if (!text) throw groundTruthRefused('it is no text (a spreadsheet has to be saved as CSV)');
  return text;
}

/** All annotations of a million images, with their outlines. */
const MOST_COCO_BYTES = 2 ** 30;
/** Below, all of it is read at once. */
const LARGE_COCO_BYTES = 16 * 2 ** 20;

async function isLargeCoco(file: Blob): Promise<boolean> {
  if (file.size < LARGE_COCO_BYTES || file.size > MOST_COCO_BYTES) return false;
  const head = decodeTable(await readBytes(file.slice(0, HEADER_BYTES)), false);
  return head !== null && head.guessed === null && looksLikeCoco(head.text);
}

async function thinned(file: Blob, signal?: AbortSignal, report?: (share: number) => void): Promise<string> {
  const thinner = createThinner();
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const parts: string[] = [];
  let kept = 0;
  const keep = (text: string) => {
    const part = thinner.push(text);
    parts.push(part);
    kept += part.length;
    assertGroundTruthSize(kept);
  };
  const decode = (bytes?: Uint8Array) => {
    try {
      return decoder.decode(bytes, { stream: bytes !== undefined });
    } catch (cause) {
      throw groundTruthRefused('it is no text in UTF-8', cause);
    }
  };
  for (let at = 0; at < file.size; at += COCO_PART) {
    if (signal?.aborted) throw aborted();
    keep(decode(await readBytes(file.slice(at, at + COCO_PART))));
    report?.(at / file.size);
  }
  keep(decode());
  return parts.join('');
}

const COCO_PART = 4 * 2 ** 20;

/** Labels of a file's text, and of the lists that are joined with it. Throws AppError 'ground-truth-refused', 'files-gone'. */
export async function labelSteps(
  text: string,
  name: string,
  linked: LinkedFiles | null,
  known: KnownNames,
): Promise<Steps<GroundTruth>> {
  if (!linked) return groundTruthSteps(text, name, known);
  const textOf = async (file: Blob | undefined) => (file ? (await readGroundTruth(file)).text : null);
  const lists = { images: text, classes: await textOf(linked.classes), splits: await textOf(linked.splits) };
  return readLinkedLists(lists, known);
}

/** Labels of a file in a data set whose images are at `paths`, all at once. Throws AppError 'ground-truth-refused', 'files-gone'. */
export async function readLabelsOf(
  file: Blob,
  name: string,
  paths: readonly string[],
  linked: LinkedFiles | null = null,
): Promise<LabelsOfFile> {
  const { text, guessed } = await readGroundTruth(file);
  const truth = allSteps(await labelSteps(text, name, linked, knownNames(paths)));
  return { truth: placeLabels(truth, name, paths), guessed };
}

function guessedLetters(path: string, encoding: string): Problem {
  return {
    kind: 'ground-truth',
    severity: 'warning',
    path,
    reason: `“${nameOf(path)}” does not say how its letters are written; it was read as ${encoding}.`,
    action: 'used; where names look wrong, save it as UTF-8 and add it again',
  };
}

function disagree(name: string, count: number): Problem {
  return {
    kind: 'ground-truth',
    severity: 'warning',
    path: name,
    reason: `${count === 1 ? 'One file has' : `${numeral(count)} files have`} other classes in a later table.`,
    action: 'kept; the first table counts',
  };
}
