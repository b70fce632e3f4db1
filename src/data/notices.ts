import { compareNames } from '../names.ts';
import { numeral, numeralOf } from '../numerals.ts';
import type { ImageRecord, RoleFolder, Split } from '../types.ts';
import type { Choices, Notice, Offer } from './choices.ts';
import { classesApart, similarClasses } from './class-notices.ts';
import { folderOf, nameOf } from './file-kinds.ts';
import { type NamedClasses, sensibleRules } from './file-name-classes.ts';
import type { OpenPart } from './ground-truth.ts';
import { listedPartsNotice } from './listed-parts.ts';
import { nestedClasses } from './nested-classes.ts';
import { listed, quote } from './quoted-names.ts';
import { firstFolder, isWithin } from './roles.ts';
import { type SplitName, splitInName, splitNameOf } from './split-names.ts';

/** What notices are found in: a data set whose images have been labelled, those without a class in training among them. */
export interface Noticed {
  readonly images: readonly ImageRecord[];
  readonly folders: readonly RoleFolder[];
  readonly unused: ReadonlyMap<string, number>;
  readonly classFolders: ReadonlySet<string>;
  /** Images that tables list as of a test or of validation, where no folder names a split. */
  readonly listed: ReadonlyMap<OpenPart, number>;
  splitFolderOf(path: string): string;
  readonly root: string;
  /** Whether folders' names gave the splits. */
  readonly named: boolean;
  readonly choices: Choices;
}

/** All notices of a data set, those that decide most first. */
export function findNotices(noticed: Noticed): Notice[] {
  return [
    ...withoutRoles(noticed),
    ...withoutGallery(noticed),
    ...listedPartsNotice(noticed.listed, noticed.images, noticed.choices, noticed.root),
    ...withoutClasses(noticed),
    ...splitsInsideClasses(noticed),
    ...splitsTakenForClasses(noticed),
    ...(noticed.choices.innermost ? [] : nestedClasses(noticed.images, noticed.classFolders)),
    ...similarClasses(noticed.images),
    ...classesApart(noticed.images),
  ];
}

/** Queries, and nothing to search in. Where folders have no part yet, the question about them says it. */
function withoutGallery({ images, unused, root }: Noticed): Notice[] {
  const queries = images.filter(({ split }) => split === 'query').length;
  if (queries === 0 || images.some(({ split }) => split === 'gallery')) return [];
  if ([...unused.keys()].some(isUndecidedSplit)) return [];
  return [
    {
      kind: 'outside-roles',
      severity: 'warning',
      path: root,
      images: queries,
      reason: `There ${queries === 1 ? 'is' : 'are'} ${numeralOf(queries, 'query image')}, but no gallery to search in.`,
      action: 'kept; give a folder the role Gallery in the table Folders, or add a folder “gallery” and open all again',
      offers: [],
    },
  ];
}

// Folders without a role.

function withoutRoles({ unused, folders, images, root }: Noticed): Notice[] {
  const notices: Notice[] = [];
  const splits = [...unused].filter(([folder]) => isUndecidedSplit(folder));
  if (splits.length > 0) notices.push(undecidedSplits(splits, images, root));
  for (const [folder, count] of unused) {
    if (isUndecidedSplit(folder)) continue;
    const isLoose = folder === root || folders.some(({ path }) => path !== folder && isWithin(path, folder));
    const where = folder === '' ? 'outside any folder' : `directly in ${quote(nameOf(folder))}`;
    const lie = count === 1 ? 'lies' : 'lie';
    notices.push({
      kind: 'outside-roles',
      severity: 'skipped',
      path: folder,
      images: count,
      reason: isHidden(folder)
        ? `${quote(nameOf(folder))} (${numeralOf(count, 'image')}) is a hidden folder.`
        : isLoose
          ? `${numeralOf(count, 'image')} ${lie} ${where}, in no training, query or gallery folder.`
          : `${quote(nameOf(folder))} (${numeralOf(count, 'image')}) is not a training, query or gallery folder.`,
      action: isHidden(folder)
        ? 'skipped; give it a name without a dot before it to use its images'
        : 'skipped; give the folder a role to use it',
      offers: isHidden(folder) || isLoose ? [] : rolesInName(folder),
    });
  }
  return notices;
}

