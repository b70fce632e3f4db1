import { type RunResult, runName } from '../../src/exports/report.ts';
import { mean, standardDeviation } from '../../src/math/statistics.ts';

/**
 * The test scores of some runs as text: a row a run, shares in percent, dashes where there are no labels; runs that
 * differ in their seed alone get a further row with mean and standard deviation.
 */
export function scoresTable(results: readonly RunResult[]): string {
  const ks = Object.keys(results.find(({ test }) => test)?.test?.topk ?? {});
  const header = ['run', ...ks.map((k) => `top-${k}`), 'mAP@R', 'MRR'];
  const shares = ({ test }: RunResult) => (test ? [...ks.map((k) => test.topk[k] ?? 0), test.mapAtR, test.mrr] : null);
  const rows: string[][] = [];
  for (const [name, runs] of bySeed(results)) {
    const scored = runs.flatMap((run) => (shares(run) ? [shares(run) ?? []] : []));
    for (const run of runs) {
      rows.push([runName(run), ...(shares(run)?.map(percent) ?? header.slice(1).map(() => '–'))]);
    }
    if (scored.length < 2) continue;
    const columns = header.slice(1).map((_, i) => scored.map((row) => row[i] ?? 0));
    rows.push([name, ...columns.map((values) => `${percent(mean(values))} ± ${percent(standardDeviation(values))}`)]);
  }
  const widths = header.map((_, column) => Math.max(...[header, ...rows].map((row) => row[column]?.length ?? 0)));
  return [header, ...rows]
    .map((row) =>
      row
        .map((cell, column) => pad(cell, widths[column] ?? 0, column))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function bySeed(results: readonly RunResult[]): Map<string, RunResult[]> {
  const groups = new Map<string, RunResult[]>();
  for (const result of results) {
    const { model, head, classifier, combine } = result;
    const name = `${[model, head, classifier, combine].filter((part) => part !== null).join('.')}, mean ± sd`;
    groups.set(name, [...(groups.get(name) ?? []), result]);
  }
  return groups;
}

const percent = (share: number) => (100 * share).toFixed(1);
const pad = (cell: string, width: number, column: number) => (column === 0 ? cell.padEnd(width) : cell.padStart(width));
