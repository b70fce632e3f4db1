import { AppError, quoted } from '../errors.ts';
import { nameKey } from '../names.ts';
import { numeral } from '../numerals.ts';
import type { KnownNames } from './known-names.ts';
import { compareCodeUnits } from './order.ts';
import type { SplitName } from './split-names.ts';

/** Which images a label is for: a split's, or any that has that name. */
export type LabelledSplit = 'training' | 'query' | 'gallery' | 'any';
export const LABELLED_SPLITS: readonly LabelledSplit[] = ['training', 'query', 'gallery', 'any'];
/** The same as a table says it: which of a test's images are asked with, and which are searched, it does not say. */
export type SpokenSplit = LabelledSplit | SplitName;

/** Files by the splits that tables list them in, where no class decides it: keys as in `Labels`. */
export type Parts = Readonly<Partial<Record<SplitName, readonly string[]>>>;
/** No table tells whether these are queries or gallery. */
export const OPEN_PARTS = ['test', 'validation'] as const;
export type OpenPart = (typeof OPEN_PARTS)[number];
export const PARTS: readonly SplitName[] = ['training', 'query', 'gallery', 'test', 'validation'];

/** Files and their classes, side by side: plain data that can be sent and stored as it is. */
export interface Labels {
  /** As nameKey; relative to the split's folder, or longer or shorter paths (`matchLabels`). No two are the same. */
  readonly files: readonly string[];
  /** Each file's position in `classes`. */
  readonly codes: Int32Array<ArrayBuffer>;
}

/** Labels that are of none of a data set's files, by the names of all of them. */
export interface Elsewhere {
  readonly count: number;
  readonly example: string | null;
}

/** Labels from one or more files, as far as they may be of a data set's images. */
export interface GroundTruth {
  /** Those that have labels, and those that were named without having a file; sorted by code unit. */
  readonly classes: readonly string[];
  readonly labels: Readonly<Record<LabelledSplit, Labels>>;
  readonly elsewhere: Readonly<Record<LabelledSplit, Elsewhere>>;
  /** Files of more than one class, as in `labels`: they get none. Missing where there are none. */
  readonly several?: readonly string[];
  /** Which split labels of `any` split, and lists without classes, are said to belong to. */
  readonly parts?: Parts;
  /** What the user had decided of images when this app wrote the table (place-labels.ts). Missing where nothing. */
  readonly decided?: readonly DecidedFile[];
}

/** A file that the table takes out, or that it says is of no class, whatever its folder is called. */
export interface DecidedFile {
  readonly split: LabelledSplit;
  readonly file: string;
  readonly as: 'excluded' | 'no class';
}

/** Reading in steps: every so often the share that has been read is given out, and the reader may stop. */
export type Steps<T> = Generator<number, T, void>;

/** Labels for about half a million files: more than this is some other file. */
const MAX_BYTES = 64 * 2 ** 20;
/** Four for every file that a data set may have. */
const MAX_LABELS = 2_000_000;
/** Labels between two steps: some milliseconds. */
export const LABELS_A_STEP = 5000;

export function groundTruthRefused(what: string, cause?: unknown): AppError {
  return new AppError(
    'ground-truth-refused',
    `The ground truth cannot be used: ${what}. The labels are as they were; correct the file and add it again.`,
    { cause },
  );
}

/** Bytes or characters: either is refused beyond the bound. */
export function assertGroundTruthSize(size: number): void {
  if (size <= MAX_BYTES) return;
  throw groundTruthRefused(
    `it is larger than ${MAX_BYTES / 2 ** 20} MB (a table of the files and their classes alone is smaller)`,
  );
}

