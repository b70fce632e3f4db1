import { nameKey } from '../names.ts';
import type { ImageRecord } from '../types.ts';
import type { GroundTruth, LabelledSplit } from './ground-truth.ts';
import { fromAddress, lastName, withoutEnding } from './known-names.ts';
import { saysNothing, splitNameOf } from './split-names.ts';

/** A label that was found to be of an image. */
export interface Match {
  readonly image: ImageRecord;
  readonly className: string;
}

/** What happened to the labels of one split. */
export interface Matches {
  readonly found: readonly Match[];
  /** Files that are none of the images, and of which it cannot be said which image they are. */
  readonly missing: readonly string[];
  readonly ambiguous: readonly string[];
}

/** What is used of an image for its name. */
type NamedImage = Pick<ImageRecord, 'path' | 'file'>;

/** The images that labels may be of. */
export interface Scope<Image extends NamedImage = ImageRecord> {
  readonly images: readonly Image[];
  /** The data set's root, below which splits' folders lie. */
  readonly root: string;
  /** Whether files are named relative to their split's folder; else below the root. */
  readonly relative: boolean;
}

/** Which image a table's file is: `several` where it cannot be said, null where it is none. */
export interface FoundFile<Image = ImageRecord> {
  /** Position among the files. */
  readonly at: number;
  readonly image: Answer<Image>;
}

/** Finds the images that a table's labels are of, by their files (matchFiles). */
export function matchLabels(truth: GroundTruth, split: LabelledSplit, scope: Scope): Matches {
  const { files, codes } = truth.labels[split];
  const found: Match[] = [];
  const missing: string[] = [];
  const ambiguous: string[] = [];
  const taken = new Map<ImageRecord, number>();
  for (const { at, image } of matchFiles(files, scope)) {
    const file = files[at] ?? '';
    if (image === null) missing.push(file);
    else if (image === 'several') ambiguous.push(file);
    else {
      const className = truth.classes[codes[at] ?? 0] ?? '';
      const before = taken.get(image);
      if (before !== undefined && found[before]?.className !== className) ambiguous.push(file);
      if (before !== undefined) continue;
      taken.set(image, found.length);
      found.push({ image, className });
    }
  }
  return { found, missing, ambiguous };
}

/**
 * Finds the images that a table's files are; those that are named exactly come first. A file is looked for by its name
 * relative to the split's folder; then as a path that ends like an image's whole path below the root, or as the end of
 * exactly one image's path; then the same without regard to capitals and to an ending that one of both lacks; then as an address, whose
 * signs are written in percent. By its last name
 * alone where that is unique on both sides and the folders cannot contradict: the image lies in no class folder, and those of the
 * file are of no split ("/home/ann/img/05.png").
 */
export function matchFiles<Image extends NamedImage>(
  files: readonly string[],
  scope: Scope<Image>,
): FoundFile<Image>[] {
  if (files.length === 0) return [];
  const found: FoundFile<Image>[] = [];
  const strict = createFinder(scope, (path) => path);
  const loose = createFinder(scope, loosely);
  const open: number[] = [];
  // Exact names first: what is found by less must not take an image from them.
  for (const [at, file] of files.entries()) {
    const image = strict.exact(file);
    if (image) found.push({ at, image });
    else open.push(at);
  }
  for (const at of open) {
    const file = slashed(files[at] ?? '');
    // An ending that stands for none of ours ("a.v2") is part of the name.
    const find = (name: string): Answer<Image> => {
      const image = strict.byEnd(name) ?? loose.byEnd(name.toLowerCase()) ?? loose.byEnd(loosely(name));
      return image !== 'several' && image && !endingsAgree(name, image.path) ? null : image;
    };
    const plain = fromAddress(file);
    found.push({ at, image: find(file) ?? (plain === file ? null : find(plain)) });
  }
  return byLastNames(files, found, strict);
}

function byLastNames<Image extends NamedImage>(
  files: readonly string[],
  found: FoundFile<Image>[],
  { byEnd }: Finder<Image>,
): FoundFile<Image>[] {
  const isElsewhere = (file: string) =>
    file
      .split('/')
      .slice(0, -1)
      .some((folder) => splitNameOf(folder) !== null);
  const open = found.filter(({ at, image }) => image === null && /[\\/]/.test(files[at] ?? ''));
  if (open.length === 0) return found;
  const taken = new Set(found.map(({ image }) => image));
  const times = new Map<string, number>();
  for (const { at } of open) {
    const name = lastName(slashed(files[at] ?? ''));
    times.set(name, (times.get(name) ?? 0) + 1);
  }
  return found.map((one) => {
    const file = slashed(files[one.at] ?? '');
    if (one.image !== null || !file.includes('/') || isElsewhere(file)) return one;
    const name = lastName(file);
    const image = times.get(name) === 1 ? byEnd(name) : null;
    if (image === null || image === 'several' || taken.has(image) || isInClass(image.file)) return one;
    return { at: one.at, image };
  });
}

/** Whether a file lies in a folder that says something: “images” contradicts no other folder. */
function isInClass(file: string): boolean {
  return file
    .split('/')
    .slice(0, -1)
    .some((folder) => !saysNothing(folder));
}

type Answer<Image> = Image | 'several' | null;

interface Finder<Image> {
  exact(file: string): Image | null;
  byEnd(file: string): Answer<Image>;
}

function createFinder<Image extends NamedImage>(
  { images, root, relative }: Scope<Image>,
  key: (path: string) => string,
): Finder<Image> {
  /** Paths from where a file may be named: the split's folder, and the root. */
  const whole = new Map<string, Answer<Image>>();
  /** Every end of every path. Made when it is needed. */
  let ends: Map<string, Answer<Image>> | null = null;
  const belowRoot = root === '' ? 0 : root.length + 1;
  for (const image of images) {
    put(whole, key(nameKey(image.path.slice(belowRoot))), image);
    if (relative) put(whole, key(nameKey(image.file)), image);
  }

  function allEnds(): Map<string, Answer<Image>> {
    if (ends) return ends;
    ends = new Map();
    for (const image of images) {
      const path = key(nameKey(image.path));
      put(ends, path, image);
      for (let slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
        put(ends, path.slice(slash + 1), image);
      }
    }
    return ends;
  }

  return {
    exact(file) {
      const answer = whole.get(file);
      return answer === 'several' ? null : (answer ?? null);
    },
    byEnd(wanted) {
      const end = allEnds().get(wanted);
      if (end) return end;
      // A path from a script's own folder: its end is all of an image's path.
      for (let slash = wanted.indexOf('/'); slash >= 0; slash = wanted.indexOf('/', slash + 1)) {
        const answer = whole.get(wanted.slice(slash + 1));
        if (answer) return answer;
      }
      return null;
    },
  };
}

function put<Image>(map: Map<string, Answer<Image>>, key: string, image: Image): void {
  const known = map.get(key);
  map.set(key, known && known !== image ? 'several' : image);
}

/** Table programs on Windows write backslashes; and blanks around a cell belong to no file name. */
function slashed(file: string): string {
  const trimmed = file.trim();
  return trimmed.includes('\\') ? trimmed.replaceAll('\\', '/').replace(/^\.\//, '') : trimmed;
}

function loosely(path: string): string {
  return withoutEnding(path).toLowerCase();
}

/** "05" is "05.png", "05.PNG" is "05.png", and "05.jpg" is another file than "05.png". */
function endingsAgree(file: string, path: string): boolean {
  const [a = '', b = ''] = [file, nameKey(path)].map((name) => lastName(name).toLowerCase());
  return a === b || a === withoutEnding(b) || withoutEnding(a) === b;
}
