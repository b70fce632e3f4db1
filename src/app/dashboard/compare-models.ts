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
import { fnv1a } from '../../math/fnv.ts';
import { codeLabels, UNKNOWN } from '../../metrics/labels.ts';
import { hitsIn, type PlacedQueries, pairedValues, valuesByQuery } from '../../metrics/paired-values.ts';
import type { Metric } from '../../metrics/registry.ts';
import type { RunRow } from '../comparison/comparison.ts';
import { context } from '../context.ts';
import { jobs } from '../jobs/jobs.ts';
import type { Workspace } from '../workspace.ts';
import { type DashboardState, scoredImages } from './dashboard.ts';
import { queriesOf } from './judged-neighbours.ts';
import type { PairDifference } from './leaderboard.ts';

/** The screen hears of progress at most this often: each time it draws the table again. */
const PUBLISH_EVERY_MS = 150;

/** Longest stretch of reading values, in milliseconds, before the screen has its turn. */
const STRETCH_MS = 10;

/** Ends the comparison that runs; what it has found stays. */
export function stopComparing(workspace: Workspace): void {
  if (!workspace.comparing.current) return;
  workspace.comparing.current.abort();
  workspace.leaderboard.setState({ stopped: true });
}

/**
 * Holds the models of the shown split against each other by the metric, or by what decides where several are perfect in it:
 * the best against all others, fine-tuned against frozen, ensembles against their best member. What was computed from the same outcomes before is kept. A newer
 * call ends an older one.
 */
export async function compareModels(workspace: Workspace, metric: Metric): Promise<void> {
  workspace.comparing.current?.abort();
  const controller = new AbortController();
  workspace.comparing.current = controller;
  if (workspace.leaderboard.getState().stopped) workspace.leaderboard.setState({ stopped: false });
  try {
    await compare(workspace, metric, controller.signal);
  } catch (error) {
    if (!isAborted(error)) jobs.fail('dashboard', error);
  } finally {
    if (workspace.comparing.current === controller) {
      workspace.comparing.current = null;
      workspace.leaderboard.setState({ progress: null });
    }
  }
}

type Values = ReturnType<typeof pairedValues>;

async function compare(workspace: Workspace, metric: Metric, signal: AbortSignal): Promise<void> {
  const shown = workspace.dashboard.getState();
  const found = new Map(workspace.leaderboard.getState().differences);
  const pairs = pairsToCompare(resultRows(workspace.comparison.getState().runs), shown, metric);
  const valuesOf = pairReader(workspace, shown);
  const open: { readonly key: string; readonly by: Metric; readonly digest: number; readonly values: Values }[] = [];
  let paused = performance.now();
  for (const { pair, by } of pairs) {
    const values = await valuesOf(pair, by);
    if (signal.aborted) return;
    const key = pairKey(pair, shown.split, by);
    const digest = digestOf(values.first, values.second);
    if (found.has(key) && workspace.comparing.computedFrom.get(key) === digest) continue;
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
    workspace.leaderboard.setState({ differences: new Map(found), progress: { done, total: open.length } });
  publish(0);
  let published = performance.now();
  for (const [at, { key, by, digest, values }] of open.entries()) {
    found.set(key, await differenceBetween(values, by, signal));
    workspace.comparing.computedFrom.set(key, digest);
    if (at + 1 < open.length && performance.now() - published < PUBLISH_EVERY_MS) continue;
    publish(at + 1);
    published = performance.now();
  }
}

/** Reads the values of pairs; a model that is in many pairs is averaged over its seeds once. */
export function pairReader(
  workspace: Workspace,
  { split, outcomes }: Pick<DashboardState, 'split' | 'outcomes'>,
): (pair: ModelPair, by: Metric) => Promise<Values> {
  const read = new Map<string, Float64Array>();
  const codes = codesOf(workspace, split);
  const placedOf = async ({ id }: RunRow, by: Metric): Promise<PlacedQueries[]> => {
    const its = outcomes.get(id);
    if (!its) return [];
    if (!by.fromNeighbours) return [its];
    const { neighbours = null } = (await queriesOf(workspace)(id, split)) ?? {};
    const asked = its.queries.map((query) => codes.query[query] ?? UNKNOWN);
    return neighbours ? [{ ...its, hitsAt: hitsIn(neighbours, asked, codes.gallery) }] : [];
  };
  const valuesOf = async (runs: readonly RunRow[], by: Metric): Promise<Float64Array> => {
    const key = [by.key, ...runs.map(({ id }) => id)].join('\n');
    const known = read.get(key);
    if (known) return known;
    const queries: PlacedQueries[] = [];
    for (const run of runs) queries.push(...(await placedOf(run, by)));
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
function codesOf(workspace: Workspace, split: DashboardState['split']) {
  const { queries, gallery } = scoredImages(workspace.dataset.getState().images, split);
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
  const by = best?.metric ?? metric;
  const ensembles = ensemblesAgainstMembers(loaded, split, by);
  const others = [
    ...finetunedAgainstFrozen(loaded, split),
    ...ensembles.flatMap(({ ensemble, member }) => (member ? [{ first: ensemble, second: member }] : [])),
  ];
  const all = [...(best ? againstOthers(best.rows[0], loaded, split, by) : []), ...others].map((pair) => ({
    pair,
    by,
  }));
  return [...new Map(all.map((one) => [pairKey(one.pair, split, one.by), one])).values()];
}

/** Digest of the numbers' bits. */
function digestOf(...columns: readonly Float64Array<ArrayBuffer>[]): number {
  let digest: number | undefined;
  for (const { buffer, byteOffset, length } of columns) {
    const words = new Uint32Array(buffer, byteOffset, length * 2);
    digest = fnv1a(words, 0, words.length, digest);
  }
  return digest ?? 0;
}
