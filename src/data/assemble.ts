import type { ImageRecord, Problem, Role, RoleFolder } from '../types.ts';
import { folderOf, nameOf } from './file-kinds.ts';
import { sortImages } from './order.ts';
import { createPlaces } from './places.ts';
import { countByFolder, type FolderCounts, firstFolder, recogniseLayout } from './roles.ts';

export interface AssembleInput {
  readonly datasetId: string;
  /** Files that may be images (`sift`); bytes null where unknown. */
  readonly files: readonly { readonly path: string; readonly bytes: number | null }[];
  /** Folders without such files (`sift`). */
  readonly emptyFolders: readonly string[];
  /** Roles that the person gave by hand, by folder path. They win, the deepest folder first. */
  readonly roles: ReadonlyMap<string, Role>;
}

export interface Assembled {
  /** Sorted as by `sortImages`. Not read yet: no hash, no size in pixels, and 0 bytes where the size is unknown. */
  readonly images: ImageRecord[];
  readonly folders: RoleFolder[];
  readonly problems: Problem[];
  /** A name for the data set, from the folders' names. */
  readonly name: string;
}

/**
 * Files → image records by the roles of their folders. The class is the first folder below the split's folder; in a set
 * without roles the top folder itself. `file` is relative to the split's folder, or, where several folders make up one
 * split, to the data set's root.
 */
export function assemble({ datasetId, files, emptyFolders, roles }: AssembleInput): Assembled {
  const counts = countByFolder(files);
  const layout = recogniseLayout(counts);
  const places = createPlaces(layout, counts, roles);
  const images: ImageRecord[] = [];
  const problems: Problem[] = [];
  const classParents = new Set<string>();
  for (const { path, bytes } of files) {
    const { role, splitFolder, byHand, classFolder } = places.of(folderOf(path));
    if (role === 'ignore') {
      if (!byHand) problems.push(outsideRoles(path));
      continue;
    }
    if (classFolder !== null) classParents.add(folderOf(classFolder));
    if (role === 'training' && classFolder === null) {
      problems.push(noClass(path, splitFolder));
      continue;
    }
    const base = places.baseOf(role, splitFolder);
    images.push({
      datasetId,
      path,
      split: role,
      file: base === '' ? path : path.slice(base.length + 1),
      className: classFolder === null ? null : nameOf(classFolder),
      bytes: bytes ?? 0,
      hash: null,
      width: null,
      height: null,
    });
  }
  for (const folder of emptyFolders) {
    if (classParents.has(folderOf(folder)) && !places.isSplitFolder(folder)) problems.push(emptyClass(folder));
  }
  return { images: sortImages(images), folders: places.folders, problems, name: nameFrom(layout.root, counts) };
}

function nameFrom(root: string, counts: FolderCounts): string {
  if (root !== '') return nameOf(root);
  const tops = new Set([...counts.keys()].flatMap((folder) => firstFolder(folder, '') ?? []));
  return tops.size > 0 && tops.size <= 3 ? [...tops].join(' + ') : 'Dropped files';
}

function outsideRoles(path: string): Problem {
  return {
    kind: 'outside-roles',
    severity: 'skipped',
    path,
    reason: `“${nameOf(path)}” is in no training, query or gallery folder.`,
    action: 'skipped; give its folder a role to use it',
  };
}

function noClass(path: string, splitFolder: string): Problem {
  return {
    kind: 'no-class',
    severity: 'skipped',
    path,
    reason: `“${nameOf(path)}” lies directly in “${nameOf(splitFolder)}”; a training image's class is the folder it is in.`,
    action: 'skipped',
  };
}

function emptyClass(path: string): Problem {
  return {
    kind: 'empty-class',
    severity: 'skipped',
    path,
    reason: `The class folder “${nameOf(path)}” holds no image.`,
    action: 'left out',
  };
}
