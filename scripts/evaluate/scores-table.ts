import { type RunResult, runName } from '../../src/exports/report.ts';
import { mean, standardDeviation } from '../../src/math/statistics.ts';
import { extentOf } from '../../src/metrics/best-run.ts';
import { english } from '../../src/metrics/format.ts';
import { type Metric, metricsAt, USUAL_KS } from '../../src/metrics/registry.ts';
import { scoreOf } from '../../src/metrics/scores.ts';

/** Characters a line where standard output is no terminal. */
const USUAL_ROOM = 120;

/**
 * The test scores of some runs as text: a row a run, shares in per cent, dashes where nothing is known; runs that differ
 * in their seed alone get a further row with mean and standard deviation. Every metric where a line of `room` characters
 * holds them, else those that every table has.
 */
export function scoresTable(results: readonly RunResult[], room = USUAL_ROOM): string {
  const scored = results.flatMap(({ test }) => test ?? []);
  const ks = scored[0] ? Object.keys(scored[0].topk).map(Number) : USUAL_KS;
  // Where no run was scored, the columns say what is not known.
  const all = metricsAt(ks).filter((metric) =>
    scored.length === 0 ? metric.always : scored.some((scores) => scoreOf(scores, metric)),
  );
  const whole = tableOf(results, all);
  const fits = whole.every((line) => line.length <= room);
  const lines = fits
    ? whole
    : tableOf(
        results,
        all.filter(({ always }) => always),
      );
  return [...lines, ...partLines(results)].join('\n');
}

/** A line for each run that searched a part of the gallery alone: its figures are easier to reach. */
function partLines(results: readonly RunResult[]): string[] {
  const { gallery: all } = extentOf(
    results.map((result) => ({ result })),
    'test',
  );
  return results.flatMap((run) => {
    const { gallery = all } = run.test ?? {};
    if (gallery >= all) return [];
    const part = `${english.count(gallery)} of ${english.amount(all, 'gallery image')}`;
    return [`${runName(run)} was judged against ${part}: it is not to be compared with the others.`];
  });
}

function tableOf(results: readonly RunResult[], metrics: readonly Metric[]): string[] {
  const rows = [['run', ...metrics.map(({ title }) => title)]];
  for (const [name, runs] of bySeed(results)) {
    for (const run of runs) rows.push([runName(run), ...metrics.map((metric) => cellOf([run], metric))]);
    if (runs.filter(({ test }) => test).length > 1) {
      rows.push([name, ...metrics.map((metric) => cellOf(runs, metric))]);
    }
  }
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  return rows.map((row) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
}

/** "68.1", of several runs "68.1 ± 1.2". */
function cellOf(runs: readonly RunResult[], metric: Metric): string {
  const values = runs.flatMap(({ test }) => (test && scoreOf(test, metric)?.value) ?? []);
  if (values.length === 0) return '–';
  const written = english.value(mean(values), metric.format);
  return runs.length === 1 ? written : `${written} ± ${english.value(standardDeviation(values), metric.format)}`;
}

function bySeed(results: readonly RunResult[]): Map<string, RunResult[]> {
  const groups = new Map<string, RunResult[]>();
  for (const result of results) {
    const { model, head, classifier, combine, rank } = result;
    const ranked = rank === 'plain' ? null : rank;
    const name = `${[model, head, classifier, combine, ranked].filter((part) => part !== null).join('.')}, mean ± sd`;
    groups.set(name, [...(groups.get(name) ?? []), result]);
  }
  return groups;
}
