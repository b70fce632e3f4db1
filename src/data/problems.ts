import type { ImageRecord, Problem, Split } from '../types.ts';
import { compareCodeUnits } from './order.ts';

/**
 * What only the files' bytes can tell, for images that have been read (records without a hash are passed over):
 * duplicates, contradicting labels, leaks between splits, classes of one image; and classes all of whose images are
 * among `unreadable`. Linear in the number of images; at most one problem of a kind for each image or class.
 */
export function findProblems(images: readonly ImageRecord[], unreadable: readonly ImageRecord[] = []): Problem[] {
  return [...findCopies(images), ...findClassProblems(images, unreadable)];
}

function findCopies(images: readonly ImageRecord[]): Problem[] {
  const first = new Map<string, ImageRecord>();
  const copies = new Map<string, ImageRecord[]>();
  for (const image of images) {
    if (image.hash === null) continue;
    const original = first.get(image.hash);
    const group = copies.get(image.hash);
    if (group) group.push(image);
    else if (original) copies.set(image.hash, [original, image]);
    else first.set(image.hash, image);
  }
  return [...copies.values()].flatMap(problemsOfCopies).sort((a, b) => compareCodeUnits(a.path, b.path));
}

/** Records of one and the same file. Every step looks things up in maps: a group may be a whole data set. */
function problemsOfCopies(copies: ImageRecord[]): Problem[] {
  copies.sort((a, b) => compareCodeUnits(a.path, b.path));
  const firstOf = new Map<Split, ImageRecord>();
  const firstWithin = new Map<string, ImageRecord>();
  const labelled = copies.filter((image) => image.className !== null);
  const otherwise = labelled.find((image) => image.className !== labelled[0]?.className);
  const problems: Problem[] = [];
  for (const image of copies) if (!firstOf.has(image.split)) firstOf.set(image.split, image);
  for (const image of copies) {
    const within = labelKey(image);
    const original = firstWithin.get(within);
    if (original) problems.push(duplicate(image, original));
    else firstWithin.set(within, image);
    if (otherwise && image.className !== null) {
      const contrary = image.className === otherwise.className ? labelled[0] : otherwise;
      if (contrary) problems.push(conflict(image, contrary));
    }
    const sources = [
      image.split === 'training' ? undefined : firstOf.get('training'),
      image.split === 'query' ? firstOf.get('gallery') : undefined,
    ].filter((source) => source !== undefined);
    if (sources.length > 0) problems.push(leak(image, sources));
  }
  return problems;
}

/** Split and class as one text; no class differs from every class. */
function labelKey({ split, className }: ImageRecord): string {
  return className === null ? split : `${split}/${className}`;
}

const IN_SPLIT: Readonly<Record<Split, string>> = {
  training: 'in training',
  query: 'among the queries',
  gallery: 'in the gallery',
};

function duplicate(image: ImageRecord, original: ImageRecord): Problem {
  return {
    kind: 'duplicate',
    severity: 'warning',
    path: image.path,
    reason: `The same file as “${original.path}”.`,
    action: `kept; counts twice ${IN_SPLIT[image.split]}`,
  };
}

function conflict(image: ImageRecord, contrary: ImageRecord): Problem {
  return {
    kind: 'conflicting-label',
    severity: 'warning',
    path: image.path,
    reason: `Its class is “${image.className}”, but the same file is “${contrary.className}” as “${contrary.path}”.`,
    action: 'kept; one of the two labels is wrong',
  };
}

function leak(image: ImageRecord, sources: readonly ImageRecord[]): Problem {
  const where = sources.map((source) => `${IN_SPLIT[source.split]} (“${source.path}”)`).join(' and ');
  return {
    kind: 'leak',
    severity: 'warning',
    path: image.path,
    reason: `This file ${IN_SPLIT[image.split]} is also ${where}.`,
    action: 'kept; test figures may look better than they are',
  };
}

interface ClassCount {
  readonly sample: ImageRecord;
  readonly className: string;
  readable: number;
}

function findClassProblems(images: readonly ImageRecord[], unreadable: readonly ImageRecord[]): Problem[] {
  const classes = new Map<string, ClassCount>();
  const count = (image: ImageRecord, readable: number) => {
    if (image.className === null) return;
    const key = labelKey(image);
    const known = classes.get(key);
    if (known) known.readable += readable;
    else classes.set(key, { sample: image, className: image.className, readable });
  };
  for (const image of images) count(image, 1);
  for (const image of unreadable) count(image, 0);
  const problems: Problem[] = [];
  for (const { sample, className, readable } of classes.values()) {
    const path = classFolder(sample, className);
    if (readable === 0) problems.push(emptyClass(path, className, sample.split));
    else if (readable === 1 && sample.split === 'training') problems.push(singleImage(path, className));
  }
  return problems.sort((a, b) => compareCodeUnits(a.path, b.path));
}

/** The folder that gave the class its name; where ground truth gave it, the name itself. */
function classFolder({ path, file }: ImageRecord, className: string): string {
  const base = path.length - file.length;
  if (file.startsWith(`${className}/`)) return path.slice(0, base + className.length);
  const start = `/${path}`.lastIndexOf(`/${className}/`);
  return start < 0 ? className : path.slice(0, start + className.length);
}

function emptyClass(path: string, className: string, split: Split): Problem {
  return {
    kind: 'empty-class',
    severity: 'warning',
    path,
    reason: `No image of the class “${className}” ${IN_SPLIT[split]} could be read.`,
    action: 'left out',
  };
}

function singleImage(path: string, className: string): Problem {
  return {
    kind: 'single-image-class',
    severity: 'warning',
    path,
    reason: `The class “${className}” has one training image only.`,
    action: 'kept; too few to be validated',
  };
}
