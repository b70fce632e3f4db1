import { differencesOf } from '../../core/analysis.ts';
import {
  againstOthers,
  ensemblesAgainstMembers,
  finetunedAgainstFrozen,
  type ModelPair,
  pairedRuns,
  pairKey,
} from '../../core/model-pairs.ts';
import { bestRows, type ResultRow, resultRows } from '../../core/result-rows.ts';
import { isAborted } from '../../errors.ts';
import { codeLabels, UNKNOWN } from '../../metrics/labels.ts';
import { hitsIn, type PlacedQueries, pairedValues, valuesByQuery } from '../../metrics/paired-values.ts';
import type { Metric } from '../../metrics/registry.ts';
import { comparisonStore, type RunRow } from '../comparison.ts';
import { type DashboardState, dashboardStore, scoredImages } from '../dashboard.ts';
import { onOtherDataset } from '../dataset-session.ts';
import { datasetStore } from '../datasets.ts';
import { jobs } from '../jobs.ts';
import { type LoadQueries, loadQueries } from '../judged-neighbours.ts';
import { leaderboardStore, type PairDifference } from '../leaderboard.ts';
import { context } from '../session.ts';

/** The screen is told at most this often: each time it draws the table anew. */
const PUBLISH_EVERY_MS = 150;

/** Longest stretch of reading values, in milliseconds, before the screen has its turn. */
const STRETCH_MS = 10;

/** By pairKey(): the digest of the values that a difference was computed from. Other outcomes, another difference. */
const computedFrom = new Map<string, number>();
let current: AbortController | null = null;

onOtherDataset(() => {
  current?.abort();
  computedFrom.clear();
  leaderboardStore.setState(leaderboardStore.getInitialState());
});

/** Ends the comparison that runs; what it has found stays. */
export function stopComparing(): void {
  if (!current) return;
  current.abort();
  leaderboardStore.setState({ stopped: true });
}

/**
 * Holds the models of the shown split against each other by the metric: the best against all others (by what decides
 * between the best), fine-tuned against frozen, ensembles against their best member. What was computed from the same outcomes before is kept. A newer
 * call ends an older one.
 */
export async function compareModels(metric: Metric, load: LoadQueries = loadQueries): Promise<void> {
  current?.abort();
  const controller = new AbortController();
  current = controller;
  if (leaderboardStore.getState().stopped) leaderboardStore.setState({ stopped: false });
  try {
    await compare(metric, load, controller.signal);
  } catch (error) {
    if (!isAborted(error)) jobs.fail('dashboard', error);
  } finally {
    if (current === controller) {
      current = null;
      leaderboardStore.setState({ progress: null });
    }
  }
}

type Values = ReturnType<typeof pairedValues>;

async function compare(metric: Metric, load: LoadQueries, signal: AbortSignal): Promise<void> {
  const shown = dashboardStore.getState();
  const found = new Map(leaderboardStore.getState().differences);
  const pairs = pairsToCompare(resultRows(comparisonStore.getState().runs), shown, metric);
  const valuesOf = pairReader(shown, load);
  const open: { readonly key: string; readonly by: Metric; readonly digest: number; readonly values: Values }[] = [];
  let paused = performance.now();
  for (const { pair, by } of pairs) {
    const values = await valuesOf(pair, by);
    if (signal.aborted) return;
    const key = pairKey(pair, shown.split, by);
    const digest = digestOf(values.first, values.second);
    if (found.has(key) && computedFrom.get(key) === digest) continue;
    // What is said until then was said of other outcomes.
    found.delete(key);
    open.push({ key, by, digest, values });
    if (performance.now() - paused < STRETCH_MS) continue;
    await new Promise((resolve) => setTimeout(resolve));
    if (signal.aborted) return;
    paused = performance.now();
  }
  if (open.length === 0) return;
  const publish = (done: number) =>
    leaderboardStore.setState({ differences: new Map(found), progress: { done, total: open.length } });
  publish(0);
  let published = performance.now();
  for (const [at, { key, by, digest, values }] of open.entries()) {
    found.set(key, await differenceBetween(values, by, signal));
    computedFrom.set(key, digest);
    if (at + 1 < open.length && performance.now() - published < PUBLISH_EVERY_MS) continue;
    publish(at + 1);
    published = performance.now();
  }
}

