import type { Problem } from '../types.ts';
import { extensionOf, folderOf, isSystemPath, kindByName, nameOf } from './file-kinds.ts';

/** A listing's files by what they can be, whatever the roles of their folders. */
export interface Sifted<File> {
  /** Files that may be images: decoding decides. */
  readonly images: File[];
  /** The other files, but for what systems leave behind: labels may be among them. */
  readonly others: File[];
  /** Folders below which there is no such file; system folders left out. */
  readonly emptyFolders: string[];
}

/** Looks at every name once: with 20,000 files, each further look would be felt. */
export function sift<File extends { readonly path: string }>(
  files: readonly File[],
  directories: readonly string[],
): Sifted<File> {
  const images: File[] = [];
  const others: File[] = [];
  const folders = new Set(directories);
  const withImages = new Set<string>();
  const systemFolders = new Map<string, boolean>();
  for (const file of files) {
    const folder = folderOf(file.path);
    let isSystem = systemFolders.get(folder);
    if (isSystem === undefined) {
      isSystem = isSystemPath(folder);
      systemFolders.set(folder, isSystem);
    }
    const kind = isSystem ? 'system' : kindByName(nameOf(file.path));
    if (kind === 'system') continue;
    if (kind === 'image') {
      images.push(file);
      addAncestors(file.path, withImages);
    } else {
      others.push(file);
      addAncestors(file.path, folders);
    }
  }
  const emptyFolders = [...folders].filter((folder) => !withImages.has(folder) && !isSystemPath(folder));
  return { images, others, emptyFolders };
}

function addAncestors(path: string, folders: Set<string>): void {
  for (let folder = folderOf(path); folder !== '' && !folders.has(folder); folder = folderOf(folder)) {
    folders.add(folder);
  }
}

/**
 * A problem for each file that is no image. `groundTruth` is the path of the file that labels are taken from: it is no
 * problem, whatever its name; nor are others that are named as such files are.
 */
export function notImages(others: readonly { readonly path: string }[], groundTruth: string | null): Problem[] {
  return others
    .filter(({ path }) => path !== groundTruth && kindByName(nameOf(path)) !== 'ground-truth')
    .map(({ path }) => notAnImage(path));
}

function notAnImage(path: string): Problem {
  const extension = extensionOf(path);
  const reason =
    extension === 'zip'
      ? `“${nameOf(path)}” is an archive inside the folder; drop it by itself to use what it holds.`
      : `“${nameOf(path)}” is not an image (.${extension}).`;
  return { kind: 'not-an-image', severity: 'skipped', path, reason, action: 'skipped' };
}
