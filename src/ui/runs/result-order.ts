import { figureOf, type Measure, type ResultRow } from '../../state/result-rows.ts';
import type { ScoredSplit } from '../../types.ts';

/** The column that a table is sorted by. */
export interface Order<Column> {
  readonly by: Column;
  readonly descending: boolean;
}

export type ResultOrder = Order<Measure | 'model'>;

/** Sorted anew by numbers or by names; rows without a value come last either way, equal ones keep their order. */
export function sortBy<Row>(
  rows: readonly Row[],
  descending: boolean,
  valueIn: (row: Row) => number | string | null,
): Row[] {
  const sign = descending ? -1 : 1;
  return rows
    .map((row) => ({ row, value: valueIn(row) }))
    .sort(({ value: a }, { value: b }) => {
      if (a === null || b === null) return Number(a === null) - Number(b === null);
      return sign * (typeof a === 'number' && typeof b === 'number' ? a - b : inOrder.compare(String(a), String(b)));
    })
    .map(({ row }) => row);
}

const inOrder = new Intl.Collator('en', { numeric: true });

export function sortRows(
  rows: readonly ResultRow[],
  { by, descending }: ResultOrder,
  split: ScoredSplit,
  nameOf: (row: ResultRow) => string,
): ResultRow[] {
  return sortBy(rows, descending, (row) =>
    by === 'model' ? nameOf(row) : (figureOf(row.runs, split, by)?.share ?? null),
  );
}
