import type { ScoredSplit, Scores } from '../types.ts';
import type { RunRow } from './comparison.ts';
import { isFineTuned } from './model-kind.ts';

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

/** The highest value of a column; null where nothing was measured or there is only one row. */
export function highest(rows: readonly ResultRow[], split: ScoredSplit, measure: Measure): number | null {
  const shares = rows.flatMap(({ runs }) => figureOf(runs, split, measure)?.share ?? []);
  return shares.length < 2 ? null : Math.max(...shares);
}
