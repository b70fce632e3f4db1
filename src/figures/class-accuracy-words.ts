import type { ClassAccuracyData } from './class-accuracy.ts';
import { isolated } from './class-names.ts';
import { shareWords } from './number-words.ts';

const amount = (n: number, one: string, many: string): string => `${n.toLocaleString('en')} ${n === 1 ? one : many}`;

/** Of run A. */
const asked = (classes: ClassAccuracyData['classes']): string =>
  amount(
    classes.reduce((sum, { a }) => sum + (a?.queries ?? 0), 0),
    'query that counts',
    'queries that count',
  );

/** What is to be seen of one run's classes; `drawn` is the number of lines. */
export function accuracySummary({ k, classes }: ClassAccuracyData, drawn: number): string {
  const worst = classes[0];
  const best = classes.at(-1);
  if (!worst?.a || !best?.a) return 'There is no class with a query that counts.';
  const middle = classes[Math.floor(classes.length / 2)]?.a?.share ?? 0;
  const all = amount(classes.length, 'class', 'classes');
  const ends =
    classes.length === 1
      ? `${isolated(worst.className)} ${shareWords(worst.a.share)} %`
      : `from ${shareWords(worst.a.share)} % (${isolated(worst.className)}) to ${shareWords(best.a.share)} % (${isolated(best.className)}), half of them at ${shareWords(middle)} % or more`;
  const which = drawn < classes.length ? ` Drawn are the ${drawn} lowest; the table has all.` : '';
  return `Top-${k} accuracy of ${all}, ${asked(classes)}: ${ends}.${which}`;
}

/** What is to be seen of two runs' classes. */
export function comparisonSummary({ k, classes }: ClassAccuracyData, drawn: number): string {
  const count = (fits: (change: number) => boolean) =>
    classes.filter(({ change }) => change !== null && fits(change)).length;
  const [lost, gained, same] = [count((c) => c < 0), count((c) => c > 0), count((c) => c === 0)];
  const which =
    drawn < classes.length
      ? ` Drawn are ${drawn} of ${amount(classes.length, 'class', 'classes')}, those that changed most either way; the table has all.`
      : '';
  return `Top-${k} accuracy of run A against run B, ${asked(classes)}: A is better in ${amount(gained, 'class', 'classes')}, worse in ${amount(lost, 'class', 'classes')} and equal in ${amount(same, 'class', 'classes')}.${which}`;
}
