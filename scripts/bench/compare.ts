import { median } from '../../src/math/statistics.ts';

/** A number of one run beside that of another. */
export interface Compared {
  readonly what: string;
  readonly before: number;
  readonly now: number;
}

/**
 * Every number that two files of `--json` both have, by where it stands. Lists of numbers are rounds and count by their
 * median; other lists are entered by what their entries name themselves (`model`, `rows`, `batch`), so that another choice of
 * networks compares, too.
 */
export function compared(before: unknown, now: unknown): Compared[] {
  const old = numbersOf(before);
  return [...numbersOf(now)].flatMap(([what, value]) => {
    const known = old.get(what);
    return known === undefined ? [] : [{ what, before: known, now: value }];
  });
}

const NAMES = ['model', 'rows', 'batch', 'name'];

function numbersOf(value: unknown, path = '', found = new Map<string, number>()): Map<string, number> {
  if (typeof value === 'number') found.set(path, value);
  else if (Array.isArray(value)) {
    const numbers = value.filter((each): each is number => typeof each === 'number');
    if (value.length > 0 && numbers.length === value.length) found.set(path, median(numbers));
    else for (const [i, each] of value.entries()) numbersOf(each, `${path}[${nameOf(each) ?? i}]`, found);
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, each] of Object.entries(value)) numbersOf(each, path ? `${path}.${key}` : key, found);
  }
  return found;
}

function nameOf(value: unknown): string | null {
  if (typeof value !== 'object' || value === null) return null;
  const entry = Object.entries(value).find(([key]) => NAMES.includes(key));
  return entry ? String(entry[1]) : null;
}

/** One line a number, those that changed most first. */
export function comparedLines(pairs: readonly Compared[]): string[] {
  const change = ({ before, now }: Compared) => Math.abs(Math.log(Math.abs(now / before)));
  const ordered = pairs
    .filter(({ before, now }) => before !== now)
    .map((pair) => ({ ...pair, change: change(pair) }))
    .sort((a, b) => (Number.isFinite(b.change) ? b.change : 0) - (Number.isFinite(a.change) ? a.change : 0));
  return ordered.map(
    ({ what, before, now }) =>
      `${what}: ${before.toPrecision(4)} → ${now.toPrecision(4)} (× ${(now / before).toFixed(2)})`,
  );
}
