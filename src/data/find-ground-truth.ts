import { shortened } from '../errors.ts';
import type { Problem } from '../types.ts';
import { isCalledClassNames, MOST_CLASS_NAMES_BYTES, readClassNames } from './class-names.ts';
import { extensionOf, folderOf, kindByName, nameOf } from './file-kinds.ts';
import { columnsOf, guessedColumns, looksLikeGroundTruthCsv, repeatedColumns } from './ground-truth-csv.ts';
import { type KnownNames, knownNames } from './known-names.ts';
import { HEADER_BYTES, labelFormOf } from './label-forms.ts';
import { lookAtRecords } from './label-json.ts';
import { findListForm, sampleRows } from './label-list.ts';
import { findLinkedLists, type LinkedKind } from './linked-lists.ts';
import type { ListedFile } from './listing.ts';
import { compareCodeUnits } from './order.ts';
import { countByFolder, isWithin, recogniseLayout } from './roles.ts';
import type { Sifted } from './sift.ts';
import { WANTED_COLUMNS } from './table-columns.ts';
import { decodeTable } from './table-text.ts';

/** Tables that are looked into, and that labels are taken from: beyond this they are the data, not about it. */
const MOST_TABLES = 20;

const TABLE_ENDINGS: readonly string[] = ['csv', 'tsv', 'txt', 'lst', 'list', 'json', 'jsonl', 'ndjson'];
/** Any text may have such an ending: of one that is no table there is nothing to say. */
const TEXT_ENDINGS: readonly string[] = ['txt', 'lst', 'list'];
/** Competitions show in such files what an answer looks like: every image with the same class. */
const NO_LABELS = /sample|submission|example|template/i;

/** A file of labels; with the lists that are joined with it by its numbers. */
export interface LabelFile extends ListedFile {
  readonly linked?: Readonly<Partial<Record<LinkedKind, ListedFile>>>;
}

/** Where a data set's labels are. */
export interface LabelFiles {
  /** The first counts where they disagree. */
  readonly files: readonly LabelFile[];
  /** Files that may name the classes which others give numbers. */
  readonly classNames: readonly ListedFile[];
  /** Tables beside them that say nothing of classes, each with the reason. */
  readonly problems: readonly Problem[];
  /** All files that were used, which are not reported as files that do not belong here. */
  readonly taken: readonly string[];
}

/**
 * The files among those that are no images (`sift`) that labels are taken from: `ground_truth.json` or `.csv`, and what else
 * is of a form that is known (label-forms.ts), or lists that are joined (linked-lists.ts); at the top, at the data set's root
 * or above it, in a folder directly below one of these or in a split's folder.
 */
export async function findLabelFiles({
  images,
  others,
}: Pick<Sifted<ListedFile>, 'images' | 'others'>): Promise<LabelFiles> {
  if (others.length === 0) return { files: [], classNames: [], problems: [], taken: [] };
  const { root, folders } = recogniseLayout(countByFolder(images));
  const splits = new Set(folders.flatMap(({ path, role }) => (role === 'ignore' ? [] : [path])));
  const near = others
    .filter(({ path }) => isNear(folderOf(path), root) || splits.has(folderOf(path)))
    .sort((a, b) => depthOf(a.path) - depthOf(b.path) || compareCodeUnits(a.path, b.path));
  const named = ['json', 'csv', 'tsv', 'txt'].flatMap((ending) =>
    near.filter(({ path }) => kindByName(nameOf(path)) === 'ground-truth' && extensionOf(path) === ending),
  );
  const tables = near.filter(
    (file) =>
      !named.includes(file) && TABLE_ENDINGS.includes(extensionOf(file.path)) && !NO_LABELS.test(nameOf(file.path)),
  );
  const known = whenAsked(() => knownNames(images.map(({ path }) => path)));
  const looked: Looked[] = [];
  for (const file of tables.slice(0, MOST_TABLES)) {
    const text = await headerOf(file);
    if (text !== null) looked.push({ file, path: file.path, text });
  }
  const files: LabelFile[] = named.slice(0, 1);
  const linked = linkedFiles(looked, known);
  files.push(...linked.files);
  const problems: Problem[] = [];
  const tell = new Set(
    looked.flatMap(({ path, text }) => (!linked.taken.has(path) && labelFormOf(text, path, known) ? [path] : [])),
  );
  // A file of labels is large, and read by a worker alone.
  const classNames = await classLists(near.filter(({ path }) => !tell.has(path)));
  for (const { file, path, text } of looked) {
    if (linked.taken.has(path)) continue;
    if (tell.has(path)) files.push(file);
    else if (!classNames.includes(file)) problems.push(...notUnderstood(path, text, known));
    problems.push(...unusedColumns(path, text, known));
  }
  const taken = [...linked.taken, ...[...files, ...classNames, ...problems].map(({ path }) => path)];
  return { files, classNames, problems, taken };
}

