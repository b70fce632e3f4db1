import type { ClusteredLabels, ImageRecord, Problem, Role, Split } from '../types.ts';
import type { NameRule } from './file-name-classes.ts';
import type { OpenPart } from './ground-truth.ts';

/** What a user decided about a data set, beside its files. Plain data, stored as it is; the images follow from it. */
export interface Choices {
  /** Roles given by hand, by folder. */
  readonly roles: readonly (readonly [folder: string, role: Role])[];
  /** Folders whose images have their class from the file's name. */
  readonly namesAsClasses: readonly (readonly [folder: string, rule: NameRule])[];
  /** Classes that are taken for another one. */
  readonly mergedClasses: readonly (readonly [from: string, into: string])[];
  /** Classes given by hand, by image; they win over all else. Null: of no class, whatever else says one. */
  readonly classesByHand: readonly (readonly [path: string, className: string | null])[];
  /** Of images whose class by hand is that of a whole group: the model that had found the group, as it was called. */
  readonly clusteredBy: readonly (readonly [path: string, model: string])[];
  /** Images that take no part, by path: kept, shown apart, and taken back by a press. */
  readonly excluded: readonly string[];
  /** What becomes of images that tables list as of a test or of validation; empty: all are gallery. */
  readonly listedRoles: readonly (readonly [part: OpenPart, role: Role])[];
  /** Whether a table's class goes before that of a training image's folder. */
  readonly tableFirst: boolean;
  /** Whether of folders inside class folders the innermost are the classes. */
  readonly innermost: boolean;
}

export const NO_CHOICES: Choices = {
  roles: [],
  namesAsClasses: [],
  mergedClasses: [],
  classesByHand: [],
  clusteredBy: [],
  excluded: [],
  listedRoles: [],
  tableFirst: false,
  innermost: false,
};

/** The choices of a data set, as `choose` changes them; `choices` without what earlier versions did not know. */
export function choicesOf(stored: {
  readonly roles: Choices['roles'];
  readonly choices?: Partial<Omit<Choices, 'roles'>>;
}): Choices {
  return { ...NO_CHOICES, ...stored.choices, roles: stored.roles };
}

/** One decision. `name-classes` without a rule takes it back, and `no-own-class` what was decided by hand. */
export type Choice =
  | { readonly kind: 'roles'; readonly roles: Choices['roles'] }
  | { readonly kind: 'name-classes'; readonly folders: readonly string[]; readonly rule: NameRule | null }
  | { readonly kind: 'merge-classes'; readonly classes: Choices['mergedClasses'] }
  | {
      readonly kind: 'class';
      readonly paths: readonly string[];
      readonly className: string | null;
      /** The model among whose clusters the images were chosen together; missing where they were chosen one by one. */
      readonly clusteredBy?: string;
    }
  | { readonly kind: 'no-own-class'; readonly paths: readonly string[] }
  | { readonly kind: 'listed-roles'; readonly roles: Choices['listedRoles'] }
  | { readonly kind: 'table-first' | 'folder-first' | 'innermost' }
  | { readonly kind: 'exclude' | 'include'; readonly paths: readonly string[] };

/** The choices with one more; the later of two about the same thing counts. */
export function choose(choices: Choices, choice: Choice): Choices {
  switch (choice.kind) {
    case 'roles':
      return { ...choices, roles: replaced(choices.roles, choice.roles) };
    case 'name-classes': {
      const { folders, rule } = choice;
      const added = rule === null ? [] : folders.map((folder) => [folder, rule] as const);
      return { ...choices, namesAsClasses: [...without(choices.namesAsClasses, folders), ...added] };
    }
    case 'merge-classes': {
      // What classes are merged into is a class again, whatever was decided of it before: else two would swap their names.
      const kept = without(
        choices.mergedClasses,
        choice.classes.map(([, into]) => into),
      );
      return { ...choices, mergedClasses: replaced(kept, choice.classes) };
    }
    case 'class': {
      const { paths, className, clusteredBy } = choice;
      const added = paths.map((path) => [path, className] as const);
      const found =
        clusteredBy === undefined || className === null ? [] : paths.map((path) => [path, clusteredBy] as const);
      return {
        ...choices,
        classesByHand: [...without(choices.classesByHand, paths), ...added],
        clusteredBy: [...without(choices.clusteredBy, paths), ...found],
      };
    }
    case 'no-own-class':
      return {
        ...choices,
        classesByHand: without(choices.classesByHand, choice.paths),
        clusteredBy: without(choices.clusteredBy, choice.paths),
      };
    case 'listed-roles':
      return { ...choices, listedRoles: choice.roles };
    case 'table-first':
      return { ...choices, tableFirst: true };
    case 'folder-first':
      return { ...choices, tableFirst: false };
    case 'innermost':
      return { ...choices, innermost: true };
    case 'exclude':
      return { ...choices, excluded: [...new Set([...choices.excluded, ...choice.paths])] };
    case 'include': {
      const back = new Set(choice.paths);
      return { ...choices, excluded: choices.excluded.filter((path) => !back.has(path)) };
    }
  }
}

type Counts = Readonly<Record<Split, number>>;

/** How many images of each split there are. */
export function countSplits(images: readonly Pick<ImageRecord, 'split'>[]): Counts {
  const counts: Record<Split, number> = { training: 0, query: 0, gallery: 0 };
  for (const { split } of images) counts[split]++;
  return counts;
}

/** How many of these images got their class from the user. */
export function countByHand({ classesByHand }: Choices, images: readonly ImageRecord[]): Counts {
  const byHand = new Set(classesByHand.map(([path]) => path));
  return countSplits(images.filter(({ path }) => byHand.has(path)));
}

type Entries<T> = readonly (readonly [key: string, value: T])[];

function without<T>(entries: Entries<T>, keys: readonly string[]): Entries<T> {
  const gone = new Set(keys);
  return entries.filter(([key]) => !gone.has(key));
}

function replaced<T>(entries: Entries<T>, by: Entries<T>): Entries<T> {
  return [
    ...without(
      entries,
      by.map(([key]) => key),
    ),
    ...by,
  ];
}

/** The class that each class is taken for in the end: merges follow one another (a damaged circle of them ends). */
export function mergedInto(merged: Choices['mergedClasses']): (className: string) => string {
  const into = new Map(merged);
  return (className) => {
    const seen = new Set([className]);
    let name = className;
    for (let next = into.get(name); next !== undefined && !seen.has(next); next = into.get(name)) {
      seen.add(next);
      name = next;
    }
    return name;
  };
}

/**
 * Something about a folder, or about the classes of a whole data set, that a user may want otherwise: one line, whatever the
 * number of images, with what can be done about it by a press of a button.
 */
export interface Notice extends Problem {
  /** Images that it is about. */
  readonly images: number;
  readonly offers: readonly Offer[];
}

export interface Offer {
  /** As a button says it. */
  readonly label: string;
  /** What `choose` is to do. */
  readonly choice: Choice;
}

/** How many of these images have a label of that kind, by model, the most first. */
export function clusteredLabels(
  { clusteredBy }: Pick<Choices, 'clusteredBy'>,
  images: readonly Pick<ImageRecord, 'path' | 'className'>[],
): ClusteredLabels[] {
  if (clusteredBy.length === 0) return [];
  const modelOf = new Map(clusteredBy);
  const counts = new Map<string, number>();
  for (const { path, className } of images) {
    const model = className === null ? undefined : modelOf.get(path);
    if (model !== undefined) counts.set(model, (counts.get(model) ?? 0) + 1);
  }
  return [...counts].map(([model, count]) => ({ model, images: count })).sort((a, b) => b.images - a.images);
}
