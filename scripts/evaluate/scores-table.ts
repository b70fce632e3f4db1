import { type RunResult, runName } from '../../src/exports/report.ts';

/** The test scores of some runs as text: a row a run, shares in percent, dashes where there are no labels. */
export function scoresTable(results: readonly RunResult[]): string {
  const ks = Object.keys(results.find(({ test }) => test)?.test?.topk ?? {});
  const header = ['run', ...ks.map((k) => `top-${k}`), 'mAP@R', 'MRR'];
  const rows = results.map((result) => {
    const { test } = result;
    if (!test) return [runName(result), ...header.slice(1).map(() => '–')];
    const shares = [...ks.map((k) => test.topk[k] ?? Number.NaN), test.mapAtR, test.mrr];
    return [runName(result), ...shares.map((share) => (100 * share).toFixed(1))];
  });
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

const pad = (cell: string, width: number, column: number) => (column === 0 ? cell.padEnd(width) : cell.padStart(width));
