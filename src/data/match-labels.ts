import { nameKey } from '../names.ts';
import type { ImageRecord } from '../types.ts';
import type { GroundTruth, LabelledSplit } from './ground-truth.ts';
import { lastName, withoutEnding } from './ground-truth.ts';

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

/** The images that labels may be of. */
export interface Scope {
  readonly images: readonly ImageRecord[];
  /** The data set's root, below which splits' folders lie. */
  readonly root: string;
  /** Whether files are named relative to their split's folder; else below the root. */
  readonly relative: boolean;
}

/** Which image a table's file is: `several` where it cannot be said, null where it is none. */
export interface FoundFile {
  /** Position among the files. */
  readonly at: number;
  readonly image: Answer;
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
 * exactly one image's path; then the same without regard to capitals and to an ending that one of both lacks. Never by its
 * last name alone where folders contradict.
 */
export function matchFiles(files: readonly string[], scope: Scope): FoundFile[] {
  if (files.length === 0) return [];
  const found: FoundFile[] = [];
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
    const image = strict.byEnd(file) ?? loose.byEnd(file.toLowerCase()) ?? loose.byEnd(loosely(file));
    found.push({ at, image: image !== 'several' && image && !endingsAgree(file, image.path) ? null : image });
  }
  return found;
}

type Answer = ImageRecord | 'several' | null;

interface Finder {
  exact(file: string): ImageRecord | null;
  byEnd(file: string): Answer;
}

function createFinder({ images, root, relative }: Scope, key: (path: string) => string): Finder {
  /** Paths from where a file may be named: the split's folder, and the root. */
  const whole = new Map<string, Answer>();
  /** Every end of every path. Made when it is needed. */
  let ends: Map<string, Answer> | null = null;
  const belowRoot = root === '' ? 0 : root.length + 1;
  for (const image of images) {
    put(whole, key(nameKey(image.path.slice(belowRoot))), image);
    if (relative) put(whole, key(nameKey(image.file)), image);
  }

  function allEnds(): Map<string, Answer> {
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

function put(map: Map<string, Answer>, key: string, image: ImageRecord): void {
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