/** Takes all steps at once. */
export function allSteps<T>(steps: Steps<T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/** Where a reader puts its labels. */
export interface Collector {
  readonly count: number;
  /**
   * A file may be named twice, as "a.jpg" and "./a.jpg", if both say the same. `numeric`: the class was written as a number,
   * which may be a position among the declared classes. Throws AppError 'ground-truth-refused'; `place` says where it stands.
   */
  add(split: SpokenSplit, file: string, label: string, place: string, numeric?: boolean): void;
  /** A file of more than one class. */
  addSeveral(file: string): void;
  /** A file of that split, whose class others tell. Throws as `add` does. */
  addPart(split: SplitName, file: string, place: string): void;
  /** What a user had decided of a file. Throws as `add` does. */
  addDecided(decided: DecidedFile, place: string): void;
  /** Whether the very same text was given as a file of that split before. */
  hasFile(split: LabelledSplit, file: string): boolean;
  /** `declared` null: whatever classes there are. */
  finish(declared: readonly string[] | null, known: KnownNames | null): GroundTruth;
}

/**
 * `conflicts`: what becomes of a file that is given two classes. Of one table among others, that one gets none, as where an
 * image has several objects; of a file that is to be the truth, all is refused.
 */
export function createCollector(conflicts: 'leave-out' | 'refuse' = 'leave-out'): Collector {
  const codeOf = new Map<string, number>();
  const numbers = new Set<string>();
  /** Where each class was named first. */
  const firstPlaces: string[] = [];
  const splits = new Map(LABELLED_SPLITS.map((split) => [split, new Map<string, number>()]));
  /** Texts that were changed to make a key, and the keys made of them alone. */
  const changed = new Map(LABELLED_SPLITS.map((split) => [split, new Set<string>()]));
  const names = () => [...codeOf.keys()];
  const several = new Set<string>();
  const parts = new Map(PARTS.map((split) => [split, new Set<string>()]));
  const decided: DecidedFile[] = [];
  let count = 0;
  const labelsOf = (split: LabelledSplit) => splits.get(split) ?? new Map<string, number>();

  return {
    get count() {
      return count;
    },
    add(spoken, file, label, place, numeric = false) {
      const key = keyOf(file, place);
      const isOpen = spoken === 'test' || spoken === 'validation';
      const split = isOpen ? 'any' : spoken;
      if (isOpen) parts.get(spoken)?.add(key);
      const code = codeOf.get(label) ?? codeOf.size;
      if (code === codeOf.size) firstPlaces.push(`${quoted(key)} in ${place}`);
      codeOf.set(label, code);
      if (numeric) numbers.add(label);
      const labels = labelsOf(split);
      const before = labels.get(key);
      if (before !== undefined && before !== code) {
        if (conflicts === 'leave-out') {
          several.add(key);
          return;
        }
        throw groundTruthRefused(
          `${place} gives ${quoted(key)} the class ${quoted(label)}, but an earlier line ${quoted(names()[before] ?? '')}`,
        );
      }
      labels.set(key, code);
      if (file !== key) changed.get(split)?.add(file).add(key);
    },
    addSeveral(file) {
      several.add(keyOf(file, 'it'));
    },
    addPart(split, file, place) {
      parts.get(split)?.add(keyOf(file, place));
    },
    addDecided({ split, file, as }, place) {
      decided.push({ split, file: keyOf(file, place), as });
    },
    hasFile(split, file) {
      const key = truthKey(file);
      const marked = changed.get(split)?.has(file) === true;
      return labelsOf(split).has(key) && (file === key ? !marked : marked);
    },
    finish(declared, known) {
      const meant = meantClasses(names(), numbers, declared, firstPlaces);
      const classes = [...new Set([...(declared ?? []), ...meant])].sort(compareCodeUnits);
      const positions = new Map(classes.map((name, at) => [name, at]));
      const codes = meant.map((name) => positions.get(name) ?? 0);
      const elsewhere = record((): { count: number; example: string | null } => ({ count: 0, example: null }));
      const labels = record((split): Labels => {
        const files: string[] = [];
        const own: number[] = [];
        for (const [file, code] of labelsOf(split)) {
          if (conflicts === 'leave-out' && several.has(file)) continue;
          if (!known || known.has(file)) {
            files.push(file);
            own.push(codes[code] ?? 0);
          } else {
            elsewhere[split].count++;
            elsewhere[split].example ??= file;
          }
        }
        return { files, codes: Int32Array.from(own) };
      });
      const here = [...several].filter((file) => !known || known.has(file));
      const listed = partsOf((split) => [...(parts.get(split) ?? [])].filter((file) => !known || known.has(file)));
      const kept = decided.filter(({ file }) => !known || known.has(file));
      return {
        classes,
        labels,
        elsewhere,
        ...(here.length > 0 ? { several: here } : {}),
        ...listed,
        ...(kept.length > 0 ? { decided: kept } : {}),
      };
    },
  };

  function keyOf(file: string, place: string): string {
    const key = truthKey(file);
    if (key === '') throw groundTruthRefused(`${place} names no file`);
    if (++count > MAX_LABELS) throw groundTruthRefused(`it has more than ${numeral(MAX_LABELS)} labels`);
    return key;
  }
}

/** A number that is no declared class counts them, from 0. */
function meantClasses(
  names: readonly string[],
  numbers: ReadonlySet<string>,
  declared: readonly string[] | null,
  places: readonly string[],
): string[] {
  if (!declared) return [...names];
  const known = new Set(declared);
  return names.map((name, at) => {
    if (known.has(name)) return name;
    const counted = numbers.has(name) ? declared[Number(name)] : undefined;
    if (counted === undefined) {
      throw groundTruthRefused(`the class ${quoted(name)} of ${places[at] ?? 'a file'} is not listed in "classes"`);
    }
    return counted;
  });
}

function record<T>(of: (split: LabelledSplit) => T): Record<LabelledSplit, T> {
  return { training: of('training'), query: of('query'), gallery: of('gallery'), any: of('any') };
}

/** Parts as far as there are any. */
export function partsOf(of: (split: SplitName) => readonly string[]): Pick<GroundTruth, 'parts'> {
  const parts: Partial<Record<SplitName, readonly string[]>> = {};
  for (const split of PARTS) {
    const files = of(split);
    if (files.length > 0) parts[split] = files;
  }
  return Object.keys(parts).length > 0 ? { parts } : {};
}

/** The name by which labels are looked up: "./a.jpg" and "a.jpg" are one file, nothing else is changed but accents. */
function truthKey(file: string): string {
  return nameKey(file.startsWith('./') ? file.slice(2) : file);
}

/**
 * Labels of several files as one; where two disagree about the same file, the earlier one counts. `disagreements`: how many
 * labels of the later ones were left out for that.
 */
export function joinGroundTruths(truths: readonly GroundTruth[]): { truth: GroundTruth; disagreements: number } {
  const [only, second] = truths;
  if (only && !second) return { truth: only, disagreements: 0 };
  const classes = [...new Set(truths.flatMap((truth) => truth.classes))].sort(compareCodeUnits);
  const positions = new Map(classes.map((name, at) => [name, at]));
  let disagreements = 0;
  const labels = record((split): Labels => {
    const found = new Map<string, number>();
    for (const truth of truths) {
      for (const [at, file] of truth.labels[split].files.entries()) {
        const code = positions.get(truth.classes[truth.labels[split].codes[at] ?? 0] ?? '') ?? 0;
        const before = found.get(file);
        if (before === undefined) found.set(file, code);
        else if (before !== code) disagreements++;
      }
    }
    return { files: [...found.keys()], codes: Int32Array.from(found.values()) };
  });
  const elsewhere = record(
    (split): Elsewhere => ({
      count: truths.reduce((sum, truth) => sum + truth.elsewhere[split].count, 0),
      example: truths.find((truth) => truth.elsewhere[split].example !== null)?.elsewhere[split].example ?? null,
    }),
  );
  const several = [...new Set(truths.flatMap((truth) => truth.several ?? []))];
  const parts = partsOf((split) => [...new Set(truths.flatMap((truth) => truth.parts?.[split] ?? []))]);
  const decided = truths.flatMap((truth) => truth.decided ?? []);
  return {
    truth: {
      classes,
      labels,
      elsewhere,
      ...(several.length > 0 ? { several } : {}),
      ...parts,
      ...(decided.length > 0 ? { decided } : {}),
    },
    disagreements,
  };
}
