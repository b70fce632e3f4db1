import { shortened } from '../errors.ts';
import { nameKey } from '../names.ts';
import { numeral, numeralOf } from '../numerals.ts';
import type { ImageRecord, Problem, Split } from '../types.ts';
import { type Choices, mergedInto, type Notice } from './choices.ts';
import { folderOf } from './file-kinds.ts';
import { classFromName, type NameRule } from './file-name-classes.ts';
import { type GroundTruth, LABELLED_SPLITS, type LabelledSplit, type OpenPart } from './ground-truth.ts';
import { partsOfImages, roleOfPart } from './listed-parts.ts';
import { matchFiles, matchLabels, type Scope } from './match-labels.ts';
import type { SplitName } from './split-names.ts';

/** Above this, labels of one fault are counted, not listed. */
const LISTED = 3;

/** The images with the classes that names, tables and the user give them, in the order given. */
export interface Labelled {
  readonly images: ImageRecord[];
  readonly problems: Problem[];
  /** That a table is of other images, where none of its labels is of one of these; that it says other classes than the folders. */
  readonly notices: readonly Notice[];
  /** Images by what tables list them as, as far as that leaves open whether they are asked with or searched. */
  readonly listed: ReadonlyMap<OpenPart, number>;
}

/** What labels are applied to. */
export interface Unlabelled {
  readonly images: readonly ImageRecord[];
  /** As `assemble` gives it. */
  readonly root: string;
  /** Whether folders' names gave the splits; where none did, a table may. */
  readonly named: boolean;
  /** Images of folders without a role: tables may name them. */
  readonly idle: readonly Pick<ImageRecord, 'path' | 'file'>[];
}

/**
 * Where a class comes from, the later one winning: the folder, the file's name where that was chosen, a table, the user's
 * hand. A table changes the class of a training image that its folder gives where `tableFirst` says so. Then merged classes are named as what they
 * were merged into, and classes whose names differ in nothing that can be seen are one.
 */
export function labelImages(unlabelled: Unlabelled, truth: GroundTruth | null, choices: Choices): Labelled {
  const named = byFileNames(unlabelled.images, choices.namesAsClasses);
  const labelled = truth
    ? byTable({ ...unlabelled, images: named }, truth, choices)
    : { images: named, problems: [], notices: [], listed: new Map<OpenPart, number>() };
  const byHand = new Map(choices.classesByHand);
  const into = mergedInto(choices.mergedClasses);
  const shown = new Map<string, string>();
  const images = labelled.images.map((image) => {
    const own = byHand.get(image.path);
    const given = own === undefined ? image.className : own;
    if (given === null) return image.className === null ? image : { ...image, className: null };
    const merged = into(given);
    const key = nameKey(merged);
    const className = shown.get(key) ?? merged;
    shown.set(key, className);
    return className === image.className ? image : { ...image, className };
  });
  return { ...labelled, images };
}

function byFileNames(images: readonly ImageRecord[], rules: Choices['namesAsClasses']): readonly ImageRecord[] {
  if (rules.length === 0) return images;
  const ruleOf = new Map<string, NameRule>(rules);
  const known = new Map<string, NameRule | null>();
  const find = (folder: string): NameRule | null => {
    let rule = known.get(folder);
    if (rule === undefined) {
      rule = ruleOf.get(folder) ?? (folder === '' ? null : find(folderOf(folder)));
      known.set(folder, rule);
    }
    return rule;
  };
  return images.map((image) => {
    const rule = image.className === null ? find(folderOf(image.path)) : null;
    const className = rule && classFromName(image.path, rule);
    return className ? { ...image, className } : image;
  });
}

