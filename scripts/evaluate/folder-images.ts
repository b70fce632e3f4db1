import { openAsBlob } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { choicesOfTable, deriveImages } from '../../src/data/derive-images.ts';
import { findLabelFiles } from '../../src/data/find-ground-truth.ts';
import type { GroundTruth } from '../../src/data/ground-truth.ts';
import type { ListedFile } from '../../src/data/listing.ts';
import { limitPerSplit } from '../../src/data/order.ts';
import { readLabelFiles, readLabelsOf } from '../../src/data/read-labels.ts';
import { siftListing } from '../../src/data/sift.ts';
import { AppError } from '../../src/errors.ts';
import type { ImageRecord } from '../../src/types.ts';

/** Folders that are listed at once: a network's file system answers many as fast as one. */
const AT_ONCE = 32;

/**
 * The images of a folder by the rules of the screens: what is an image, which split and which class. Paths are relative to the
 * folder. Links are left out, as browsers do. Nothing of an image is read.
 */
export async function folderImages(
  dataDir: string,
  { groundTruth, limit }: { readonly groundTruth: string | null; readonly limit: number | null },
  signal: AbortSignal,
): Promise<ImageRecord[]> {
  const { files, directories } = await listFolder(dataDir, signal);
  const { images, others, emptyFolders } = await siftListing({ files, directories }, { signal });
  const paths = images.map(({ path }) => path);
  const truth = groundTruth ? await ownLabels(groundTruth, paths) : await foundLabels(images, others, paths);
  const found = { datasetId: 'folder', files: images, emptyFolders };
  const derived = deriveImages(found, truth, {
    ...choicesOfTable(found, truth),
    // As on the screens: a table that someone names is meant to be used.
    tableFirst: groundTruth !== null,
  });
  if (derived.images.length === 0) throw new AppError('dataset-unusable', `There are no images in ${dataDir}.`);
  return limit === null ? derived.images : limitPerSplit(derived.images, limit);
}

async function listFolder(root: string, signal: AbortSignal) {
  const files: ListedFile[] = [];
  const directories: string[] = [];
  let level = [''];
  while (level.length > 0) {
    const below: string[] = [];
    for (let at = 0; at < level.length; at += AT_ONCE) {
      signal.throwIfAborted();
      await Promise.all(
        level.slice(at, at + AT_ONCE).map(async (folder) => {
          for (const entry of await readdir(join(root, folder), { withFileTypes: true })) {
            const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
            if (entry.isDirectory()) below.push(path);
            else if (entry.isFile()) files.push({ path, bytes: null, open: () => openAsBlob(join(root, path)) });
          }
        }),
      );
    }
    directories.push(...below);
    level = below;
  }
  return { files, directories };
}

/** Throws AppError 'ground-truth-refused'. */
async function ownLabels(path: string, paths: readonly string[]): Promise<GroundTruth> {
  await stat(path);
  return (await readLabelsOf(await openAsBlob(path), basename(path), paths)).truth;
}

async function foundLabels(
  images: readonly ListedFile[],
  others: readonly ListedFile[],
  paths: readonly string[],
): Promise<GroundTruth | null> {
  const found = await findLabelFiles({ images: [...images], others: [...others] });
  const { labels, problems } = await readLabelFiles(found, paths, (file, name, linked) =>
    readLabelsOf(file, name, paths, linked),
  );
  const refused = problems.find(({ kind }) => kind === 'ground-truth-refused');
  if (refused) throw new AppError('ground-truth-refused', `${refused.path}: ${refused.reason}`);
  return labels?.truth ?? null;
}
