import { nameKey } from '../names.ts';
import { extensionOf } from './file-kinds.ts';

/** Names of a data set's files: labels of other ones are counted and not kept. */
export interface KnownNames {
  /** Whether a file of its last name is there, whatever its folders and its ending. */
  has(file: string): boolean;
  /** Whether one is there in a folder of that name; of a file that is named without a folder, the same as `has`. */
  fits(file: string): boolean;
}

/** `paths` of all files that may be images, whatever their role. */
export function knownNames(paths: Iterable<string>): KnownNames {
  const names = new Set<string>();
  const inFolders = new Set<string>();
  for (const path of paths) {
    const key = nameKey(path).toLowerCase();
    const name = lastName(key);
    names.add(name).add(withoutEnding(name));
    const inFolder = lastTwo(key);
    if (inFolder !== name) inFolders.add(withoutEnding(inFolder));
  }
  const isName = (file: string) => {
    const name = lastName(file).toLowerCase();
    return names.has(name) || names.has(withoutEnding(name));
  };
  const fits = (file: string) => {
    const inFolder = lastTwo(nameKey(file).replace(/^\.[\\/]/, '')).toLowerCase();
    if (!inFolder.includes('/')) return isName(file);
    return inFolders.has(inFolder) || inFolders.has(withoutEnding(inFolder));
  };
  // Blanks around a cell belong to no name, and a name may be written as an address (`matchFiles`).
  const asWritten = (is: (file: string) => boolean) => (file: string) => {
    const trimmed = file.trim();
    return is(trimmed) || (/%|:\/\//.test(trimmed) && is(fromAddress(trimmed)));
  };
  return { has: asWritten(isName), fits: asWritten(fits) };
}

/** A file with the folder that it lies in. */
function lastTwo(path: string): string {
  return path.split(/[\\/]/).slice(-2).join('/');
}

/** The last part of a path, with slashes of either kind. */
export function lastName(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
}

export function withoutEnding(name: string): string {
  const ending = extensionOf(name);
  return ending === '' ? name : name.slice(0, -ending.length - 1);
}

/** Labelling tools write addresses: "https://host/photos/a%20b.png?size=9" is the path "photos/a b.png". */
export function fromAddress(file: string): string {
  const isAddress = /^[a-z][a-z0-9+.-]*:\/\//i.test(file);
  const path = isAddress ? file.replace(/^[^:]+:\/+/, '').replace(/[?#].*$/s, '') : file;
  try {
    return nameKey(decodeURIComponent(path));
  } catch {
    return path;
  }
}