const isHidden = (folder: string) => folder.includes('/') && nameOf(folder).startsWith('.');

/** What a folder may be by a word of its name: "Query (copy)", "my test photos". */
function rolesInName(folder: string): Offer[] {
  const split = splitInName(nameOf(folder));
  return (split ? ROLE_OF[split] : []).map((role) => ({
    label: `Use ${quote(nameOf(folder))} ${AS[role]}`,
    choice: { kind: 'roles', roles: [[folder, role]] },
  }));
}

const undecided: readonly (SplitName | null)[] = ['test', 'validation'];
const isUndecidedSplit = (folder: string) => undecided.includes(splitNameOf(nameOf(folder)));

/** "test" and "valid": whether they are asked with or searched, no name tells. */
function undecidedSplits(
  splits: readonly (readonly [folder: string, images: number])[],
  images: readonly ImageRecord[],
  root: string,
): Notice {
  const has = (split: Split) => images.some((image) => image.split === split);
  const of = (name: SplitName) => splits.flatMap(([folder]) => (splitNameOf(nameOf(folder)) === name ? [folder] : []));
  const [tests, validations] = [of('test'), of('validation')];
  const offers: Offer[] = [];
  const offer = (label: string, roles: Partial<Record<'query' | 'gallery', readonly string[]>>) => {
    const { query = [], gallery = [] } = roles;
    offers.push({
      label,
      choice: {
        kind: 'roles',
        roles: [
          ...query.map((folder) => [folder, 'query'] as const),
          ...gallery.map((folder) => [folder, 'gallery'] as const),
        ],
      },
    });
  };
  const named = (folders: readonly string[]) => listed(folders.map(nameOf));
  if (!has('query') && !has('gallery') && tests.length > 0 && validations.length > 0) {
    offer(`Ask with ${named(tests)}, search in ${named(validations)}`, { query: tests, gallery: validations });
    offer(`Ask with ${named(validations)}, search in ${named(tests)}`, { query: validations, gallery: tests });
    offer(`Search ${named(tests)} within itself, each image among the others`, { gallery: tests });
  } else {
    for (const folders of [tests, validations]) {
      if (folders.length === 0) continue;
      if (!has('gallery')) offer(`Search in ${named(folders)}`, { gallery: folders });
      if (!has('query')) offer(`Ask with ${named(folders)}`, { query: folders });
    }
  }
  const count = splits.reduce((sum, [, images]) => sum + images, 0);
  const [only] = splits;
  const each = splits
    .map(([folder, images]) => `${quote(nameOf(folder))} (${numeralOf(images, 'image')})`)
    .join(' and ');
  return {
    kind: 'outside-roles',
    severity: 'skipped',
    path: splits.length === 1 && only ? only[0] : root,
    images: count,
    reason: `${each} ${splits.length === 1 ? 'has' : 'have'} no part yet: which images are asked with (queries), and which are searched (gallery)?`,
    action: 'skipped until you decide',
    offers,
  };
}

// Images without a class.

const FLAT: Readonly<Record<Split, string>> = {
  training: 'left out: a training image needs a class, from its folder, a table, its name or your own hand',
  query: 'kept without a class; left out of test figures',
  gallery: 'kept without a class; left out of test figures',
};

