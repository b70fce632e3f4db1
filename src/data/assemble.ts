import type { ImageRecord, Problem, Role, RoleFolder } from '../types.ts';
import { folderOf, nameOf } from './file-kinds.ts';
import { sortImages } from './order.ts';
import { createPlaces } from './places.ts';
import { aLineForEachFolder } from './problem-groups.ts';
import { countByFolder, type FolderCounts, firstFolder, isWithin, recogniseLayout } from './roles.ts';

export interface AssembleInput {
  readonly datasetId: string;
  /** Files that may be images (`sift`); bytes null where unknown. */
  readonly files: readonly { readonly path: string; readonly bytes: number | null }[];
  /** Folders without such files (`sift`). */
  readonly emptyFolders: readonly string[];
  /** Roles that the user gave by hand, by folder path. They win, the deepest folder first. */
  readonly roles: ReadonlyMap<string, Role>;
}

export interface Assembled {
  /**
   * Sorted as by `sortImages`. Not read yet: no hash, no size in pixels, and 0 bytes where the size is unknown. Training
   * images without a class are among them: file names or a table may give them one.
   */
  readonly images: ImageRecord[];
  readonly folders: RoleFolder[];
  /** Empty class folders. */
  readonly problems: Problem[];
  /** Folders without a role, and with how many images; those that the user left out are not here. */
  readonly unused: ReadonlyMap<string, number>;
  /** The folder that a training image without a class lies in the split of. */
  splitFolderOf(path: string): string;
  /** Folders that are classes. */
  readonly classFolders: ReadonlySet<string>;
  /** The folder that holds the splits (or the classes), and whether folders' names gave the splits. */
  readonly root: string;
  readonly named: boolean;
  /** A name for the data set, from the folders' names. */
  readonly name: string;
}

/**
 * Files → image records by the roles of their folders. The class is the first folder below the split's folder (wrappings left
 * behind); in a set without roles the top folder itself. `file` is relative to the split's folder, or, where several
 * folders make up one split, to the data set's root.
 */
export function assemble({ datasetId, files, emptyFolders, roles }: AssembleInput): Assembled {
  const unused = new Map<string, number>();
  const visible = files.filter(({ path }) => {
    const hidden = hiddenFolder(path);
    if (hidden !== null) unused.set(hidden, (unused.get(hidden) ?? 0) + 1);
    return hidden === null;
  });
  const counts = countByFolder(visible);
  const layout = recogniseLayout(counts);
  const places = createPlaces(layout, counts, roles);
  const images: ImageRecord[] = [];
  const classFolders = new Set<string>();
  const classParents = new Set<string>();
  for (const { path, bytes } of visible) {
    const { role, splitFolder, byHand, classFolder } = places.of(folderOf(path));
    if (role === 'ignore') {
      if (!byHand) unused.set(splitFolder, (unused.get(splitFolder) ?? 0) + 1);
      continue;
    }
    if (classFolder !== null) {
      classFolders.add(classFolder);
      classParents.add(folderOf(classFolder));
    }
    const inside = places.baseOf(role, splitFolder);
    // Beside a wrapping, a file lies in the split's folder itself.
    const base = isWithin(path, inside) ? inside : splitFolder;
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
  const problems = emptyFolders
    .filter((folder) => classParents.has(folderOf(folder)) && !places.isSplitFolder(folder))
    .map(emptyClass);
  return {
    images: sortImages(images),
    folders: places.folders,
    problems: aLineForEachFolder(problems),
    unused,
    splitFolderOf: (path) => places.of(folderOf(path)).splitFolder,
    classFolders,
    root: layout.root,
    named: layout.named,
    name: nameFrom(layout.root, counts),
  };
}

/**
 * The folder that a path lies in which file managers do not show: what is in it is a program's, mostly copies. A user who drops a
 * hidden folder itself has seen it.
 */
function hiddenFolder(path: string): string | null {
  const at = path.indexOf('/.');
  if (at < 0) return null;
  const end = path.indexOf('/', at + 1);
  return end < 0 ? null : path.slice(0, end);
}

function nameFrom(root: string, counts: FolderCounts): string {
  if (root !== '') return nameOf(root);
  const tops = new Set([...counts.keys()].flatMap((folder) => firstFolder(folder, '') ?? []));
  return tops.size > 0 && tops.size <= 3 ? [...tops].join(' + ') : 'Dropped files';
}

function emptyClass(path: string): Problem {
  return {
    kind: 'empty-class',
    severity: 'skipped',
    path,
    reason: `The class folder “${nameOf(path)}” holds no image (links do not count: browsers leave them out).`,
    action: 'left out',
  };
}
