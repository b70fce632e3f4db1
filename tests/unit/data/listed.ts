import { assemble } from '../../../src/data/assemble.ts';
import { NO_CHOICES } from '../../../src/data/choices.ts';
import { deriveImages } from '../../../src/data/derive-images.ts';
import { type FileKind, isSystemPath, kindByName, nameOf } from '../../../src/data/file-kinds.ts';
import { compareCodeUnits } from '../../../src/data/order.ts';
import { notImages, sift } from '../../../src/data/sift.ts';
import type { ImageRecord, Problem, Role } from '../../../src/types.ts';

/** A drop of these paths, with roles given by hand. A path that ends in '/' is a folder. */
export function drop(paths: readonly string[], roles: Readonly<Record<string, Role>> = {}) {
  const files = paths.filter((path) => !path.endsWith('/')).map((path) => ({ path, bytes: null }));
  const directories = paths.filter((path) => path.endsWith('/')).map((path) => path.slice(0, -1));
  const sifted = sift(files, directories);
  const facts = { datasetId: 'd', files: sifted.images, emptyFolders: sifted.emptyFolders };
  const derived = deriveImages(facts, null, { ...NO_CHOICES, roles: Object.entries(roles) });
  const { name } = assemble({ ...facts, roles: new Map() });
  const problems: Problem[] = [...notImages(sifted.others, null), ...derived.notices, ...derived.problems];
  return { ...derived, name, problems };
}

/** What a drop takes a path for, its folders included. */
export function kindOf(path: string): FileKind {
  return isSystemPath(path) ? 'system' : kindByName(nameOf(path));
}

/** `split class file` of every image, a missing class as '–'. */
export function lines(images: readonly ImageRecord[]): string[] {
  return images.map(({ split, className, file }) => `${split} ${className ?? '–'} ${file}`);
}

export function kinds(problems: readonly Problem[]): string[] {
  return problems.map(({ kind, path }) => `${kind} ${path}`).sort(compareCodeUnits);
}

let count = 0;

/** A record that has been read. */
export function image(path: string, hash: string, extra: Partial<ImageRecord> = {}): ImageRecord {
  count++;
  return {
    datasetId: 'd',
    path,
    split: 'training',
    file: path,
    className: null,
    bytes: count,
    hash,
    width: 1,
    height: 1,
    ...extra,
  };
}
