import type { ClassAccuracy, ClassComparison } from '../metrics/by-class.ts';
import type { Numbers } from '../metrics/format.ts';
import { isolated } from './class-names.ts';
import { type FigureColumn, type FigureTable, percent } from './figure.ts';

export interface NamedRun {
  readonly label: string;
  /** Its colour slot. */
  readonly colour: number;
}

export interface ClassAccuracyData {
  readonly k: number;
  /** "test" or "validation". */
  readonly images: string;
  readonly a: NamedRun;
  /** What it is compared with; null for one run alone. */
  readonly b: NamedRun | null;
  /** As compareClasses gives them; without `b`, `b` and `change` are null in each, in the order of accuracyByClass. */
  readonly classes: readonly ClassComparison[];
}

/** Questions by run A. */
const asked = (classes: ClassAccuracyData['classes'], { amount }: Numbers): string =>
  amount(
    classes.reduce((sum, { a }) => sum + (a?.queries ?? 0), 0),
    'query that counts',
    'queries that count',
  );

/** What one run's classes show; `drawn` is the number of lines. */
export function accuracySummary({ k, classes }: ClassAccuracyData, drawn: number, numbers: Numbers): string {
  const { amount, share } = numbers;
  const worst = classes[0];
  const best = classes.at(-1);
  if (!worst?.a || !best?.a) return 'There is no class with a query that counts.';
  const middle = classes[Math.floor(classes.length / 2)]?.a?.share ?? 0;
  const all = amount(classes.length, 'class', 'classes');
  const ends =
    classes.length === 1
      ? `${isolated(worst.className)} ${share(worst.a.share)} %`
      : worst.a.share === best.a.share
        ? `all at ${share(best.a.share)} %`
        : `from ${share(worst.a.share)} % (${isolated(worst.className)}) to ${share(best.a.share)} % (${isolated(best.className)}), half of them at ${share(middle)} %${middle < 1 ? ' or more' : ''}`;
  const which = drawn < classes.length ? ` Drawn are the ${drawn} lowest; the table has all.` : '';
  return `Top-${k} accuracy of ${all}, ${asked(classes, numbers)}: ${ends}.${which}`;
}

/** What two runs' classes show. */
export function comparisonSummary({ k, classes }: ClassAccuracyData, drawn: number, numbers: Numbers): string {
  const { amount } = numbers;
  const count = (fits: (change: number) => boolean) =>
    classes.filter(({ change }) => change !== null && fits(change)).length;
  const [lost, gained, same] = [count((c) => c < 0), count((c) => c > 0), count((c) => c === 0)];
  const which =
    drawn < classes.length
      ? ` Drawn are ${drawn} of ${amount(classes.length, 'class', 'classes')}, those that changed most either way; the table has all.`
      : '';
  return `Top-${k} accuracy of run A against run B, ${asked(classes, numbers)}: A is better in ${amount(gained, 'class', 'classes')}, worse in ${amount(lost, 'class', 'classes')} and equal in ${amount(same, 'class', 'classes')}.${which}`;
}

/** Every class, with 95 % Wilson intervals; of two runs with the change from B to A in percentage points. */
export function classTable({ k, b, classes }: ClassAccuracyData): FigureTable {
  const columns = b === null ? runColumns(k, '') : [...runColumns(k, 'A: '), ...runColumns(k, 'B: ')];
  return {
    columns: [
      { title: 'Class', numeric: false },
      ...columns,
      ...(b === null ? [] : [{ title: 'Change from B to A (points)', numeric: true, digits: 1 }]),
    ],
    rows: classes.map((row) => [
      row.className,
      ...runCells(row.a),
      ...(b === null ? [] : [...runCells(row.b), row.change === null ? null : percent(row.change)]),
    ]),
  };
}

const runColumns = (k: number, run: string): FigureColumn[] => [
  { title: `${run}Queries`, numeric: true, digits: 0 },
  { title: `${run}Top-${k} accuracy (%)`, numeric: true, digits: 1 },
  { title: `${run}95 % lower bound (%)`, numeric: true, digits: 1 },
  { title: `${run}95 % upper bound (%)`, numeric: true, digits: 1 },
];

function runCells(side: ClassAccuracy | null): (number | null)[] {
  if (side === null) return [null, null, null, null];
  return [side.queries, percent(side.share), ...side.interval.map(percent)];
}
