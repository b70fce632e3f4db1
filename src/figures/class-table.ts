import type { ClassAccuracy } from '../metrics/by-class.ts';
import type { ClassAccuracyData } from './class-accuracy.ts';
import type { FigureColumn, FigureTable } from './figure.ts';
import { percent } from './number-words.ts';

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
