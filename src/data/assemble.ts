import { compareNames } from '../names.ts';
import type { ImageRecord, Problem, Role, RoleFolder, Split } from '../types.ts';
import { folderOf, nameOf } from './file-kinds.ts';
import { innermostNames } from './nested-classes.ts';
import { sortImages } from './order.ts';
import { aLineForEachFolder } from './problem-groups.ts';
import {
  countByFolder,
  type FolderCounts,
  firstFolder,
  isWithin,
  type Layout,
  recogniseLayout,
  surelyClasses,
  unwrapped,
} from './roles.ts';
import { saysNothing } from './split-names.ts';

export interface AssembleInput {
  readonly datasetId: string;
  /** Files that may be images (`sift`); bytes null where unknown. */
  readonly files: readonly { readonly path: string; readonly bytes: number | null }[];
  /** Folders without such files (`sift`). */
  readonly emptyFolders: readonly string[];
  /** Roles that the user gave by hand, by folder path. They win, the deepest folder first. */
  readonly roles: ReadonlyMap<string, Role>;
  /** Whether of folders inside class folders the innermost are the classes. */
  readonly innermost?: boolean;
}

/** A file by its path, and by the name that tables may give it. */
interface NamedFile {
  readonly path: string;
  readonly file: string;
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
  /** The images in these folders. */
  readonly idle: readonly NamedFile[];
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
export function assemble({ datasetId, files, emptyFolders, roles, innermost = false }: AssembleInput): Assembled {
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
  const idle: NamedFile[] = [];
  const inner = innermost ? innermostClasses(counts.keys(), places) : null;
  const classFolders = new Set<string>();
  const classParents = new Set<string>();
  for (const { path, bytes } of visible) {
    const { role, splitFolder, byHand, classFolder } = places.of(folderOf(path));
    if (role === 'ignore') {
      idle.push({ path, file: nameOf(path) });
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
      className: classFolder === null ? null : (inner?.get(folderOf(path)) ?? nameOf(classFolder)),
      bytes: bytes ?? 0,
      hash: null,
      width: null,
      height: null,
    });
  }
  const problems = emptyFolders
    .filter((folder) => classParents.has(folderOf(folder)) && !places.isSplitFolder(folder))
    .map((folder) => emptyClass(folder, layout.named));
  return {
    images: sortImages(images),
    folders: places.folders,
    problems: aLineForEachFolder(problems),
    // By name, and not as files were listed: browsers and systems list in other orders.
    unused: new Map([...unused].sort(([one], [other]) => compareNames(one, other))),
    idle,
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
  // "flowers/jpg" is called after the flowers.
  for (let folder = root; folder !== ''; folder = folderOf(folder)) {
    if (!saysNothing(nameOf(folder))) return nameOf(folder);
  }
  if (root !== '') return nameOf(root);
  const tops = new Set([...counts.keys()].flatMap((folder) => firstFolder(folder, '') ?? []));
  return tops.size > 0 && tops.size <= 3 ? [...tops].join(' + ') : 'Dropped files';
}

/** Classes by innermost folders, as far as these lie in class folders. */
function innermostClasses(folders: Iterable<string>, places: Places): ReadonlyMap<string, string> {
  const below = new Map<string, string>();
  for (const folder of folders) {
    const { classFolder } = places.of(folder);
    const parent = classFolder === null ? null : folderOf(classFolder);
    if (parent !== null) below.set(folder, parent === '' ? folder : folder.slice(parent.length + 1));
  }
  return innermostNames(below);
}

/** Without splits, a folder beside the classes may hold anything else: "annotations". */
function emptyClass(path: string, named: boolean): Problem {
  return {
    kind: 'empty-class',
    severity: 'skipped',
    path,
    reason: `The ${named ? 'class folder' : 'folder'} “${nameOf(path)}”${named ? '' : ' beside the class folders'} holds no image (links do not count: browsers leave them out).`,
    action: 'left out',
  };
}

/** What a folder makes of the files directly in it. */
interface Place {
  readonly role: Role;
  /** The folder that gave the role. */
  readonly splitFolder: string;
  /** Whether a user gave the role. */
  readonly byHand: boolean;
  /** The folder whose name is the class; null where there is no class. */
  readonly classFolder: string | null;
}

interface Places {
  of(folder: string): Place;
  /** The folder that file names of a split are relative to. */
  baseOf(split: Split, splitFolder: string): string;
  isSplitFolder(folder: string): boolean;
  /** The layout's folders with their roles in force. */
  readonly folders: RoleFolder[];
}

/** Works out roles and classes, once for each folder. Roles given by hand win, the deepest folder first. */
function createPlaces(layout: Layout, counts: FolderCounts, byHand: ReadonlyMap<string, Role>): Places {
  const { root, named } = layout;
  const inForce = named
    ? layout.folders
    : layout.folders.filter(({ path, role }) => path === root || role === 'ignore');
  const given = new Map<string, Role>(inForce.map(({ path, role }) => [path, role]));
  // Nothing has no layout.
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