/** Reads the values of pairs; a model that stands in many pairs is averaged over its seeds once. */
function pairReader(
  { split, outcomes }: Pick<DashboardState, 'split' | 'outcomes'>,
  load: LoadQueries,
): (pair: ModelPair, by: Metric) => Promise<Values> {
  const read = new Map<string, Float64Array>();
  const codes = codesOf(split);
  const queriesOf = async ({ id }: RunRow, by: Metric): Promise<PlacedQueries[]> => {
    const its = outcomes.get(id);
    if (!its) return [];
    if (!by.fromNeighbours) return [its];
    const { neighbours = null } = (await load(id, split)) ?? {};
    const asked = its.queries.map((query) => codes.query[query] ?? UNKNOWN);
    return neighbours ? [{ ...its, hitsAt: hitsIn(neighbours, asked, codes.gallery) }] : [];
  };
  const valuesOf = async (runs: readonly RunRow[], by: Metric): Promise<Float64Array> => {
    const key = [by.key, ...runs.map(({ id }) => id)].join('\n');
    const known = read.get(key);
    if (known) return known;
    const queries: PlacedQueries[] = [];
    for (const run of runs) queries.push(...(await queriesOf(run, by)));
    const values = valuesByQuery(queries, by);
    read.set(key, values);
    return values;
  };
  return async (pair, by) => {
    const { first, second } = pairedRuns(pair, split);
    return pairedValues(await valuesOf(first, by), await valuesOf(second, by));
  };
}

/** Class codes of the images that outcomes and neighbours of the split count. */
function codesOf(split: DashboardState['split']) {
  const { queries, gallery } = scoredImages(datasetStore.getState().images, split);
  return codeLabels(
    queries.map(({ className }) => className),
    gallery.map(({ className }) => className),
  );
}

async function differenceBetween(
  { first, second }: Values,
  { aggregate }: Metric,
  signal: AbortSignal,
): Promise<PairDifference> {
  if (first.length === 0) return null;
  const [difference] = await differencesOf(context, first, [second], aggregate, signal);
  return difference ?? null;
}

/** What the screen says first comes first. */
function pairsToCompare(
  rows: readonly ResultRow[],
  { split, outcomes }: Pick<DashboardState, 'split' | 'outcomes'>,
  metric: Metric,
): { readonly pair: ModelPair; readonly by: Metric }[] {
  // Rows whose outcomes have not been loaded yet are compared when they are there.
  const loaded = rows.filter(({ runs }) => runs.every(({ id, result }) => !result[split] || outcomes.has(id)));
  const best = bestRows(loaded, split, metric);
  const ensembles = ensemblesAgainstMembers(loaded, split, metric);
  const others = [
    ...finetunedAgainstFrozen(loaded, split),
    ...ensembles.flatMap(({ ensemble, member }) => (member ? [{ first: ensemble, second: member }] : [])),
  ];
  const all = [
    ...(best ? againstOthers(best.rows[0], loaded, split, best.metric).map((pair) => ({ pair, by: best.metric })) : []),
    ...others.map((pair) => ({ pair, by: metric })),
  ];
  return [...new Map(all.map((one) => [pairKey(one.pair, split, one.by), one])).values()];
}

/** 32-bit FNV-1a of the numbers' bits. */
function digestOf(...columns: readonly Float64Array<ArrayBuffer>[]): number {
  let hash = 0x811c9dc5;
  for (const column of columns) {
    for (const word of new Uint32Array(column.buffer, column.byteOffset, column.length * 2)) {
      hash = Math.imul(hash ^ word, 0x01000193);
    }
  }
  return hash >>> 0;
}
