import { nameOf } from './file-kinds.ts';

/**
 * Which part of a file's name is its class: all up to the number at its end ("american_bulldog_12.jpg"), all up to the
 * first underscore, full stop or blank ("0002_c1s1_000451_03.png"), or all behind the number at its beginning ("0001_cat.png").
 */
export type NameRule = 'before-number' | 'first-part' | 'after-number';

export const NAME_RULES: readonly NameRule[] = ['before-number', 'first-part', 'after-number'];

/** The class that a file's name begins with; null where there is none, and for what re-identification calls junk. */
export function classFromName(path: string, rule: NameRule): string | null {
  const name = nameOf(path);
  const stem = name.replace(/\.[a-z0-9_~]{1,12}$/i, '');
  const part = PART[rule](stem);
  if (part === '' || isNobody(part)) return null;
  // The whole name is a class only where a part of it was left out.
  return part === stem ? null : part;
}

const withoutNumberAtEnd = (stem: string) => stem.replace(/[\s_.#-]*[[(]?\d+[\])]?$/, '').replace(/[\s_.-]+$/, '');

const PART: Readonly<Record<NameRule, (stem: string) => string>> = {
  'before-number': withoutNumberAtEnd,
  'first-part': (stem) => /^-?[^_.\s]+/.exec(stem)?.[0] ?? '',
  // Cameras and frames have numbers behind the first, too.
  'after-number': (stem) => {
    const rest = withoutNumberAtEnd(/^\d+[\s_.-]+(.+)$/.exec(stem)?.[1] ?? '');
    return /\d/.test(rest) ? '' : rest;
  },
};

/** Breeds of one name ("american_bulldog", "american_pit_bull") are a few more classes than names, cameras and frames are many. */
const MOST_MORE = 2;

/** What a rule makes of some files. */
export interface NamedClasses {
  readonly rule: NameRule;
  readonly classes: readonly string[];
  /** Files that get one. */
  readonly files: number;
}

/** In re-identification "-1" marks detections of no one, and "0000" distractors: neither is a class. */
function isNobody(part: string): boolean {
  return part === '-1' || /^0{3,}$/.test(part);
}

/** Below this, prefixes are no classes: nearly every file would be its own. */
const FILES_A_CLASS = 2;
/** Where fewer files have a class by their names, it is chance. */
const SHARE = 0.9;

/**
 * The rules that give sensible classes to most of the files: several classes of several images each, or classes that there
 * are already. The best first, and never two of the same result.
 */
export function sensibleRules(paths: readonly string[], known: ReadonlySet<string>): NamedClasses[] {
  const found: NamedClasses[] = [];
  for (const rule of NAME_RULES) {
    const classes = new Set<string>();
    let files = 0;
    for (const path of paths) {
      const className = classFromName(path, rule);
      if (className !== null) classes.add(className);
      // In some galleries a third belong to no class.
      if (className !== null || isNobody(/^-?\d+(?=_)/.exec(nameOf(path))?.[0] ?? '')) files++;
    }
    const fitKnown = known.size > 0 && classes.size > 0 && [...classes].every((name) => known.has(name));
    const fit =
      files >= SHARE * paths.length && (fitKnown || (classes.size >= 2 && files >= FILES_A_CLASS * classes.size));
    const repeated = found.some(
      (other) => other.classes.length === classes.size && other.classes.every((name) => classes.has(name)),
    );
    if (fit && !repeated) found.push({ rule, classes: [...classes], files });
  }
  const [first, second] = found;
  // Where nearly every image of a class has another name before its number, that is no class.
  const isFarMore = first && second && first.classes.length > MOST_MORE * second.classes.length;
  return isFarMore ? [...found.slice(1), first] : found;
}
