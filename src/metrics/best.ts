import { DECIDING, type Metric } from './registry.ts';

/** The rows that nothing is better than. */
export interface Best<Row> {
  /** All that share the best value, in their order. */
  readonly rows: readonly [Row, ...Row[]];
  /** What decided. */
  readonly metric: Metric;
  /** The metric that was asked for, where several rows are perfect by it, so that another decided; else null. */
  readonly saturated: { readonly metric: Metric; readonly rows: number } | null;
}

/** Means over seeds of equal shares differ in their last bits. */
const EQUAL = 1e-9;

/**
 * The best rows by a metric, ties and all; null where no row has a value. Where several are perfect, the metric tells
 * nothing apart any more, and top-1 accuracy decides between them. The one rule of app and report.
 */
export function bestBy<Row>(
  rows: readonly Row[],
  metric: Metric,
  valueIn: (row: Row, metric: Metric) => number | null,
): Best<Row> | null {
  const leading = leaders(rows, metric, valueIn);
  if (!leading) return null;
  const perfect = leading.rows.length > 1 && Math.abs(leading.value - 1) <= EQUAL;
  if (!perfect || metric === DECIDING || leading.rows.some((row) => valueIn(row, DECIDING) === null)) {
    return { rows: leading.rows, metric, saturated: null };
  }
  const deciding = leaders(leading.rows, DECIDING, valueIn) ?? leading;
  return { rows: deciding.rows, metric: DECIDING, saturated: { metric, rows: leading.rows.length } };
}

function leaders<Row>(
  rows: readonly Row[],
  metric: Metric,
  valueIn: (row: Row, metric: Metric) => number | null,
): { readonly rows: [Row, ...Row[]]; readonly value: number } | null {
  let found: { rows: [Row, ...Row[]]; value: number } | null = null;
  for (const row of rows) {
    const value = valueIn(row, metric);
    if (value === null) continue;
    const ahead = found === null ? 1 : (value - found.value) * (metric.higherIsBetter ? 1 : -1);
    if (found === null || ahead > EQUAL) found = { rows: [row], value };
    else if (ahead >= -EQUAL) found.rows.push(row);
  }
  return found;
}

/** "3 models are perfect in top-10 accuracy, which cannot tell them apart: top-1 accuracy decides."; null where it does not. */
export function saturationWords({ saturated, metric }: Pick<Best<unknown>, 'saturated' | 'metric'>): string | null {
  if (!saturated) return null;
  return `${saturated.rows} models are perfect in ${saturated.metric.name}, which cannot tell them apart: ${metric.name} decides.`;
}

/** "highest", or "lowest" of what is better when it is lower. */
export const superlative = ({ higherIsBetter }: Metric): string => (higherIsBetter ? 'highest' : 'lowest');
