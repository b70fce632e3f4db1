import { type ResultRow, scoreOfRuns } from '../../../core/result-rows.ts';
import { isSeeded, kindOf, type ModelKind } from '../../../core/run-choice.ts';
import { COLUMNS, isMetricKey, METRICS, type Metric, type MetricKey, metricOf } from '../../../metrics/registry.ts';
import type { ScoredSplit } from '../../../types.ts';
import type { Labels } from '../../runs/model-words.ts';
import { bestFirst, decidedFirst, type Order, partsLast, sortBy } from '../../runs/result-order.ts';
import { headDetail, modelDetail, modelName } from '../../runs/result-words.ts';

export type LeaderboardColumn = MetricKey | 'model' | 'head' | 'combination' | 'seeds';
export type LeaderboardOrder = Order<LeaderboardColumn>;
export type KindFilter = ModelKind | 'all';

/** The order of the table: as chosen while it is one of names, or of the metric that rules; else the best first. */
export const orderBy = (chosen: LeaderboardOrder, judged: Metric): LeaderboardOrder =>
  isMetricKey(chosen.by) && chosen.by !== judged.key ? bestFirst(judged) : chosen;

/** Precision@1 says what top-1 accuracy says. */
const worthAColumn = METRICS.filter(({ key }) => key !== 'precision1');

/** The metrics that the table shows: those that were chosen, else as many as there is room for, and the judged one. */
export function shownMetrics(chosen: readonly MetricKey[] | null, roomy: boolean, judged: Metric): Metric[] {
  const usual = roomy ? worthAColumn : COLUMNS;
  return METRICS.filter(
    (metric) => metric === judged || (chosen ? chosen.includes(metric.key) : usual.includes(metric)),
  );
}

/** Ends of the scale that all intervals of shares have in common: down to the ten per cent below the lowest of them. */
export function scaleOf(
  rows: readonly ResultRow[],
  split: ScoredSplit,
  metrics: readonly Metric[],
): readonly [number, number] {
  const lows = metrics
    .filter(({ format }) => format === 'share')
    .flatMap((metric) =>
      rows.flatMap(({ runs }) => {
        const score = scoreOfRuns(runs, split, metric);
        return score ? [score.interval?.[0] ?? score.value - (score.deviation ?? 0)] : [];
      }),
    );
  return [Math.max(0, Math.min(0.9, Math.floor(Math.min(1, ...lows) * 10) / 10)), 1];
}

/** "ResNet-50, fine-tuned, cosine": tells every row from the others, also without what is said of all (`shared`) beside it. */
export const rowWords = (row: ResultRow, labels: Labels, shared: readonly string[] = []): string =>
  `${modelName(row, labels)}, ${modelDetail(row.runs[0], shared)}`;

/** Rows of a kind whose name, head or combination holds every word of the text. */
export function filterRows(rows: readonly ResultRow[], text: string, kind: KindFilter, labels: Labels): ResultRow[] {
  const words = text.toLowerCase().split(/\s+/);
  return rows.filter((row) => {
    if (kind !== 'all' && kindOf(row.runs[0].choice) !== kind) return false;
    const said = rowWords(row, labels).toLowerCase();
    return words.every((word) => said.includes(word));
  });
}

export function orderRows(
  rows: readonly ResultRow[],
  { by, descending }: LeaderboardOrder,
  split: ScoredSplit,
  labels: Labels,
): ResultRow[] {
  const sorted = sortBy(decidedFirst(rows, by, split), descending, (row) => {
    switch (by) {
      case 'model':
        return rowWords(row, labels);
      case 'head':
        return headDetail(row.runs[0]);
      case 'combination':
        return row.runs[0].choice.combine;
      case 'seeds':
        return isSeeded(row.runs[0].choice) ? row.runs.length : null;
      default:
        return scoreOfRuns(row.runs, split, metricOf(by))?.value ?? null;
    }
  });
  return partsLast(sorted, by, split);
}

/** The runs that are chosen once this one is ticked or unticked; a third one takes B's place. */
export function toggled(
  id: string,
  { a, b }: { readonly a: string | null; readonly b: string | null },
): { readonly a?: string; readonly b?: string | null } {
  if (id === b) return { b: null };
  if (id !== a) return a === null ? { a: id } : { b: id };
  // One run is always shown: A goes only where B can take its place.
  return b === null ? {} : { a: b, b: null };
}
