import { extentOf, type ScoredRun, scoreOfRuns } from '../metrics/best-run.ts';
import { english } from '../metrics/format.ts';
import { type Metric, metricsAt } from '../metrics/registry.ts';
import { scoreOf } from '../metrics/scores.ts';
import type { ScoredSplit, Scores } from '../types.ts';
import { csvRow } from './csv.ts';
import { dependsOnSeed, type RunResult } from './report.ts';

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

const SPLITS = ['test', 'validation'] as const;

/** The metrics of which a run has a value on one of the splits, in the order of tables; every k that a run was scored at. */
export function metricsOf(runs: readonly NamedResult[], ...splits: readonly ScoredSplit[]): Metric[] {
  const scores = runs.flatMap(({ result }) => splits.flatMap((split) => result[split] ?? []));
  const ks = new Set(scores.flatMap(({ topk }) => Object.keys(topk).map(Number)));
  return metricsAt([...ks].sort((a, b) => a - b)).filter((metric) => scores.some((one) => scoreOf(one, metric)));
}

/** The runs that were scored on the split: shares in per cent, with their 95 % intervals where they are known. */
export function resultsTable(
  runs: readonly NamedResult[],
  split: ScoredSplit,
  metrics: readonly Metric[] = metricsOf(runs, split).filter(({ always }) => always),
): TextTable {
  // What does not vary has no column.
  const ranked = runs.some(({ result }) => result.rank !== 'plain');
  const { gallery } = extentOf(runs, split);
  const parts = runs.some(({ result }) => (result[split]?.gallery ?? gallery) < gallery);
  const text = (title: string) => ({ title, numeric: false });
  const number = (title: string) => ({ title, numeric: true });
  return {
    columns: [
      ...['Model', 'Head', 'Combination', ...(ranked ? ['Ranking'] : [])].map(text),
      ...['Seed', 'Queries', ...(parts ? ['Gallery'] : []), ...metrics.map(titleOf)].map(number),
    ],
    rows: runs.flatMap((run) => {
      const scores = run.result[split];
      return scores ? [rowOf(run, scores, metrics, ranked, parts)] : [];
    }),
  };
}

const titleOf = ({ title, format }: Metric): string => (format === 'share' ? `${title} (%)` : title);

function rowOf(
  run: NamedResult,
  scores: Scores,
  metrics: readonly Metric[],
  ranked: boolean,
  parts: boolean,
): string[] {
  return [
    run.model,
    run.head,
    run.result.combine ?? '',
    ...(ranked ? [run.result.rank] : []),
    dependsOnSeed(run.result) ? String(run.result.seed) : '',
    String(scores.queries),
    ...(parts ? [String(scores.gallery ?? '')] : []),
    ...metrics.map((metric) => scoreText(scores, metric)),
  ];
}

/** "78.2 [72.0, 84.1]"; nothing where it is not known. */
function scoreText(scores: Scores, metric: Metric): string {
  const { value = null, interval = null } = scoreOf(scores, metric) ?? {};
  if (value === null) return '';
  const text = english.value(value, metric.format);
  return interval ? `${text} ${english.valueInterval(interval, metric.format)}` : text;
}

/** "78.2 [72.0, 84.1] %", "78.2 ± 0.4 %" over seeds; nothing where it is not known. */
export function scoreWords(runs: readonly ScoredRun[], split: ScoredSplit, metric: Metric): string {
  const score = scoreOfRuns(runs, split, metric);
  if (!score) return '';
  const { format } = metric;
  const { value, interval, deviation } = score;
  return [
    english.value(value, format),
    interval && english.valueInterval(interval, format),
    deviation === null ? null : `± ${english.value(deviation, format)}`,
    format === 'share' ? '%' : null,
  ]
    .filter((part) => part !== null)
    .join(' ');
}

/** `map_at_r` for `mapAtR`. */
const columnOf = ({ key }: Metric): string => key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/**
 * All metrics of both splits at full precision, as CSV (RFC 4180): one line a run and split, shares between 0 and 1, each
 * with its 95 % interval and its macro average (class by class).
 */
export function resultsCsv(runs: readonly NamedResult[]): string {
  const metrics = metricsOf(runs, ...SPLITS);
  const header = [
    ...[
      'model',
      'head',
      'classifier',
      'combination',
      'ranking',
      'seed',
      'weights',
      'split',
      'queries',
      'skipped',
      'gallery',
    ],
    ...metrics.map(columnOf).flatMap((name) => [name, `${name}_low`, `${name}_high`, `${name}_macro`]),
  ];
  const lines = runs.flatMap((run) =>
    SPLITS.flatMap((split) => {
      const { result } = run;
      const scores = result[split];
      if (!scores) return [];
      return [
        csvRow([
          ...[
            run.model,
            run.head,
            result.classifier,
            result.combine,
            result.rank,
            dependsOnSeed(result) ? result.seed : null,
          ],
          ...[result.weights.join('+'), split, scores.queries, scores.skipped, scores.gallery ?? null],
          ...metrics.flatMap((metric) => {
            const { value = null, interval = null, macro = null } = scoreOf(scores, metric) ?? {};
            return [value, interval?.[0] ?? null, interval?.[1] ?? null, macro];
          }),
        ]),
      ];
    }),
  );
  return [csvRow(header), ...lines].join('');
}

/** Text that a Markdown table shows as it is: no pipe ends its cell, no mark or tag takes effect, no line ends. */
export function markdownText(text: string): string {
  return text
    .replace(/[\\`*_{}[\]<>|~#!&]/g, (character) => (character === '<' ? '&lt;' : `\\${character}`))
    .replace(/\s+/g, ' ');
}

/** A table as GitHub, GitLab and Pandoc read it; numbers to the right. */
export function markdownTable({ columns, rows }: TextTable): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |\n`;
  return [
    line(columns.map(({ title }) => markdownText(title))),
    line(columns.map(({ numeric }) => (numeric ? '---:' : '---'))),
    ...rows.map((row) => line(row.map(markdownText))),
  ].join('');
}
