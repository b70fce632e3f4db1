import { nameKey } from '../names.ts';
import type { Role, RoleFolder, Split } from '../types.ts';
import { folderOf, nameOf } from './file-kinds.ts';
import { compareCodeUnits } from './order.ts';
import { isGalleryBesideQueries, saysNothing, splitNameOf } from './split-names.ts';

/** What the folders' names say about their roles. */
export interface Layout {
  /** The folder that holds the roles (or, without any, the classes): wrapping folders are left behind. '' is the top. */
  readonly root: string;
  /** Whether any folder has a role by its name. If none has, everything is gallery and the top folders are classes. */
  readonly named: boolean;
  /** Sorted by path. */
  readonly folders: RoleFolder[];
}

/** Beyond this, sub-folders of a folder without roles are surely classes, and a list of them does not help. */
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
  const beside: RoleFolder[] = [];
  let root = '';
  for (;;) {
    const census = takeCensus(counts, root);
    const folders = namedFolders(counts, root, census);
    if (folders) return { root, named: true, folders: sorted([...beside, ...folders]) };
    wrappings.push({ root, census });
    const [only, ...others] = census.folders.keys();
    if (only === undefined) break;
    if (others.length > 0 || census.loose > 0) {
      const inside = splitsBeside(counts, root, census);
      if (inside) return inside;
      if (others.length > 0 || !isWrappingBeside(root, only, census)) break;
      // What lies beside a wrapping is none of the classes in it.
      wrappings.length = 0;
      beside.push({ path: root, role: 'ignore', images: census.loose });
    }
    root = only;
  }
  // Where the way down forks, the classes begin. If it never does, what was dropped holds the one class, if its name says one.
  const last = wrappings.at(-1);
  const isFlat = last && last.root !== '' && last.census.folders.size === 0 && saysNothing(nameOf(last.root));
  const isForked = last && last.census.folders.size > 1;
  const chosen = isForked || isFlat ? last : (wrappings[1] ?? wrappings[0]);
  return chosen ? withoutRoles(chosen.root, chosen.census, beside) : { root: '', named: false, folders: [] };
}

/** Whether the lone folder in another is a wrapping though a few images lie beside it: by its name, a cover picture's neighbour. */
function isWrappingBeside(folder: string, inside: string, { folders, loose }: Census): boolean {
  const name = nameOf(inside);
  const isRepeated = folder !== '' && name.toLowerCase() === nameOf(folder).toLowerCase();
  return (isRepeated || saysNothing(name)) && loose < sum(folders.values());
}

/**
 * The splits in one of several folders, where most images are: a preview or a folder of drawings beside the data makes no
 * classes of the folders around them. Null where none, or more than one, holds splits.
 */
function splitsBeside(counts: FolderCounts, root: string, census: Census): Layout | null {
  const below = new Map<string, Map<string, number>>();
  for (const [folder, images] of counts) {
    const first = isWithin(folder, root) ? firstFolder(folder, root) : null;
    if (first === null) continue;
    const some = below.get(first);
    if (some) some.set(folder, images);
    else below.set(first, new Map([[folder, images]]));
  }
  const found = [...below].flatMap(([first, some]) => {
    const layout = recogniseLayout(some);
    return layout.named ? [{ first, layout }] : [];
  });
  const [one, ...more] = found;
  if (!one || more.length > 0) return null;
  const all = census.loose + sum(census.folders.values());
  const inSplits = sum(one.layout.folders.map(({ role, images }) => (role === 'ignore' ? 0 : images)));
  if (2 * inSplits <= all) return null;
  const beside = [...census.folders].filter(([path]) => path !== one.first);
  if (census.loose > 0) beside.push([root, census.loose]);
  const rows = beside.map(([path, images]): RoleFolder => ({ path, role: 'ignore', images }));
  return { ...one.layout, folders: sorted([...one.layout.folders, ...rows]) };
}

function sum(counts: Iterable<number>): number {
  let total = 0;
  for (const count of counts) total += count;
  return total;
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
  const roleOf = rolesBeside(census);
  for (const [path, images] of census.folders) {
    const inside = splitNameOf(nameOf(path)) === 'test' ? takeCensus(counts, path) : null;
    const testRole = inside && rolesBeside(inside);
    if (inside && testRole && [...inside.folders.keys()].some((below) => isTestRole(testRole(below)))) {
      for (const [below, count] of inside.folders) {
        const role = testRole(below);
        add(below, isTestRole(role) ? role : 'ignore', count);
      }
      if (inside.loose > 0) add(path, 'ignore', inside.loose);
    } else {
      add(path, roleOf(path) ?? 'ignore', images);
    }
  }
  if (census.loose > 0) add(root, 'ignore', census.loose);
  const roles = rows.filter((row) => row.role !== 'ignore');
  const splits = rows.filter(({ path }) => splitNameOf(nameOf(path)) !== null);
  // "test" and "valid" beside each other are splits, though only the user can say which one has the queries.
  if (roles.length === 0 && splits.length < 2) return null;
  return splits.length === roles.length && isClassNamedTrain(counts, rows, roles) ? null : sorted(rows);
}