function byTable({ images, root, named, idle }: Unlabelled, truth: GroundTruth, choices: Choices): Labelled {
  const problems: Problem[] = [];
  // Of these the user, or a table that this app wrote, has said what is to be.
  const decided = new Set([...choices.excluded, ...choices.classesByHand.map(([path]) => path)]);
  const labels = new Map<ImageRecord, { className: string; split: LabelledSplit }>();
  let elsewhere = 0;
  for (const split of LABELLED_SPLITS) {
    const scope: Scope = {
      images: named && split !== 'any' ? images.filter((image) => image.split === split) : images,
      root,
      relative: split !== 'any',
    };
    const { found, missing, ambiguous } = matchLabels(truth, split, scope);
    for (const { image, className } of found) if (!labels.has(image)) labels.set(image, { className, split });
    const gone = withoutIdle(missing, idle, root);
    elsewhere += ambiguous.length + missing.length - gone.length;
    problems.push(...missingProblems(gone, truth, split, scope.images), ...ambiguousProblems(ambiguous, split));
  }
  const several = ofSeveral(images, root, truth);
  // The one folder that holds all images is no class beside a table of classes: it is called “images”.
  const isOneFolder = !named && labels.size > 0 && images.every(({ className }) => className === images[0]?.className);
  const parts = named ? new Map<ImageRecord, SplitName>() : partsOfImages(images, root, truth);
  const listed = new Map<OpenPart, number>();
  const spell = spellingOf(images);
  const contradictions: Contradiction[] = [];
  const unlabelled = new Map<Split, ImageRecord[]>();
  const labelled = images.flatMap((record): ImageRecord[] => {
    const part = parts.get(record);
    if (part === 'test' || part === 'validation') listed.set(part, (listed.get(part) ?? 0) + 1);
    const role = part ? roleOfPart(part, choices.listedRoles) : record.split;
    if (role === 'ignore') return [];
    const image = { ...record, split: role, className: isOneFolder ? null : record.className };
    const label = labels.get(record);
    if (!label) {
      if (image.className === null && !several.has(record) && !decided.has(image.path)) {
        const others = unlabelled.get(image.split);
        if (others) others.push(image);
        else unlabelled.set(image.split, [image]);
      }
      return [image];
    }
    const split = named || label.split === 'any' ? image.split : label.split;
    const className = spell(label.className);
    if (image.className === null || nameKey(image.className) === nameKey(className)) {
      return [{ ...image, split, className: image.className ?? className }];
    }
    if (!decided.has(image.path)) contradictions.push({ image, folder: image.className, label: className });
    return [image.split === 'training' && !choices.tableFirst ? image : { ...image, split, className }];
  });
  const nothing = labels.size + several.size + elsewhere === 0 ? matchesNothing(images, truth) : [];
  // Then there is nothing to be said of single files.
  if (nothing.length > 0) {
    problems.length = 0;
    unlabelled.clear();
  }
  const told = contradicting(contradictions, choices.tableFirst);
  for (const [split, those] of unlabelled) {
    if (isSpokenOf(truth, split)) problems.push(...counted(those.map(withoutLabel), `other ${IMAGES[split]}`));
  }
  return {
    images: labelled,
    problems: [
      ...severalClasses(
        [...several]
          .filter(({ path }) => !decided.has(path))
          .map((image) => (isOneFolder ? { ...image, className: null } : image)),
      ),
      ...counted(told.problems, 'other images'),
      ...problems,
    ],
    notices: [...told.notices, ...nothing],
    listed,
  };
}

/** Images that a file gives more than one class, and no other one a single class. */
function ofSeveral(images: readonly ImageRecord[], root: string, { several = [] }: GroundTruth): Set<ImageRecord> {
  const found = matchFiles(several, { images, root, relative: false });
  return new Set(found.flatMap(({ image }) => (image !== null && image !== 'several' ? [image] : [])));
}

function severalClasses(images: readonly ImageRecord[]): Problem[] {
  const open = images.filter(({ className }) => className === null);
  const [first] = open;
  if (!first) return [];
  const what =
    open.length === 1
      ? 'One image has more than one class in the ground truth.'
      : `${numeralOf(open.length, 'image')} have more than one class in the ground truth.`;
  return [warning(first.path, what, 'not labelled: an image here is of one class; give it one by hand to use it')];
}

function matchesNothing(images: readonly ImageRecord[], { labels, elsewhere }: GroundTruth): Notice[] {
  const named = LABELLED_SPLITS.flatMap((split) => labels[split].files[0] ?? elsewhere[split].example ?? []);
  const [first] = named;
  const [image] = images;
  if (first === undefined || image === undefined) return [];
  return [
    {
      kind: 'ground-truth',
      severity: 'warning',
      path: first,
      images: 0,
      reason: `The ground truth matches no image: it names “${shortened(first)}” first, and the images are called like “${shortened(image.path)}”.`,
      action: 'no class was taken from it; correct its file names and add it again',
      offers: [],
    },
  ];
}

function isSpokenOf(truth: GroundTruth, split: Split): boolean {
  const says = (of: LabelledSplit) => truth.labels[of].files.length + truth.elsewhere[of].count > 0;
  // Training images without a class are left out, which is said anyway.
  return split !== 'training' && (says(split) || says('any'));
}

const IMAGES: Readonly<Record<LabelledSplit, string>> = {
  training: 'training images',
  query: 'query images',
  gallery: 'gallery images',
  any: 'images',
};

/** Each problem by itself where they are few; else the first, and how many more there are. */
function counted(problems: readonly Problem[], others: string): Problem[] {
  const [first] = problems;
  if (!first || problems.length <= LISTED) return [...problems];
  const more = numeral(problems.length - 1);
  return [{ ...first, reason: `${first.reason} The same holds for ${more} ${others}.` }];
}

