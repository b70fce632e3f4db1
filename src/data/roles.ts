import type { Role, RoleFolder, Split } from '../types.ts';
import { folderOf, nameOf } from './file-kinds.ts';
import { compareCodeUnits } from './order.ts';

/** What the folders' names say about their roles. */
export interface Layout {
  /** The folder that holds the roles (or, without any, the classes): wrapping folders are left behind. '' is the top. */
  readonly root: string;
  /** Whether any folder has a role by its name. If none has, everything is gallery and the top folders are classes. */
  readonly named: boolean;
  /** Sorted by path. */
  readonly folders: RoleFolder[];
}

/** Lower case. The role of a folder at the root, or (but for training) below `test`. */
const ROLE_NAMES = new Map<string, Split>([
  ['train', 'training'],
  ['training', 'training'],
  ['query', 'query'],
  ['queries', 'query'],
  ['gallery', 'gallery'],
  ['galleries', 'gallery'],
]);

/** Beyond this, sub-folders of a folder without roles are surely classes, and a list of them helps nobody. */
const MAX_CLASS_FOLDERS = 100;

/** Number of images directly in each folder. Far fewer than files, so that layouts are cheap. */
export type FolderCounts = ReadonlyMap<string, number>;

export function countByFolder(files: Iterable<{ readonly path: string }>): FolderCounts {
  const counts = new Map<string, number>();
  for (const { path } of files) {
    const folder = folderOf(path);
    counts.set(folder, (counts.get(folder) ?? 0) + 1);
  }
  return counts;
}

/** Recognises roles by the names of the folders that files lie in which may be images. */
export function recogniseLayout(counts: FolderCounts): Layout {
  const wrappings: { root: string; census: Census }[] = [];
  let root = '';
  for (;;) {
    const census = takeCensus(counts, root);
    const folders = namedFolders(counts, root, census);
    if (folders) return { root, named: true, folders };
    wrappings.push({ root, census });
    const [only, ...others] = census.folders.keys();
    if (only === undefined || others.length > 0 || census.loose > 0) break;
    root = only;
  }
  // Where the way down forks, the classes begin. If it never does, what was dropped holds the one class.
  const last = wrappings.at(-1);
  const chosen = last && last.census.folders.size > 1 ? last : (wrappings[1] ?? wrappings[0]);
  return chosen ? withoutRoles(counts, chosen.root, chosen.census) : { root: '', named: false, folders: [] };
}

/** The folder directly below `ancestor` on the way to `folder`; null for `ancestor` itself. `folder` must be at or below it. */
export function firstFolder(folder: string, ancestor: string): string | null {
  if (folder === ancestor) return null;
  const end = folder.indexOf('/', ancestor === '' ? 0 : ancestor.length + 1);
  return end < 0 ? folder : folder.slice(0, end);
}

/** Whether `folder` is `ancestor` or below it; everything is below ''. */
export function isWithin(folder: string, ancestor: string): boolean {
  return ancestor === '' || folder === ancestor || folder.startsWith(`${ancestor}/`);
}

/** How many images lie in and below a folder's sub-folders (by path), and how many directly in it. */
interface Census {
  readonly folders: FolderCounts;
  readonly loose: number;
}

function takeCensus(counts: FolderCounts, folder: string): Census {
  const folders = new Map<string, number>();
  for (const [inside, images] of counts) {
    if (!isWithin(inside, folder)) continue;
    const first = firstFolder(inside, folder);
    if (first !== null) folders.set(first, (folders.get(first) ?? 0) + images);
  }
  return { folders, loose: counts.get(folder) ?? 0 };
}

function namedFolders(counts: FolderCounts, root: string, census: Census): RoleFolder[] | null {
  const rows: RoleFolder[] = [];
  const add = (path: string, role: Role, images: number) => rows.push({ path, role, images });
  for (const [path, images] of census.folders) {
    const inside = nameOf(path).toLowerCase() === 'test' ? takeCensus(counts, path) : null;
    if (inside && [...inside.folders.keys()].some(testRole)) {
      for (const [below, count] of inside.folders) add(below, testRole(below) ?? 'ignore', count);
      if (inside.loose > 0) add(path, 'ignore', inside.loose);
    } else {
      add(path, ROLE_NAMES.get(nameOf(path).toLowerCase()) ?? 'ignore', images);
    }
  }
  if (census.loose > 0) add(root, 'ignore', census.loose);
  const roles = rows.filter((row) => row.role !== 'ignore');
  if (roles.length === 0 || isClassNamedTrain(counts, rows, roles)) return null;
  return sorted(rows);
}

/** "car, bus, train": a folder among others that has a role's name, but no classes inside, is a class itself. */
function isClassNamedTrain(counts: FolderCounts, rows: readonly RoleFolder[], roles: readonly RoleFolder[]): boolean {
  return (
    rows.length > roles.length &&
    roles.every(({ role, path }) => role === 'training' && takeCensus(counts, path).folders.size === 0)
  );
}

function testRole(folder: string): Split | null {
  const role = ROLE_NAMES.get(nameOf(folder).toLowerCase()) ?? null;
  return role === 'training' ? null : role;
}

/** Everything is gallery: the root as a whole, and each of its folders by itself. */
function withoutRoles(counts: FolderCounts, root: string, census: Census): Layout {
  let images = 0;
  for (const count of counts.values()) images += count;
  const folders: RoleFolder[] = [{ path: root, role: 'gallery', images }];
  if (census.folders.size <= MAX_CLASS_FOLDERS) {
    for (const [path, count] of census.folders) folders.push({ path, role: 'gallery', images: count });
  }
  return { root, named: false, folders: sorted(folders) };
}

function sorted(folders: RoleFolder[]): RoleFolder[] {
  return folders.sort((a, b) => compareCodeUnits(a.path, b.path));
}
