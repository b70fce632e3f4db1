import type { ScoredSplit, Scores } from '../types.ts';
import { csvRow } from './csv.ts';
import { intervalText, shareText } from './numbers.ts';
import type { RunResult } from './report.ts';

/** A run with its words for people. */
export interface NamedResult {
  /** "ResNet-50 + ViT-B/16". */
  readonly model: string;
  /** "frozen", "fine-tuned (cosine, dropout 0.2)". */
  readonly head: string;
  readonly result: RunResult;
}

/** A table whose cells are texts still to be escaped. */
export interface TextTable {
  readonly columns: readonly { readonly title: string; readonly numeric: boolean }[];
  readonly rows: readonly (readonly string[])[];
}

/** The ks of all runs, ascending. */
export function ksOf(runs: readonly NamedResult[], split: ScoredSplit): string[] {
  const ks = new Set(runs.flatMap(({ result }) => Object.keys(result[split]?.topk ?? {})));
  return [...ks].sort((a, b) => Number(a) - Number(b));
}

/** Whether another seed could give other figures. */
export const isSeeded = ({ result }: NamedResult): boolean => result.head === 'finetuned' || result.combine !== null;

/** The runs that were scored on the split: accuracy in per cent, with its 95 % interval where one is known. */
export function resultsTable(runs: readonly NamedResult[], split: ScoredSplit): TextTable {
  const ks = ksOf(runs, split);
  const text = (title: string) => ({ title, numeric: false });
  const number = (title: string) => ({ title, numeric: true });
  return {
    columns: [
      ...['Model', 'Head', 'Combination'].map(text),
      ...['Seed', 'Queries', ...ks.map((k) => `Top-${k} (%)`), 'mAP@R (%)', 'MRR (%)'].map(number),
    ],
    rows: runs.flatMap((run) => {
      const scores = run.result[split];
      return scores ? [rowOf(run, scores, ks)] : [];
    }),
  };
}

function rowOf(run: NamedResult, scores: Scores, ks: readonly string[]): string[] {
  const top = (k: string) => {
    const [share, interval] = [scores.topk[k], scores.ci95[k]];
    if (share === undefined) return '';
    return interval ? `${shareText(share)} ${intervalText(interval)}` : shareText(share);
  };
  return [
    run.model,
    run.head,
    run.result.combine ?? '',
    isSeeded(run) ? String(run.result.seed) : '',
    String(scores.queries),
    ...ks.map(top),
    shareText(scores.mapAtR),
    shareText(scores.mrr),
  ];
}

/** All figures of both splits at full precision, as CSV (RFC 4180): one line a run and split, shares between 0 and 1. */
export function resultsCsv(runs: readonly NamedResult[]): string {
  const splits = ['test', 'validation'] as const;
  const ks = [...new Set(splits.flatMap((split) => ksOf(runs, split)))].sort((a, b) => Number(a) - Number(b));
  const header = [
    ...['model', 'head', 'classifier', 'combination', 'seed', 'weights', 'split', 'queries', 'skipped'],
    ...ks.flatMap((k) => [`top${k}`, `top${k}_low`, `top${k}_high`]),
    ...['map_at_r', 'mrr'],
  ];
  const lines = runs.flatMap((run) =>
    splits.flatMap((split) => {
      const { result } = run;
      const scores = result[split];
      if (!scores) return [];
      return [
        csvRow([
          ...[run.model, run.head, result.classifier, result.combine, isSeeded(run) ? result.seed : null],
          ...[result.weights.join('+'), split, scores.queries, scores.skipped],
          ...ks.flatMap((k) => [scores.topk[k] ?? null, scores.ci95[k]?.[0] ?? null, scores.ci95[k]?.[1] ?? null]),
          ...[scores.mapAtR, scores.mrr],
        ]),
      ];
    }),
  );
  return [csvRow(header), ...lines].join('');
}