/** Images that lie in no class folder: one notice for all splits where their names begin with a class, else one for training. */
function withoutClasses({ images, splitFolderOf, choices }: Noticed): Notice[] {
  const flat = new Map<string, { split: Split; paths: string[] }>();
  const known = new Set<string>();
  // The user decided that these have none.
  const byHand = new Set(choices.classesByHand.map(([path]) => path));
  for (const { path, split, className } of images) {
    if (className !== null) {
      if (split === 'training') known.add(className);
      continue;
    }
    if (byHand.has(path)) continue;
    const folder = splitFolderOf(path);
    const group = flat.get(folder);
    if (group) group.paths.push(path);
    else flat.set(folder, { split, paths: [path] });
  }
  const decided = new Set(choices.namesAsClasses.map(([folder]) => folder));
  const open = [...flat].filter(([folder]) => !decided.has(folder));
  const found = sensibleFolders(open, known);
  const notices: Notice[] = [];
  if (found) notices.push(offerNames(found.folders, found.rules, open));
  for (const [folder, { split, paths }] of flat) {
    if (split !== 'training' || found?.folders.includes(folder)) continue;
    notices.push({
      kind: 'no-class',
      severity: 'skipped',
      path: folder,
      images: paths.length,
      reason: `${numeralOf(paths.length, 'image')} ${paths.length === 1 ? 'lies' : 'lie'} directly in ${quote(nameOf(folder))}, in no class folder, and no table names a class.`,
      action: FLAT.training,
      offers: [],
    });
  }
  return notices;
}

type FlatFolder = readonly [folder: string, group: { readonly split: Split; readonly paths: readonly string[] }];

/** The folders whose file names begin with classes, and the rules by which they do. Training decides which classes there are. */
function sensibleFolders(
  open: readonly FlatFolder[],
  known: ReadonlySet<string>,
): { folders: readonly string[]; rules: readonly NamedClasses[] } | null {
  const training = open.filter(([, { split }]) => split === 'training');
  const first = training.length > 0 ? training : open;
  const rules = sensibleRules(
    first.flatMap(([, { paths }]) => paths),
    known,
  );
  const [best] = rules;
  if (!best) return null;
  const classes = new Set([...best.classes, ...known]);
  const others = open.filter(
    (one) => !first.includes(one) && sensibleRules(one[1].paths, classes).some(({ rule }) => rule === best.rule),
  );
  return { folders: [...first, ...others].map(([folder]) => folder), rules };
}

const HOW: Readonly<Record<NamedClasses['rule'], string>> = {
  'before-number': 'all before the number at its end',
  'first-part': 'all up to the first _ or .',
  'after-number': 'all behind the number at its beginning',
};

function offerNames(folders: readonly string[], rules: readonly NamedClasses[], open: readonly FlatFolder[]): Notice {
  const groups = open.filter(([folder]) => folders.includes(folder));
  const count = groups.reduce((sum, [, { paths }]) => sum + paths.length, 0);
  const isTraining = groups.some(([, { split }]) => split === 'training');
  const [best] = rules;
  const example = nameOf(groups[0]?.[1].paths[0] ?? '');
  const classes = [...(best?.classes ?? [])].sort(compareNames);
  const gives = `${numeralOf(classes.length, 'class', 'classes')}, ${listed(classes)}`;
  const [first = ''] = folders;
  return {
    kind: 'no-class',
    severity: isTraining ? 'skipped' : 'warning',
    path: folders.length === 1 ? first : folderOf(first),
    images: count,
    reason: `The images in ${listed(folders.map(nameOf))} lie in no class folders, but the names of their files (${quote(example)}) seem to ${best?.rule === 'after-number' ? 'end' : 'begin'} with the class: that gives ${gives}.`,
    action: isTraining ? FLAT.training : FLAT.query,
    offers: rules.map(({ rule, classes }) => ({
      label:
        rules.length === 1
          ? 'Take the classes from the file names'
          : `Take ${HOW[rule]} as the class (${numeral(classes.length)})`,
      choice: { kind: 'name-classes', folders, rule },
    })),
  };
}

// Folders that are classes by their place, and splits by their name.

const ROLE_OF: Readonly<Record<SplitName, readonly Split[]>> = {
  training: ['training'],
  query: ['query'],
  gallery: ['gallery'],
  test: ['query', 'gallery'],
  validation: ['query', 'gallery'],
};
const AS: Readonly<Record<Split, string>> = { training: 'as training', query: 'as queries', gallery: 'as gallery' };

