import { nameKey } from '../names.ts';
import type { ImageRecord } from '../types.ts';
import { type Choices, choose } from './choices.ts';
import { folderOf, joinPath, nameOf } from './file-kinds.ts';
import { type GroundTruth, LABELLED_SPLITS, type Labels, partsOf } from './ground-truth.ts';
import { matchFiles } from './match-labels.ts';
import { firstFolder, isWithin } from './roles.ts';
import { splitInName, splitNameOf } from './split-names.ts';

/**
 * The labels of a table with its files named by their whole paths, as far as they are of the images that the table lies beside:
 * in its folder ("train/metadata.csv"), or in the folders of the split that it is named after ("train.csv" beside "train").
 * Other splits may have files of the same names. `paths` are those of all images; the truth is not changed.
 */
export function placeLabels(truth: GroundTruth, table: string, paths: readonly string[]): GroundTruth {
  const folder = folderWithImages(folderOf(table), paths);
  const isBeside = besides(nameOf(table), folder, paths);
  if (isBeside === null) return truth;
  const [own, others] = [true, false].map((beside) =>
    paths
      .filter((path) => isBeside(path) === beside)
      .map((path) => ({ path, file: path.slice(folder === '' ? 0 : folder.length + 1) })),
  );
  if (!own || !others || own.length === 0 || others.length === 0) return truth;
  const place = ({ files, codes }: Labels): Labels => {
    const found = matchFiles(files, { images: own, root: folder, relative: false });
    const pathOf = new Map(
      found.flatMap(({ at, image }) =>
        image !== null && image !== 'several' ? [[at, nameKey(image.path)] as const] : [],
      ),
    );
    if (pathOf.size === 0) return { files, codes };
    // Where names are used again elsewhere, one that is missing here is not another split's.
    const elsewhere = matchFiles(files, { images: others, root: folder, relative: false });
    const areUsedAgain = elsewhere.some(({ at, image }) => image !== null && pathOf.has(at));
    const taken = new Set(files);
    const placed = files.map((file, at) => {
      const path = pathOf.get(at) ?? (areUsedAgain ? joinPath(folder, file) : file);
      // No two labels are of one name: a file that is named in two ways keeps the second one as it is.
      if (taken.has(path)) return file;
      taken.add(path);
      return path;
    });
    return { files: placed, codes };
  };
  const { training, query, gallery, any } = truth.labels;
  const labels = { training: place(training), query: place(query), gallery: place(gallery), any: place(any) };
  const placed = (files: readonly string[]) => place({ files, codes: new Int32Array(files.length) }).files;
  return {
    ...truth,
    labels,
    ...(truth.several ? { several: placed(truth.several) } : {}),
    ...partsOf((split) => placed(truth.parts?.[split] ?? [])),
  };
}

/** The folder itself, or the next one above it that holds images: "annotations" holds none. */
function folderWithImages(folder: string, paths: readonly string[]): string {
  let found = folder;
  while (found !== '' && !paths.some((path) => isWithin(path, found))) found = folderOf(found);
  return found;
}

/** Which paths a table lies beside; null where that tells nothing. */
function besides(table: string, folder: string, paths: readonly string[]): ((path: string) => boolean) | null {
  const split = splitInName(table.replace(/\.[^.]*$/, ''));
  if (split !== null) {
    const folders = new Set<string>();
    for (const path of paths) {
      const first = isWithin(path, folder) ? firstFolder(folderOf(path), folder) : null;
      if (first !== null && splitNameOf(nameOf(first)) === split) folders.add(first);
    }
    if (folders.size > 0) return (path) => [...folders].some((one) => isWithin(path, one));
  }
  return folder === '' ? null : (path) => isWithin(path, folder);
}

/**
 * The choices with those that a table brings along: images that were excluded, or of no class, when this app wrote it. They
 * become the user's own, to be taken back like any other.
 */
export function withTableDecisions(
  choices: Choices,
  truth: GroundTruth | null,
  images: readonly ImageRecord[],
  root: string,
): Choices {
  const decided = truth?.decided ?? [];
  if (decided.length === 0) return choices;
  const excluded: string[] = [];
  const withoutClass: string[] = [];
  for (const split of LABELLED_SPLITS) {
    const those = decided.filter((one) => one.split === split);
    const ofSplit = images.filter((image) => image.split === split);
    const isAny = ofSplit.length === 0;
    const scope = { images: isAny ? images : ofSplit, root, relative: !isAny };
    const files = those.map(({ file }) => file);
    for (const { at, image } of matchFiles(files, scope)) {
      if (image === null || image === 'several') continue;
      if (those[at]?.as === 'excluded') excluded.push(image.path);
      else withoutClass.push(image.path);
    }
  }
  const left = choose(choices, { kind: 'exclude', paths: excluded });
  return choose(left, { kind: 'class', paths: withoutClass, className: null });
}
