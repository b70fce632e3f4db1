import { extentOf, inTieOrder, isWhole, type ResultRow, scoreOfRuns } from '../../core/result-rows.ts';
import { isMetricKey, type Metric, type MetricKey, metricOf } from '../../metrics/registry.ts';
import type { ScoredSplit } from '../../types.ts';

/** The column that a table is sorted by. */
export interface Order<Column> {
  readonly by: Column;
  readonly descending: boolean;
}

export type ResultOrder = Order<MetricKey | 'model'>;

/** The order that puts the best by a metric first. */
export const bestFirst = ({ key, higherIsBetter }: Metric): Order<MetricKey> => ({
  by: key,
  descending: higherIsBetter,
});

/** What a choice of the column to sort by says: a metric's key, or the models' names. */
export const chosenOrder = (value: string): ResultOrder =>
  isMetricKey(value) ? bestFirst(metricOf(value)) : { by: 'model', descending: false };

/** Sorted by numbers or by names; rows without a value come last either way, equal ones keep their order. */
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
      return (
        sign * (typeof a === 'number' && typeof b === 'number' ? apart(a, b) : inOrder.compare(String(a), String(b)))
      );
    })
    .map(({ row }) => row);
}

/** Means over seeds of equal shares differ in their last bits; of two ranks beyond what was ranked, none is higher. */
const apart = (a: number, b: number): number => (a === b ? 0 : Math.round((a - b) * 1e9));

const inOrder = new Intl.Collator('en', { numeric: true });

/** Sorted by a metric, models that were judged on less than others come after those: their figures cannot be ranked among them. */
export function partsLast(rows: readonly ResultRow[], by: string, split: ScoredSplit): ResultRow[] {
  if (!isMetricKey(by)) return [...rows];
  const all = extentOf(
    rows.flatMap(({ runs }) => runs),
    split,
  );
  const whole = (row: ResultRow) => isWhole(row.runs, split, all);
  return [...rows.filter(whole), ...rows.filter((row) => !whole(row))];
}

/** Before models are sorted by a metric: those that are equal by it come in the order of ties. */
export const decidedFirst = (rows: readonly ResultRow[], by: string, split: ScoredSplit): readonly ResultRow[] =>
  isMetricKey(by) ? inTieOrder(rows, ({ runs }) => runs, split) : rows;

export function sortRows(
  rows: readonly ResultRow[],
  { by, descending }: ResultOrder,
  split: ScoredSplit,
  nameOf: (row: ResultRow) => string,
): ResultRow[] {
  const sorted = sortBy(decidedFirst(rows, by, split), descending, (row) =>
    by === 'model' ? nameOf(row) : (scoreOfRuns(row.runs, split, metricOf(by))?.value ?? null),
  );
  return partsLast(sorted, by, split);
}
