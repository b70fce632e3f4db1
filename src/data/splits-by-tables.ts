import { shortened } from '../errors.ts';
import type { Problem } from '../types.ts';
import { nameOf } from './file-kinds.ts';
import type { GroundTruth, Labels } from './ground-truth.ts';
import { splitInName, splitNameOf } from './split-names.ts';

/** A file of labels and what it says. */
interface ReadTable {
  readonly path: string;
  readonly truth: GroundTruth;
}

/**
 * "train.txt" and "test.txt" beside one folder of images: the files say the splits, where no folder and no column does. What
 * tables of tests and validation list stays what it is without them, the gallery.
 */
export function splitsByTables(
  tables: readonly ReadTable[],
  paths: readonly string[],
): { readonly tables: readonly ReadTable[]; readonly problem: Problem | null } {
  const unchanged = { tables, problem: null };
  const splits = tables.map(({ path }) => splitInName(nameOf(path).replace(/\.[^.]*$/, '')));
  const areWithout = tables.every(({ truth }) => speaksOfAnySplit(truth));
  if (!splits.includes('training') || new Set(splits).size < 2 || splits.includes(null) || !areWithout)
    return unchanged;
  if (foldersOf(paths).some((folder) => splitNameOf(folder) !== null)) return unchanged;
  const moved = tables.map((table, at): ReadTable => {
    const split = splits[at];
    if (split !== 'training' && split !== 'query' && split !== 'gallery') return table;
    // `any` is the key for labels of no particular split (ground-truth.ts), not the type.
    const { any } = table.truth.labels;
    return {
      ...table,
      truth: {
        ...table.truth,
        labels: { ...table.truth.labels, any: EMPTY, [split]: any },
        elsewhere: { ...table.truth.elsewhere, any: NONE, [split]: table.truth.elsewhere.any },
      },
    };
  });
  return {
    tables: moved,
    problem: said(
      tables.map(({ path }, at) => `“${shortened(nameOf(path))}” ${AS[splits[at] ?? 'test']}`),
      tables[0]?.path ?? '',
    ),
  };
}

const EMPTY: Labels = { files: [], codes: new Int32Array() };
const NONE = { count: 0, example: null };
const AS = {
  training: 'lists the training images',
  query: 'lists the queries',
  gallery: 'lists the gallery',
  test: 'lists images of the gallery',
  validation: 'lists images of the gallery',
} as const;

function speaksOfAnySplit({ labels }: GroundTruth): boolean {
  return labels.training.files.length + labels.query.files.length + labels.gallery.files.length === 0;
}

function foldersOf(paths: readonly string[]): string[] {
  return [...new Set(paths.flatMap((path) => path.split('/').slice(0, -1)))];
}

function said(parts: readonly string[], path: string): Problem {
  return {
    kind: 'ground-truth',
    severity: 'warning',
    path,
    reason: `No folder is named as a split, and the tables are: ${parts.join(', ')}.`,
    action: 'used as they say; other images are the gallery',
  };
}
