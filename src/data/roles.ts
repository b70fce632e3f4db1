import type { Role, RoleFolder, Split } from '../types.ts';
import { joinPath } from './file-kinds.ts';
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

/** How many images lie below a folder's sub-folders, and how many directly in it. */
interface Census {
  readonly folders: Map<string, number>;
  readonly loose: number;
}

/** Recognises roles by folder names. `paths` are those of the files that may be images. */
export function recogniseLayout(paths: readonly string[]): Layout {
  const wrappings: { root: string; census: Census }[] = [];
  let root = '';
  for (;;) {
    const census = takeCensus(paths, root);
    const folders = namedFolders(paths, root, census);
    if (folders) return { root, named: true, folders };
    wrappings.push({ root, census });
    const [only, ...others] = census.folders.keys();
    if (only === undefined || others.length > 0 || census.loose > 0) break;
    root = joinPath(root, only);
  }
  // Where the way down forks, the classes begin. If it never does, what was dropped holds the one class.
  const last = wrappings.at(-1);
  const chosen = last && last.census.folders.size > 1 ? last : (wrappings[1] ?? wrappings[0]);
  return chosen ? withoutRoles(paths, chosen.root, chosen.census) : { root: '', named: false, folders: [] };
}

/** The path of the folder directly below `folder` that `path` lies in; null for files directly in `folder`. */
export function topFolder(path: string, folder: string): string | null {
  const end = path.indexOf('/', folder === '' ? 0 : folder.length + 1);
  return end < 0 ? null : path.slice(0, end);
}

/** Whether `path` is below `folder`; everything is below ''. */
export function isBelow(path: string, folder: string): boolean {
  return folder === '' || (path.startsWith(folder) && path[folder.length] === '/');
}

/** Folders are keyed by name, not by path. */
function takeCensus(paths: readonly string[], folder: string): Census {
  const folders = new Map<string, number>();
  const start = folder === '' ? 0 : folder.length + 1;
  let loose = 0;
  for (const path of paths) {
    if (!isBelow(path, folder)) continue;
    const top = topFolder(path, folder);
    if (top === null) loose++;
    else {
      const name = top.slice(start);
      folders.set(name, (folders.get(name) ?? 0) + 1);
    }
  }
  return { folders, loose };
}

function namedFolders(paths: readonly string[], root: string, census: Census): RoleFolder[] | null {
  const rows: RoleFolder[] = [];
  const add = (path: string, role: Role, images: number) => rows.push({ path, role, images });
  for (const [name, images] of census.folders) {
    const path = joinPath(root, name);
    const inside = name.toLowerCase() === 'test' ? takeCensus(paths, path) : null;
    if (inside && [...inside.folders.keys()].some((below) => testRole(below))) {
      for (const [below, count] of inside.folders) add(joinPath(path, below), testRole(below) ?? 'ignore', count);
      if (inside.loose > 0) add(path, 'ignore', inside.loose);
    } else {
      add(path, ROLE_NAMES.get(name.toLowerCase()) ?? 'ignore', images);
    }
  }
  if (census.loose > 0) add(root, 'ignore', census.loose);
  const roles = rows.filter((row) => row.role !== 'ignore');
  if (roles.length === 0 || isClassNamedTrain(paths, rows, roles)) return null;
  return rows.sort((a, b) => compareCodeUnits(a.path, b.path));
}

/** "car, bus, train": a folder among others that has a role's name, but no classes inside, is a class itself. */
function isClassNamedTrain(paths: readonly string[], rows: readonly RoleFolder[], roles: readonly RoleFolder[]) {
  return (
    rows.length > roles.length && roles.every(({ role, path }) => role === 'training' && !hasSubfolders(paths, path))
  );
}

function testRole(name: string): Split | null {
  const role = ROLE_NAMES.get(name.toLowerCase()) ?? null;
  return role === 'training' ? null : role;
}

function hasSubfolders(paths: readonly string[], folder: string): boolean {
  return paths.some((path) => isBelow(path, folder) && topFolder(path, folder) !== null);
}

/** Everything is gallery: the root as a whole, and each of its folders by itself. */
function withoutRoles(paths: readonly string[], root: string, census: Census): Layout {
  const folders: RoleFolder[] = [{ path: root, role: 'gallery', images: paths.length }];
  if (census.folders.size <= MAX_CLASS_FOLDERS) {
    for (const [name, images] of census.folders) folders.push({ path: joinPath(root, name), role: 'gallery', images });
  }
  return { root, named: false, folders: folders.sort((a, b) => compareCodeUnits(a.path, b.path)) };
}
