import { kindOf, type ModelKind } from '../../../state/model-kind.ts';
import { figureOf, isSeeded, type Measure, type ResultRow } from '../../../state/result-rows.ts';
import type { ScoredSplit } from '../../../types.ts';
import type { Labels } from '../../runs/model-words.ts';
import { type Order, sortBy } from '../../runs/result-order.ts';
import { headDetail, modelDetail, modelName } from '../../runs/result-words.ts';

const measures = ['top1', 'top5', 'top10', 'mapAtR', 'mrr'] as const satisfies readonly Measure[];

export type LeaderboardColumn = Measure | 'model' | 'head' | 'combination' | 'seeds';
export type LeaderboardOrder = Order<LeaderboardColumn>;
export type KindFilter = ModelKind | 'all';

/** What the models are judged by: the sorted measure, or the headline figure where names are sorted. */
export function judgedMeasure({ by }: LeaderboardOrder): Measure {
  return measures.find((measure) => measure === by) ?? 'top10';
}

/** "ResNet-50, fine-tuned, cosine": tells every row from the others. */
export const rowWords = (row: ResultRow, labels: Labels): string =>
  `${modelName(row, labels)}, ${modelDetail(row.runs[0])}`;

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
  return sortBy(rows, descending, (row) => {
    switch (by) {
      case 'model':
        return rowWords(row, labels);
      case 'head':
        return headDetail(row.runs[0]);
      case 'combination':
        return row.runs[0].choice.combine;
      case 'seeds':
        return isSeeded(row.runs[0]) ? row.runs.length : null;
      default:
        return figureOf(row.runs, split, by)?.share ?? null;
    }
  });
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