/** "car, bus, train": a folder among others that has a role's name, but no classes inside, is a class itself. */
function isClassNamedTrain(counts: FolderCounts, rows: readonly RoleFolder[], roles: readonly RoleFolder[]): boolean {
  return (
    rows.length > roles.length &&
    roles.every(({ role, path }) => role === 'training' && takeCensus(counts, path).folders.size === 0)
  );
}

/** The roles that folders have by their names, beside one another. */
function rolesBeside({ folders }: Census): (folder: string) => Split | null {
  const asked = [...folders.keys()].some((folder) => splitNameOf(nameOf(folder)) === 'query');
  return (folder) => {
    const split = splitNameOf(nameOf(folder));
    if (split === null) return asked && isGalleryBesideQueries(nameOf(folder)) ? 'gallery' : null;
    return split === 'test' || split === 'validation' ? null : split;
  };
}

const isTestRole = (role: Split | null) => role === 'query' || role === 'gallery';

/**
 * The folder in which a split's classes begin: a lone folder inside it is a wrapping ("train/train/cat", "query/images/…"),
 * unless it is a class: its name is one of `classes` (as nameKey), or it holds images and a name of its own. A few images beside one
 * of the split's own name, or one whose name says nothing, change nothing of that.
 */
export function unwrapped(counts: FolderCounts, splitFolder: string, classes: ReadonlySet<string>): string {
  for (let folder = splitFolder; ; ) {
    const { folders, loose } = takeCensus(counts, folder);
    const [only] = folders.keys();
    if (only === undefined || folders.size > 1) return folder;
    const name = nameOf(only);
    if (loose > 0 && !isWrappingBeside(splitFolder, only, { folders, loose })) return folder;
    const isRepeated = name.toLowerCase() === nameOf(splitFolder).toLowerCase();
    if (!isRepeated && classes.has(nameKey(name))) return folder;
    if (!isRepeated && !holdsClasses(counts, only, classes) && !saysNothing(name) && splitNameOf(name) === null) {
      return folder;
    }
    folder = only;
  }
}

/** Whether several folders lie in a folder, or one that is surely a class; lone ones around them are passed by. */
function holdsClasses(counts: FolderCounts, folder: string, classes: ReadonlySet<string>): boolean {
  for (let inside = folder; ; ) {
    const { folders, loose } = takeCensus(counts, inside);
    const [only] = folders.keys();
    if (only === undefined || loose > 0) return false;
    if (folders.size > 1 || classes.has(nameKey(nameOf(only)))) return true;
    inside = only;
  }
}

/** Names (as nameKey) of the folders directly in those of several, where one folder holds more than one: surely classes. */
export function surelyClasses(counts: FolderCounts, splitFolders: Iterable<string>): Set<string> {
  const classes = new Set<string>();
  for (const splitFolder of splitFolders) {
    const { folders } = takeCensus(counts, splitFolder);
    if (folders.size > 1) for (const folder of folders.keys()) classes.add(nameKey(nameOf(folder)));
  }
  return classes;
}

/** Everything is gallery: the root as a whole, and each of its folders by itself; but for what lies beside the root. */
function withoutRoles(root: string, census: Census, beside: readonly RoleFolder[]): Layout {
  const [only] = census.folders;
  // A parent of one folder and nothing else would say the same images twice.
  const whole: RoleFolder[] =
    only && census.folders.size === 1 && census.loose === 0
      ? []
      : [{ path: root, role: 'gallery', images: census.loose + sum(census.folders.values()) }];
  const folders: RoleFolder[] = [...beside, ...whole];
  if (census.folders.size <= MAX_CLASS_FOLDERS) {
    for (const [path, count] of census.folders) folders.push({ path, role: 'gallery', images: count });
  }
  return { root, named: false, folders: sorted(folders) };
}

function sorted(folders: RoleFolder[]): RoleFolder[] {
  return folders.sort((a, b) => compareCodeUnits(a.path, b.path));
}
