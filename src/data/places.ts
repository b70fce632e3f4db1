import type { Role, RoleFolder, Split } from '../types.ts';
import { folderOf } from './file-kinds.ts';
import { isBelow, type Layout, topFolder } from './roles.ts';

/** What the folder that a file lies in makes of it. */
export interface Place {
  readonly role: Role;
  /** The folder that gave the role. */
  readonly splitFolder: string;
  /** Whether a person gave the role. */
  readonly byHand: boolean;
  /** The folder whose name is the class; null where there is no class. */
  readonly classFolder: string | null;
}

export interface Places {
  of(path: string): Place;
  /** The folder that file names of a split are relative to. */
  baseOf(split: Split, splitFolder: string): string;
  isSplitFolder(folder: string): boolean;
  /** The layout's folders with their roles in force. */
  readonly folders: RoleFolder[];
}

/** Works out roles and classes folder by folder, so that each folder is looked at once, not each file. */
export function createPlaces(
  layout: Layout,
  files: readonly { readonly path: string }[],
  byHand: ReadonlyMap<string, Role>,
): Places {
  const { root, named } = layout;
  const given = new Map<string, Role>(
    named ? layout.folders.map(({ path, role }) => [path, role]) : [[root, 'gallery']],
  );
  for (const [folder, role] of byHand) given.set(folder, role);
  const splitInside =
    !named && [...byHand].some(([folder, role]) => folder !== root && (role === 'training' || role === 'query'));
  const nested = named ? new Set<string>() : foldersWithFolders(files, root);

  const splitFolderOf = (folder: string): string => {
    let candidate = folder;
    while (candidate !== '' && !given.has(candidate)) candidate = folderOf(candidate);
    return candidate;
  };
  const roleOf = (splitFolder: string): Role => given.get(splitFolder) ?? 'ignore';

  const classFolderOf = (path: string, splitFolder: string): string | null => {
    const top = named ? null : topFolder(path, root);
    const isClass = top !== null && (splitFolder === root || (splitFolder === top && roleOf(top) !== 'query'));
    // In a set without roles a top folder is a class, until someone makes splits of such folders.
    if (isClass) return splitInside && nested.has(top) ? topFolder(path, top) : top;
    return topFolder(path, splitFolder);
  };

  const places = new Map<string, Place>();
  const of = (path: string): Place => {
    const folder = folderOf(path);
    let place = places.get(folder);
    if (!place) {
      const splitFolder = splitFolderOf(folder);
      place = {
        role: roleOf(splitFolder),
        splitFolder,
        byHand: byHand.has(splitFolder),
        classFolder: classFolderOf(path, splitFolder),
      };
      places.set(folder, place);
    }
    return place;
  };

  const splitFolders = new Map<Role, Set<string>>();
  for (const { path } of files) {
    const { role, splitFolder } = of(path);
    splitFolders.set(role, (splitFolders.get(role) ?? new Set()).add(splitFolder));
  }
  return {
    of,
    baseOf: (split, splitFolder) => ((splitFolders.get(split)?.size ?? 0) > 1 ? root : splitFolder),
    isSplitFolder: (folder) => given.has(folder),
    folders: layout.folders.map((row) => ({ ...row, role: roleOf(splitFolderOf(row.path)) })),
  };
}

/** The root's folders that have folders with images themselves. */
function foldersWithFolders(files: readonly { readonly path: string }[], root: string): Set<string> {
  const nested = new Set<string>();
  for (const { path } of files) {
    if (!isBelow(path, root)) continue;
    const top = topFolder(path, root);
    if (top !== null && path.indexOf('/', top.length + 1) >= 0) nested.add(top);
  }
  return nested;
}
