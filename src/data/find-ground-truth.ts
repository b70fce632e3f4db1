import { AppError, isAborted } from '../errors.ts';
import { numeral } from '../numerals.ts';
import type { Problem } from '../types.ts';
import { extensionOf, folderOf, kindByName, nameOf } from './file-kinds.ts';
import {
  allSteps,
  assertGroundTruthSize,
  type GroundTruth,
  groundTruthRefused,
  joinGroundTruths,
  type KnownNames,
  knownNames,
  type Steps,
} from './ground-truth.ts';
import { columnsOf, looksLikeGroundTruthCsv, readGroundTruthCsv, WANTED_COLUMNS } from './ground-truth-csv.ts';
import { looksLikeGroundTruthJson, readGroundTruthJson } from './ground-truth-json.ts';
import type { ListedFile } from './listing.ts';
import { compareCodeUnits } from './order.ts';
import { placeLabels } from './place-labels.ts';
import { readBytes } from './read-bytes.ts';
import { countByFolder, recogniseLayout } from './roles.ts';
import type { Sifted } from './sift.ts';
import { decodeTable, type TableText } from './table-text.ts';

/** Enough for a header line, or a list of classes. */
const HEADER_BYTES = 32 * 1024;
/** Tables that are looked into, and that labels are taken from: beyond this they are the data, not about it. */
const MOST_TABLES = 20;

const TABLE_ENDINGS: readonly string[] = ['csv', 'tsv', 'txt', 'json'];
/** Competitions show in such files what an answer looks like: every image with the same class. */
const NO_LABELS = /sample|submission|example|template/i;

/** Where a data set's labels are. */
export interface LabelFiles {
  /** The first counts where they disagree. */
  readonly files: readonly ListedFile[];
  /** Tables beside them that say nothing of classes, each with the reason. */
  readonly problems: readonly Problem[];
}

/**
 * The files among those that are no images (`sift`) that labels are taken from: `ground_truth.json` or `.csv`, and tables
 * with a column of files and one of classes, or JSON of files and classes; at the top, at the data set's root (wrapping folders
 * left behind), in a folder directly below it or in a split's folder.
 */
export async function findLabelFiles({
  images,
  others,
}: Pick<Sifted<ListedFile>, 'images' | 'others'>): Promise<LabelFiles> {
  if (others.length === 0) return { files: [], problems: [] };
  const { root, folders } = recogniseLayout(countByFolder(images));
  const splits = new Set(folders.flatMap(({ path, role }) => (role === 'ignore' ? [] : [path])));
  const near = others
    .filter(({ path }) => isNear(folderOf(path), root) || splits.has(folderOf(path)))
    .sort((a, b) => depthOf(a.path) - depthOf(b.path) || compareCodeUnits(a.path, b.path));
  const named = ['json', 'csv', 'tsv', 'txt'].flatMap((ending) =>
    near.filter(({ path }) => kindByName(nameOf(path)) === 'ground-truth' && extensionOf(path) === ending),
  );
  const files = named.slice(0, 1);
  const problems: Problem[] = [];
  const tables = near.filter(
    (file) =>
      !named.includes(file) && TABLE_ENDINGS.includes(extensionOf(file.path)) && !NO_LABELS.test(nameOf(file.path)),
  );
  const known = tables.some(({ path }) => extensionOf(path) === 'json')
    ? knownNames(images.map(({ path }) => path))
    : null;
  for (const file of tables.slice(0, MOST_TABLES)) {
    const header = await headerOf(file);
    if (header === null) continue;
    if (extensionOf(file.path) === 'json') {
      if (known && looksLikeGroundTruthJson(header, known)) files.push(file);
    } else if (looksLikeGroundTruthCsv(header)) files.push(file);
    else if (extensionOf(file.path) !== 'txt') problems.push(noLabels(file.path, columnsOf(header)));
  }
  return { files, problems };
}

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