/** Files but for those of folders that have no part yet: what is to become of these, is asked there. */
function withoutIdle(files: readonly string[], idle: Unlabelled['idle'], root: string): readonly string[] {
  if (files.length === 0 || idle.length === 0) return files;
  const found = matchFiles(files, { images: idle, root, relative: true });
  const known = new Set(found.flatMap(({ at, image }) => (image === null ? [] : [at])));
  return files.filter((_, at) => !known.has(at));
}

/** Numbers as the folders write them: "0" is the class of the folder "00000". */
function spellingOf(images: readonly ImageRecord[]): (className: string) => string {
  const spellings = new Map<number, Set<string>>();
  for (const { className } of images) {
    if (className === null || !isWhole(className)) continue;
    spellings.set(Number(className), (spellings.get(Number(className)) ?? new Set()).add(className));
  }
  return (className) => {
    const [only, another] = isWhole(className) ? (spellings.get(Number(className)) ?? []) : [];
    return only === undefined || another !== undefined ? className : only;
  };
}

const isWhole = (name: string) => /^\d{1,15}$/.test(name);

interface Contradiction {
  readonly image: ImageRecord;
  readonly folder: string;
  readonly label: string;
}

/** What folder and table say against each other: of training images in one line, with a button for the other way. */
function contradicting(
  all: readonly Contradiction[],
  tableFirst: boolean,
): { readonly problems: readonly Problem[]; readonly notices: readonly Notice[] } {
  const ofTraining = all.filter(({ image }) => image.split === 'training');
  const others = all.filter(({ image }) => image.split !== 'training');
  const problems = others.map(contradiction);
  const [first] = ofTraining;
  if (!first) return { problems, notices: [] };
  const one = ofTraining.length === 1;
  const [folder, label] = [shortened(first.folder), shortened(first.label)];
  return {
    problems,
    notices: [
      {
        kind: 'ground-truth',
        severity: 'warning',
        path: first.image.path,
        images: ofTraining.length,
        reason: one
          ? `Of 1 training image, the folder says another class than the ground truth: “${folder}” and “${label}”.`
          : `Of ${numeralOf(ofTraining.length, 'training image')}, the folder says another class than the ground truth: “${folder}” and “${label}” of the first.`,
        action: tableFirst ? 'kept; the ground truth counts' : 'kept; for training images the folder counts',
        offers: [
          tableFirst
            ? { label: 'Take the classes of the folders', choice: { kind: 'folder-first' } }
            : { label: 'Take the classes of the ground truth', choice: { kind: 'table-first' } },
        ],
      },
    ],
  };
}

function contradiction({ image, folder, label }: Contradiction): Problem {
  return warning(
    image.path,
    `Its folder says “${folder}”, the ground truth “${label}”.`,
    'kept; the ground truth counts',
  );
}

function withoutLabel(image: ImageRecord): Problem {
  return warning(image.path, 'The ground truth does not name it.', 'kept without a class; left out of test figures');
}

function missingProblems(
  missing: readonly string[],
  truth: GroundTruth,
  split: LabelledSplit,
  images: readonly ImageRecord[],
): Problem[] {
  const { count, example } = truth.elsewhere[split];
  const all = missing.length + count;
  const first = missing[0] ?? example;
  if (first === null || all === 0) return [];
  const [image] = images;
  // A kind of name that differs is seen beside one that does not.
  const like = image ? `, whose names are like “${split === 'any' ? image.path : image.file}”` : '';
  const reason = `The ground truth names it, but it is not among the ${IMAGES[split]}${all > LISTED ? like : ''}.`;
  const names = all > LISTED || count > 0 ? [first] : missing;
  const problems = names.map((file) =>
    warning(split === 'any' ? file : `${split}/${file}`, reason, 'its label is not used'),
  );
  if (all <= names.length) return problems;
  return problems.map((problem) => ({
    ...problem,
    reason: `${reason} The same holds for ${numeralOf(all - 1, 'other file')}.`,
  }));
}

function ambiguousProblems(files: readonly string[], split: LabelledSplit): Problem[] {
  return counted(
    files.map((file) =>
      warning(
        split === 'any' ? file : `${split}/${file}`,
        `The ground truth’s “${file}” may be more than one of the ${IMAGES[split]}, or is named again with another class.`,
        'its label is not used; name it by its path below the data set’s folder',
      ),
    ),
    'other files',
  );
}

function warning(path: string, reason: string, action: string): Problem {
  return { kind: 'ground-truth', severity: 'warning', path, reason, action };
}