/** With a smaller share of images in such folders, they are parts of a class that have such names by chance. */
const SHARE_IN_SPLITS = 0.9;

/** "cat/train", "cat/test", "dog/train" …: splits inside the classes, all of which would be one gallery. */
function splitsInsideClasses({ images, root, named, choices }: Noticed): Notice[] {
  if (named || choices.roles.length > 0) return [];
  const foldersOf = new Map<SplitName, Set<string>>();
  let found = 0;
  for (const { path } of images) {
    const folder = folderOf(path);
    const inside = isWithin(folder, root) ? firstFolder(folder, firstFolder(folder, root) ?? folder) : null;
    const split = inside === null ? null : splitNameOf(nameOf(inside));
    if (inside === null || split === null) continue;
    found++;
    foldersOf.set(split, (foldersOf.get(split) ?? new Set()).add(inside));
  }
  if (foldersOf.size < 2 || found < SHARE_IN_SPLITS * images.length) return [];
  const of = (split: SplitName) => [...(foldersOf.get(split) ?? [])];
  const name = (split: SplitName) => quote(nameOf(of(split)[0] ?? ''));
  const names = [...foldersOf.values()].flatMap(([first]) => (first === undefined ? [] : [nameOf(first)]));
  const offer = (label: string, roles: Readonly<Partial<Record<Split, readonly SplitName[]>>>): Offer => ({
    label,
    choice: {
      kind: 'roles',
      roles: ROLES.flatMap((role) => (roles[role] ?? []).flatMap(of).map((folder) => [folder, role] as const)),
    },
  });
  const [test, validation] = [foldersOf.has('test'), foldersOf.has('validation')];
  const ways: Offer[] =
    foldersOf.has('query') || foldersOf.has('gallery')
      ? [offer('Take the folders inside the classes as splits', EACH_AS_NAMED)]
      : [
          ...(test && validation
            ? [
                offer(`Ask with ${name('test')}, search in ${name('validation')}`, {
                  training: ['training'],
                  query: ['test'],
                  gallery: ['validation'],
                }),
              ]
            : []),
          offer(`Search ${name(test ? 'test' : 'validation')} within itself, each image among the others`, {
            training: ['training'],
            gallery: [test ? 'test' : 'validation'],
          }),
        ];
  const [first] = of([...foldersOf.keys()][0] ?? 'training');
  return [
    {
      kind: 'looks-like-split',
      severity: 'warning',
      path: first ?? root,
      images: found,
      reason: `The folders inside the classes (${listed(names)}) are named as splits, but all their images are one gallery now.`,
      action: 'kept as a gallery of these classes',
      offers: ways,
    },
  ];
}

const ROLES: readonly Split[] = ['training', 'query', 'gallery'];
const EACH_AS_NAMED: Readonly<Record<Split, readonly SplitName[]>> = {
  training: ['training'],
  query: ['query'],
  gallery: ['gallery'],
};

function splitsTakenForClasses({ classFolders, images, choices }: Noticed): Notice[] {
  const decided = new Set(choices.roles.map(([folder]) => folder));
  // Beside other classes a "test tube" is one, and so is a "train"; two of two folders are hardly.
  const few = classFolders.size <= 2;
  const found = [...classFolders].filter((folder) => {
    const name = nameOf(folder);
    return !decided.has(folder) && (few ? splitInName(name) : name.toLowerCase() !== 'train' && splitNameOf(name));
  });
  return found.map((folder) => {
    const count = images.filter(({ path }) => isWithin(folderOf(path), folder)).length;
    const split = splitInName(nameOf(folder));
    return {
      kind: 'looks-like-split',
      severity: 'warning',
      path: folder,
      images: count,
      reason: `${quote(nameOf(folder))} (${numeralOf(count, 'image')}) was taken for a class, but its name is that of a split.`,
      action: 'kept as a class',
      offers: (split ? ROLE_OF[split] : []).map((role) => ({
        label: `Use ${AS[role]}`,
        choice: { kind: 'roles', roles: [[folder, role]] },
      })),
    };
  });
}
