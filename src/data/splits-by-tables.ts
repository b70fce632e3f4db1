import { shortened } from '../errors.ts';
import { numeral } from '../numerals.ts';
import type { Problem } from '../types.ts';
import { folderOf, joinPath, nameOf } from './file-kinds.ts';
import { type GroundTruth, type Labels, PARTS, partsOf } from './ground-truth.ts';
import { type SplitName, splitInName, splitNameOf } from './split-names.ts';

/** A file of labels and what it says. */
interface ReadTable {
  readonly path: string;
  readonly truth: GroundTruth;
}

/** Share of the images of a table without a split that others give one: a list of all classes beside lists of splits. */
const COVERED = 0.9;

/**
 * "train.txt" and "test.txt" beside one folder of images: the files say the splits, where no folder and no column does. What
 * tables of tests and validation list is searched, until a user decides otherwise. Of several folds ("train1.txt",
 * "train2.txt") the first counts.
 */
export function splitsByTables(
  tables: readonly ReadTable[],
  paths: readonly string[],
): { readonly tables: readonly ReadTable[]; readonly problem: Problem | null } {
  const { kept, folds } = firstFold(tables);
  const splits = kept.map(({ path }) => splitInName(stemOf(path)));
  const named = kept.filter((_, at) => splits[at] !== null);
  const areWithout = kept.every(({ truth }) => speaksOfAnySplit(truth));
  const isDivided = splits.includes('training') && new Set(splits.filter((split) => split !== null)).size > 1;
  const isInFolders = foldersOf(paths).some((folder) => splitNameOf(folder) !== null);
  if (!isDivided || !areWithout || isInFolders || !areCovered(kept, named)) return { tables, problem: null };
  return {
    tables: kept.map((table, at) => ({ ...table, truth: inSplit(table.truth, splits[at] ?? null) })),
    problem: said(
      named.map(({ path }) => `“${shortened(nameOf(path))}” ${AS[splitInName(stemOf(path)) ?? 'test']}`),
      folds,
      tables[0]?.path ?? '',
    ),
  };
}

function inSplit(truth: GroundTruth, split: SplitName | null): GroundTruth {
  // `any` is the key for labels of no particular split (ground-truth.ts), not the type.
  const { any: undecided } = truth.labels;
  if (split === null) return truth;
  if (split === 'test' || split === 'validation') {
    return {
      ...truth,
      ...partsOf((part) => [...(truth.parts?.[part] ?? []), ...(part === split ? undecided.files : [])]),
    };
  }
  return {
    ...truth,
    labels: { ...truth.labels, any: EMPTY, [split]: undecided },
    elsewhere: { ...truth.elsewhere, any: NONE, [split]: truth.elsewhere.any },
  };
}

/** The tables without those that differ from another in a higher number at the end of their names. */
function firstFold(tables: readonly ReadTable[]): { kept: readonly ReadTable[]; folds: readonly ReadTable[] } {
  const first = new Map<string, number>();
  const foldOf = ({ path }: ReadTable) => {
    const [, base = '', number] = /^(.*?)[-_ ]?(\d+)$/.exec(stemOf(path)) ?? [];
    return number === undefined || splitInName(base) === null
      ? null
      : { base: joinPath(folderOf(path), base), number: Number(number) };
  };
  for (const table of tables) {
    const fold = foldOf(table);
    if (fold) first.set(fold.base, Math.min(fold.number, first.get(fold.base) ?? fold.number));
  }
  const isFirst = (table: ReadTable) => {
    const fold = foldOf(table);
    return fold === null || fold.number === first.get(fold.base);
  };
  return { kept: tables.filter(isFirst), folds: tables.filter((table) => !isFirst(table)) };
}

function areCovered(tables: readonly ReadTable[], named: readonly ReadTable[]): boolean {
  if (tables.length === named.length) return true;
  const listed = new Set(named.flatMap(({ truth }) => filesOf(truth)));
  return tables
    .filter((table) => !named.includes(table))
    .every(({ truth }) => {
      const files = filesOf(truth);
      return files.filter((file) => listed.has(file)).length >= COVERED * files.length;
    });
}

function filesOf({ labels, parts = {} }: GroundTruth): string[] {
  return [...labels.any.files, ...PARTS.flatMap((part) => parts[part] ?? [])];
}

const stemOf = (path: string) => nameOf(path).replace(/\.[^.]*$/, '');
const EMPTY: Labels = { files: [], codes: new Int32Array() };
const NONE = { count: 0, example: null };
const AS = {
  training: 'lists the training images',
  query: 'lists the queries',
  gallery: 'lists the gallery',
  test: 'lists those of a test',
  validation: 'lists those of validation',
} as const;

function speaksOfAnySplit({ labels }: GroundTruth): boolean {
  return labels.training.files.length + labels.query.files.length + labels.gallery.files.length === 0;
}

function foldersOf(paths: readonly string[]): string[] {
  return [...new Set(paths.flatMap((path) => path.split('/').slice(0, -1)))];
}

function said(parts: readonly string[], folds: readonly ReadTable[], path: string): Problem {
  const [one] = folds;
  const others = one
    ? ` ${folds.length === 1 ? 'Another table divides' : `${numeral(folds.length)} other tables divide`} the same images otherwise (“${shortened(nameOf(one.path))}”): the first division counts.`
    : '';
  return {
    kind: 'ground-truth',
    severity: 'warning',
    path,
    reason: `No folder is named as a split, and the tables are: ${parts.join(', ')}.${others}`,
    action: 'used as they say; all that is not training is the gallery, unless you decide otherwise',
  };
}
