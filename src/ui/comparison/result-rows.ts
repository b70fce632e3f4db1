import type { RunRow } from '../../state/comparison.ts';
import type { ScoredSplit, Scores } from '../../types.ts';
import { formatAmount } from '../format.ts';
import { isFineTuned } from './model-words.ts';

export type Measure = 'top1' | 'top5' | 'top10' | 'mapAtR' | 'mrr';

/** One number of the table; a share between 0 and 1. */
export interface Figure {
  readonly share: number;
  /** 95 % bootstrap interval over the queries, of a single run. */
  readonly interval: readonly [number, number] | null;
  /** Sample standard deviation over seeds, of a mean. */
  readonly deviation: number | null;
}

/** One model: a single run, or all seeds of it. */
export interface ResultRow {
  readonly key: string;
  /** By seed; one or more. */
  readonly runs: readonly [RunRow, ...RunRow[]];
}

export interface ResultOrder {
  readonly by: Measure | 'model';
  readonly descending: boolean;
}

/** Runs of the same model and recipe but for the seed make one row. */
export function resultRows(runs: readonly RunRow[]): ResultRow[] {
  const rows = new Map<string, [RunRow, ...RunRow[]]>();
  for (const run of runs) {
    const key = modelKey(run);
    const same = rows.get(key);
    if (same === undefined) rows.set(key, [run]);
    else same.push(run);
  }
  return [...rows].map(([key, same]) => ({ key, runs: same.sort((a, b) => seedOf(a) - seedOf(b)) }));
}

export const seedOf = ({ choice }: RunRow): number => choice.recipe.seed;

/** Whether the figures depend on the seed: a frozen model alone has nothing random but the validation split. */
export const isSeeded = ({ choice }: RunRow): boolean => choice.combine !== null || choice.members.some(isFineTuned);

function modelKey(run: RunRow): string {
  const { members, combine, recipe, loaded } = run.choice;
  const settings = Object.entries(recipe)
    .filter(([name]) => members.some(isFineTuned) && name !== 'seed')
    .sort();
  return JSON.stringify([members, combine, loaded, settings, isSeeded(run) ? null : run.id]);
}

function measured(scores: Scores, measure: Measure): { share: number; interval: Figure['interval'] } | null {
  switch (measure) {
    case 'top1':
      return ofTop(scores, '1');
    case 'top5':
      return ofTop(scores, '5');
    case 'top10':
      return ofTop(scores, '10');
    case 'mapAtR':
      return { share: scores.mapAtR, interval: null };
    case 'mrr':
      return { share: scores.mrr, interval: null };
  }
}

function ofTop({ topk, ci95 }: Scores, k: string): { share: number; interval: Figure['interval'] } | null {
  const share = topk[k];
  return share === undefined ? null : { share, interval: ci95[k] ?? null };
}

/** Null where the split was not measured. Of several runs their mean, over those that were measured. */
export function figureOf(runs: readonly RunRow[], split: ScoredSplit, measure: Measure): Figure | null {
  const figures = runs.flatMap(({ result }) => {
    const scores = result[split];
    const figure = scores === null ? null : measured(scores, measure);
    return figure === null ? [] : [figure];
  });
  const [first] = figures;
  if (first === undefined) return null;
  if (figures.length === 1) return { ...first, deviation: null };
  const mean = figures.reduce((sum, { share }) => sum + share, 0) / figures.length;
  const squares = figures.reduce((sum, { share }) => sum + (share - mean) ** 2, 0);
  return { share: mean, interval: null, deviation: Math.sqrt(squares / (figures.length - 1)) };
}

/** Sorted anew; rows without the figure come last either way. */
export function sortRows(
  rows: readonly ResultRow[],
  { by, descending }: ResultOrder,
  split: ScoredSplit,
  nameOf: (row: ResultRow) => string,
): ResultRow[] {
  const sign = descending ? -1 : 1;
  if (by === 'model') return [...rows].sort((a, b) => sign * nameOf(a).localeCompare(nameOf(b), 'en'));
  const valued = rows.map((row) => ({ row, share: figureOf(row.runs, split, by)?.share ?? null }));
  return valued
    .sort((a, b) => {
      if (a.share === null || b.share === null) return Number(a.share === null) - Number(b.share === null);
      return sign * (a.share - b.share);
    })
    .map(({ row }) => row);
}

/** The highest value of a column; null where nothing was measured or there is only one row. */
export function highest(rows: readonly ResultRow[], split: ScoredSplit, measure: Measure): number | null {
  const shares = rows.flatMap(({ runs }) => figureOf(runs, split, measure)?.share ?? []);
  return shares.length < 2 ? null : Math.max(...shares);
}

/** "seed 0", "mean of 3 seeds"; null where no seed matters. */
export function seedWords(runs: ResultRow['runs']): string | null {
  const [first] = runs;
  if (runs.length > 1) return `mean of ${formatAmount(runs.length, 'seed')}`;
  return isSeeded(first) ? `seed\u00a0${seedOf(first)}` : null;
}

/** Which queries the figures are of: how many count, and how many do not. */
export function queriesSentence(runs: readonly RunRow[], split: ScoredSplit): string {
  const scores = runs.flatMap(({ result }) => result[split] ?? []);
  const from = Math.min(...scores.map(({ queries }) => queries));
  const to = Math.max(...scores.map(({ queries }) => queries));
  const queries = from === to ? formatAmount(to, 'query', 'queries') : `${from} to ${to} queries`;
  const skipped = Math.max(...scores.map((score) => score.skipped));
  const left =
    skipped === 0
      ? ''
      : `; ${formatAmount(skipped, 'query', 'queries')} left out, since no gallery image has their class`;
  return split === 'test'
    ? `Test: ${queries} of test/query against test/gallery${left}.`
    : `Validation: ${queries} from training, which no head has learned from, against a gallery from training${left}.`;
}
