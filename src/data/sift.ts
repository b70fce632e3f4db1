import { aborted } from '../errors.ts';
import { numeral } from '../numerals.ts';
import type { Problem } from '../types.ts';
import { extensionOf, folderOf, isSystemPath, kindByName, nameOf } from './file-kinds.ts';
import { foreignArchive, knownKind } from './foreign-files.ts';
import { recogniseFormat, SVG } from './image-format.ts';
import { mapAhead } from './lanes.ts';
import type { ListedFile, Listing, ListOptions } from './listing.ts';
import { aLineForEachFolder } from './problem-groups.ts';

/** A listing's files by what they can be, whatever the roles of their folders. */
export interface Sifted<File> {
  /** Files that may be images: decoding decides. */
  readonly images: File[];
  /** The other files, but for what systems leave behind: labels may be among them. */
  readonly others: File[];
  /** Folders below which there is no such file; system folders left out. */
  readonly emptyFolders: string[];
}

/** Enough to tell an image from another file. */
const HEAD_BYTES = 512;
/** Files whose first bytes are looked at: each takes a fraction of a millisecond. */
const MOST_LOOKED_AT = 20_000;
/** An archive's entry has to be unpacked for its first bytes. */
const MOST_UNPACKED_BYTES = 32e6;
const AT_ONCE = 16;

/** Files without an ending that are opened in each folder: where none is an image, its others are not either. */
const NAMELESS_OF_A_FOLDER = 12;
/** Folders in which they are looked at. */
const MOST_NAMELESS_FOLDERS = 1000;

/**
 * Sifts a listing by its files' names, and by the first bytes of those whose names say too little: a camera's or a web server's
 * ending may hide a JPEG, and what has no ending may be a text. Throws AppError 'aborted'.
 */
export async function siftListing(
  { files, directories }: Pick<Listing, 'files' | 'directories'>,
  { signal }: Pick<ListOptions, 'signal'>,
): Promise<Sifted<ListedFile>> {
  const byName = sift(files, directories);
  const nameless = namelessByFolder(byName.images);
  const unsure = [
    ...byName.others.slice(0, MOST_LOOKED_AT),
    ...[...nameless.values()].flatMap((those) => those.slice(0, NAMELESS_OF_A_FOLDER)),
  ];
  const known = new Map<string, boolean>();
  await mapAhead(unsure, AT_ONCE, async (file) => {
    if (signal.aborted) throw aborted();
    const answer = await beginsAsImage(file);
    if (answer !== null) known.set(file.path, answer);
  });
  for (const those of nameless.values()) {
    const looked = those.slice(0, NAMELESS_OF_A_FOLDER);
    if (those.length === looked.length || looked.some(({ path }) => known.get(path) !== false)) continue;
    for (const { path } of those) known.set(path, false);
  }
  return known.size === 0 ? byName : sift(files, directories, known);
}

/** Files without an ending that are not empty, by folder; of empty ones nothing can be told. */
function namelessByFolder(files: readonly ListedFile[]): ReadonlyMap<string, readonly ListedFile[]> {
  const folders = new Map<string, ListedFile[]>();
  for (const file of files) {
    if (extensionOf(file.path) !== '' || file.bytes === 0) continue;
    const folder = folderOf(file.path);
    const those = folders.get(folder);
    if (those) those.push(file);
    else if (folders.size < MOST_NAMELESS_FOLDERS) folders.set(folder, [file]);
  }
  return folders;
}

/** Null where it cannot be looked at. */
async function beginsAsImage({ bytes, open }: ListedFile): Promise<boolean | null> {
  if (bytes !== null && bytes > MOST_UNPACKED_BYTES) return null;
  try {
    const head = await (await open()).slice(0, HEAD_BYTES).arrayBuffer();
    const format = recogniseFormat(new Uint8Array(head));
    // A drawing may stand in any web page.
    return format !== null && format !== SVG;
  } catch {
    return null;
  }
}

/** Looks at every name once: with 20,000 files, each further look would be felt. `known`: whether files are images, by path. */
export function sift<File extends { readonly path: string }>(
  files: readonly File[],
  directories: readonly string[],
  known: ReadonlyMap<string, boolean> = new Map(),
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
    if (known.get(file.path) ?? kind === 'image') {
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
 * A problem for each file that is no image, or for all of one kind in a folder. `labels` are the paths of the files that
 * labels are taken from: they are no problem, whatever their names; nor are others that are named as such files are.
 */
export function notImages(
  others: readonly { readonly path: string }[],
  labels: readonly string[] | string | null,
): Problem[] {
  const taken = new Set(typeof labels === 'string' ? [labels] : labels);
  return aLineForEachFolder(
    others
      .filter(({ path }) => !taken.has(path) && kindByName(nameOf(path)) !== 'ground-truth')
      .map(({ path }) => notAnImage(path)),
  );
}

function notAnImage(path: string): Problem {
  const extension = extensionOf(path);
  const archive = foreignArchive(path);
  const kind = knownKind(path);
  const reason =
    extension === 'zip'
      ? `“${nameOf(path)}” is an archive beside images; drop it by itself to use what it holds.`
      : archive
        ? `“${nameOf(path)}” is ${archive}, which is not read; unpack it and open the folder.`
        : kind
          ? `“${nameOf(path)}” ${kind}.`
          : `“${nameOf(path)}” is not an image (${extension === '' ? 'its name has no ending' : `.${extension}`}).`;
  return { kind: 'not-an-image', severity: 'skipped', path, reason, action: 'skipped' };
}

/** Why there is nothing to make a data set of, as a whole sentence or two. */
export function nothingUsable(
  { files, directories }: Pick<Listing, 'files' | 'directories'>,
  kept = 'Nothing was changed.',
): string {
  const visible = files.filter(({ path }) => !isSystemPath(path));
  if (visible.length === 0) {
    return directories.length > 0
      ? `There are folders in what was dropped, but no files. Browsers leave out links (symbolic links, aliases, shortcuts): open a folder with copies of the images. ${kept}`
      : `There is nothing to read in what was dropped. ${kept}`;
  }
  const archives = visible.filter(({ path }) => extensionOf(path) === 'zip' || foreignArchive(path) !== null);
  const [first] = archives;
  if (first) {
    const names = archives.slice(0, 3).map(({ path }) => nameOf(path));
    const more = archives.length > 3 ? ` and ${numeral(archives.length - 3)} more` : '';
    const kind = foreignArchive(first.path);
    const what =
      archives.length === 1
        ? `“${names[0]}” is ${kind ?? 'an archive'}, which is not read here: unpack it and open the folder.`
        : `There are ${numeral(archives.length)} archives in what was dropped (${names.join(', ')}${more}), and no image beside them: unpack them and open the folder.`;
    return `${what} ${kept}`;
  }
  const packed = visible.find(({ path }) => knownKind(path) !== null);
  if (packed) {
    return `There is no image in what was dropped: “${nameOf(packed.path)}” ${knownKind(packed.path)}. ${kept}`;
  }
  const count = visible.length === 1 ? 'is one file' : `are ${numeral(visible.length)} files`;
  return `There ${count}, but no image in what was dropped. ${kept}`;
}
