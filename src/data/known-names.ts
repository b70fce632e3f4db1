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
  const has = (file: string) => {
    // Blanks around a cell belong to no name (`matchFiles`).
    const name = lastName(file.trim()).toLowerCase();
    return names.has(name) || names.has(withoutEnding(name));
  };
  return {
    has,
    fits(file) {
      const inFolder = lastTwo(nameKey(file.trim()).replace(/^\.[\\/]/, '')).toLowerCase();
      if (!inFolder.includes('/')) return has(file);
      return inFolders.has(inFolder) || inFolders.has(withoutEnding(inFolder));
    },
  };
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
