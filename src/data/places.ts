import type { Role, RoleFolder, Split } from '../types.ts';
import { folderOf } from './file-kinds.ts';
import { type FolderCounts, firstFolder, isWithin, type Layout, surelyClasses, unwrapped } from './roles.ts';

/** What a folder makes of the files directly in it. */
export interface Place {
  readonly role: Role;
  /** The folder that gave the role. */
  readonly splitFolder: string;
  /** Whether a user gave the role. */
  readonly byHand: boolean;
  /** The folder whose name is the class; null where there is no class. */
  readonly classFolder: string | null;
}

export interface Places {
  of(folder: string): Place;
  /** The folder that file names of a split are relative to. */
  baseOf(split: Split, splitFolder: string): string;
  isSplitFolder(folder: string): boolean;
  /** The layout's folders with their roles in force. */
  readonly folders: RoleFolder[];
}

/** Works out roles and classes, once for each folder. Roles given by hand win, the deepest folder first. */
export function createPlaces(layout: Layout, counts: FolderCounts, byHand: ReadonlyMap<string, Role>): Places {
  const { root, named } = layout;
  const inForce = named
    ? layout.folders
    : layout.folders.filter(({ path, role }) => path === root || role === 'ignore');
  const given = new Map<string, Role>(inForce.map(({ path, role }) => [path, role]));
  // Of nothing there is no layout.
  if (!named) given.set(root, 'gallery');
  for (const [folder, role] of byHand) given.set(folder, role);
  const splitInside =
    !named && [...byHand].some(([folder, role]) => folder !== root && (role === 'training' || role === 'query'));

  const splitFolderOf = (folder: string): string => {
    let candidate = folder;
    while (candidate !== '' && !given.has(candidate)) candidate = folderOf(candidate);
    return candidate;
  };
  const roleOf = (splitFolder: string): Role => given.get(splitFolder) ?? 'ignore';

  const classes = surelyClasses(
    counts,
    [...given].flatMap(([folder, role]) => (role === 'ignore' ? [] : [folder])),
  );
  const bases = new Map<string, string>();
  /** Without the wrappings inside a split's folder. In a set without roles they are left behind already. */
  const baseOfFolder = (splitFolder: string): string => {
    if (!named && splitFolder === root) return root;
    const known = bases.get(splitFolder) ?? unwrapped(counts, splitFolder, classes);
    bases.set(splitFolder, known);
    return known;
  };

  const nested = new Set<string>();
  for (const folder of counts.keys()) {
    const first = isWithin(folder, root) ? firstFolder(folder, root) : null;
    if (first !== null && first !== folder) nested.add(first);
  }
  const classFolderOf = (folder: string, splitFolder: string): string | null => {
    const first = named || !isWithin(folder, root) ? null : firstFolder(folder, root);
    const isClass = first !== null && (splitFolder === root || (splitFolder === first && roleOf(first) !== 'query'));
    // In a set without roles a top folder is a class, until someone makes splits of such folders.
    if (isClass) return splitInside && nested.has(first) ? firstFolder(folder, first) : first;
    // Splits inside the classes ("cat/train"): the class is around them.
    const around = first !== null && splitFolder !== root && splitFolder !== first ? first : null;
    const base = baseOfFolder(splitFolder);
    return (isWithin(folder, base) ? firstFolder(folder, base) : null) ?? around;
  };

  const places = new Map<string, Place>();
  const splitFolders = new Map<Role, Set<string>>();
  for (const folder of counts.keys()) {
    const splitFolder = splitFolderOf(folder);
    const role = roleOf(splitFolder);
    const classFolder = classFolderOf(folder, splitFolder);
    places.set(folder, { role, splitFolder, byHand: byHand.has(splitFolder), classFolder });
    splitFolders.set(role, (splitFolders.get(role) ?? new Set()).add(splitFolder));
  }
  return {
    of: (folder) => places.get(folder) ?? NOWHERE,
    baseOf: (split, splitFolder) => ((splitFolders.get(split)?.size ?? 0) > 1 ? root : baseOfFolder(splitFolder)),
    isSplitFolder: (folder) => given.has(folder),
    folders: layout.folders.map((row) => ({ ...row, role: roleOf(splitFolderOf(row.path)) })),
  };
}

/** For folders that were not counted, since no image is in them. */
const NOWHERE: Place = { role: 'ignore', splitFolder: '', byHand: false, classFolder: null };