/**
 * Labels from all of some files by `read` (which may be a worker's). A file that is refused becomes a problem, which is
 * stored with the data set; the others count. Throws AppError 'aborted'.
 */
export async function readLabelFiles(
  files: readonly ListedFile[],
  read: (file: Blob, path: string) => Promise<LabelsOfFile>,
): Promise<ReadLabels> {
  const problems: Problem[] = [];
  const found: { path: string; truth: GroundTruth }[] = [];
  for (const { path, open } of files) {
    try {
      const { truth, guessed } = await read(await open(), path);
      found.push({ path, truth });
      if (guessed !== null) problems.push(guessedLetters(path, guessed));
    } catch (error) {
      if (isAborted(error) || !(error instanceof AppError)) throw error;
      problems.push(refusedLabels(path, error));
    }
  }
  if (found.length === 0) return { labels: null, problems };
  const { truth, disagreements } = joinGroundTruths(found.map((one) => one.truth));
  const name = found.map(({ path }) => nameOf(path)).join(', ');
  if (disagreements > 0) problems.push(disagree(name, disagreements));
  return { labels: { name, truth }, problems };
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

export interface LabelsOfFile {
  readonly truth: GroundTruth;
  /** What the file's letters were taken for; null where it says so itself. */
  readonly guessed: string | null;
}

/**
 * The text of a ground truth file. Throws AppError 'ground-truth-refused' where it is too large, which is seen without
 * reading it, or no text; 'files-gone'.
 */
export async function readGroundTruth(file: Blob): Promise<TableText> {
  assertGroundTruthSize(file.size);
  const text = decodeTable(await readBytes(file));
  if (!text) throw groundTruthRefused('it is no text (a spreadsheet has to be saved as CSV)');
  return text;
}

/** Labels from the text of a file of either kind, told by its first letter, then by its name. */
export function groundTruthSteps(text: string, name: string, known: KnownNames | null = null): Steps<GroundTruth> {
  const isTable = extensionOf(name) !== 'json' && !/^\uFEFF?\s*\{/.test(text.slice(0, 256));
  return isTable ? readGroundTruthCsv(text, known) : readGroundTruthJson(text, known);
}

/** Labels from the text of a file of either kind. Throws AppError 'ground-truth-refused'. */
export function parseGroundTruth(text: string, name: string, known: KnownNames | null = null): GroundTruth {
  assertGroundTruthSize(text.length);
  return allSteps(groundTruthSteps(text, name, known));
}

/** Labels of a file in a data set whose images are at `paths`, all at once. Throws AppError 'ground-truth-refused', 'files-gone'. */
export async function readLabelsOf(file: Blob, name: string, paths: readonly string[]): Promise<LabelsOfFile> {
  const { text, guessed } = await readGroundTruth(file);
  return { truth: placeLabels(parseGroundTruth(text, name, knownNames(paths)), name, paths), guessed };
}

function isNear(folder: string, root: string): boolean {
  return folder === '' || folder === root || folderOf(folder) === root;
}

function depthOf(path: string): number {
  return path.split('/').length;
}

async function headerOf(file: ListedFile): Promise<string | null> {
  try {
    const blob = await file.open();
    const head = new Uint8Array(await blob.slice(0, HEADER_BYTES).arrayBuffer());
    return decodeTable(head, blob.size <= HEADER_BYTES)?.text ?? null;
  } catch {
    // An unreadable table is no ground truth; the listing shows it among the files that are not images.
    return null;
  }
}

function noLabels(path: string, columns: readonly string[]): Problem {
  const named = columns.slice(0, 6).join(', ');
  return {
    kind: 'not-an-image',
    severity: 'skipped',
    path,
    reason: `“${nameOf(path)}” is a table, but its columns (${named.slice(0, 200)}) do not tell the classes of images: it would need ${WANTED_COLUMNS}.`,
    action: 'not used',
  };
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