/** Files that hold names of classes; what is only called so is a table like others, or no file of ours. */
async function classLists(files: readonly ListedFile[]): Promise<ListedFile[]> {
  const called = files.filter(({ path }) => isCalledClassNames(path)).slice(0, MOST_TABLES);
  const read = called.map(async (file) => {
    const blob = await file.open().catch(() => null);
    if (blob === null || blob.size > MOST_CLASS_NAMES_BYTES) return [];
    const bytes = await blob.arrayBuffer().catch(() => null);
    return bytes && readClassNames(new Uint8Array(bytes), file.path) ? [file] : [];
  });
  return (await Promise.all(read)).flat();
}

interface Looked {
  readonly file: ListedFile;
  readonly path: string;
  readonly text: string;
}

/** Made when a table comes that has to be compared: most folders have none. */
function whenAsked(make: () => KnownNames): KnownNames {
  let made: KnownNames | null = null;
  const known = () => {
    made ??= make();
    return made;
  };
  return { has: (file) => known().has(file), fits: (file) => known().fits(file) };
}

function linkedFiles(looked: readonly Looked[], known: KnownNames): { files: LabelFile[]; taken: Set<string> } {
  const files: LabelFile[] = [];
  const taken = new Set<string>();
  const folders = new Set(looked.map(({ path }) => folderOf(path)));
  for (const folder of folders) {
    const lists = looked.filter(({ path }) => folderOf(path) === folder && TEXT_ENDINGS.includes(extensionOf(path)));
    const found = lists.length > 1 ? findLinkedLists(lists, known) : null;
    if (!found) continue;
    const { images, classes, splits } = found;
    files.push({ ...images, linked: { ...(classes ? { classes } : {}), ...(splits ? { splits } : {}) } });
    for (const file of [images, classes, splits]) if (file) taken.add(file.path);
  }
  return { files, taken };
}

/** What a table is that gives no labels; nothing of a text that is no table. */
function notUnderstood(path: string, text: string, known: KnownNames): Problem[] {
  const ending = extensionOf(path);
  const records = lookAtRecords(text, known);
  if (records) return [noLabels(path, records.keys)];
  if (['json', 'jsonl', 'ndjson'].includes(ending)) return [];
  const list = findListForm(text, nameOf(path), known);
  if (list && 'unclear' in list) return [unclearList(path, list.unclear)];
  if (!TEXT_ENDINGS.includes(ending)) return [noLabels(path, columnsOf(text))];
  return listsClassesAlone(text, nameOf(path)) ? [unclearList(path, ALONE)] : [];
}

const ALONE = 'seems to list classes alone, one a line, and does not say of which image each is';
const FEW_LINES = 4;

/** A class a line, in the order of the images: nothing says that it is the order here. */
function listsClassesAlone(text: string, name: string): boolean {
  if (!/label|truth|class|synset|annotation/i.test(name)) return false;
  const rows = sampleRows(text, 'whole-line').map(([line = '']) => line.trim());
  return rows.length >= FEW_LINES && rows.every((row) => !/\s/.test(row)) && 2 * new Set(rows).size <= rows.length;
}

/** At the root or above it, or in a folder beside what lies there ("annotations" beside "images"). */
function isNear(folder: string, root: string): boolean {
  return isWithin(root, folder) || isWithin(root, folderOf(folder));
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

function unclearList(path: string, why: string): Problem {
  return {
    kind: 'ground-truth',
    severity: 'warning',
    path,
    reason: `“${nameOf(path)}” ${why}.`,
    action: 'not used; a first line with the names of the columns (file, class) says which is which',
  };
}

/** Says which column of a list without a header was taken for the class, where another may be meant. */
function unusedColumns(path: string, text: string, known: KnownNames): Problem[] {
  if (!TEXT_ENDINGS.includes(extensionOf(path)) && !['csv', 'tsv'].includes(extensionOf(path))) return [];
  const guessed = guessedColumns(text, known);
  if (guessed) return [guess(path, guessed)];
  const [repeated] = repeatedColumns(text, known);
  if (repeated !== undefined) return [twice(path, repeated)];
  if (looksLikeGroundTruthCsv(text, known)) return [];
  const list = findListForm(text, nameOf(path), known);
  if (!list || 'unclear' in list || list.form.unused === 0 || typeof list.form.class !== 'number') return [];
  const { form } = list;
  return [
    {
      kind: 'ground-truth',
      severity: 'warning',
      path,
      reason: `“${nameOf(path)}” has ${form.width} columns and no first line that names them: column ${form.file + 1} was taken for the images, column ${list.form.class + 1} for the classes.`,
      action: 'used; where that is wrong, give it a first line with the names of the columns (file, class)',
    },
  ];
}

function guess(path: string, { file, label }: { readonly file: string; readonly label: string }): Problem {
  return {
    kind: 'ground-truth',
    severity: 'warning',
    path,
    reason: `“${nameOf(path)}” does not call its columns as is usual: “${shortened(file)}” was taken for the images, “${shortened(label)}” for the classes.`,
    action: 'used; where that is wrong, call the right columns “file” and “class”',
  };
}

function twice(path: string, column: string): Problem {
  return {
    kind: 'ground-truth',
    severity: 'warning',
    path,
    reason: `“${nameOf(path)}” has more than one column “${shortened(column)}”, and they differ: the first of them was read.`,
    action: 'used; where that is wrong, give the others another name',
  };
}
