import { differencesOf } from '../../core/analysis-client.ts';
import { isAborted } from '../../errors.ts';
import { pairedValues, type QueryMeasure, valuesByQuery } from '../../metrics/paired-values.ts';
import { comparisonStore, type RunRow } from '../comparison.ts';
import { type DashboardState, dashboardStore } from '../dashboard.ts';
import { leaderboardStore, type PairDifference } from '../leaderboard.ts';
import {
  againstOthers,
  ensemblesAgainstMembers,
  finetunedAgainstFrozen,
  highestRow,
  type ModelPair,
  pairedRuns,
  pairKey,
} from '../model-pairs.ts';
import { fail } from '../operations.ts';
import { type Measure, type ResultRow, resultRows } from '../result-rows.ts';

const queryMeasures: Readonly<Record<Measure, QueryMeasure>> = {
  top1: 1,
  top5: 5,
  top10: 10,
  mapAtR: 'mapAtR',
  mrr: 'mrr',
};

/** The screen is told at most this often: each time it draws the table anew. */
const PUBLISH_EVERY_MS = 150;

/** Longest stretch of reading values, in milliseconds, before the screen has its turn. */
const STRETCH_MS = 10;

/** By pairKey(): the digest of the values that a difference was computed from. Other outcomes, another difference. */
const computedFrom = new Map<string, number>();
let current: AbortController | null = null;

/** Ends the comparison that runs; what it has found stays. */
export function stopComparing(): void {
  if (!current) return;
  current.abort();
  leaderboardStore.setState({ stopped: true });
}

/**
 * Holds the models of the shown split against each other by the measure: the highest against all others, fine-tuned
 * against frozen, ensembles against their best member. What was computed from the same outcomes before is kept. A newer
 * call ends an older one.
 */
export async function compareModels(measure: Measure): Promise<void> {
  current?.abort();
  const controller = new AbortController();
  current = controller;
  if (leaderboardStore.getState().stopped) leaderboardStore.setState({ stopped: false });
  try {
    await compare(measure, controller.signal);
  } catch (error) {
    if (!isAborted(error)) fail('dashboard', error);
  } finally {
    if (current === controller) {
      current = null;
      leaderboardStore.setState({ progress: null });
    }
  }
}

type Values = ReturnType<typeof pairedValues>;

async function compare(measure: Measure, signal: AbortSignal): Promise<void> {
  const shown = dashboardStore.getState();
  const found = new Map(leaderboardStore.getState().differences);
  const pairs = pairsToCompare(resultRows(comparisonStore.getState().runs), shown, measure);
  const valuesOf = pairReader(shown, measure);
  const open: { readonly key: string; readonly digest: number; readonly values: Values }[] = [];
  let paused = performance.now();
  for (const pair of pairs) {
    const values = valuesOf(pair);
    const key = pairKey(pair, shown.split, measure);
    const digest = digestOf(values.first, values.second);
    if (found.has(key) && computedFrom.get(key) === digest) continue;
    // What is said until then was said of other outcomes.
    found.delete(key);
    open.push({ key, digest, values });
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
  for (const [at, { key, digest, values }] of open.entries()) {
    found.set(key, await differenceBetween(values, signal));
    computedFrom.set(key, digest);
    if (at + 1 < open.length && performance.now() - published < PUBLISH_EVERY_MS) continue;
    publish(at + 1);
    published = performance.now();
  }
}

/** Reads the values of pairs; a model that stands in many pairs is averaged over its seeds once. */
function pairReader(
  { split, outcomes }: Pick<DashboardState, 'split' | 'outcomes'>,
  measure: Measure,
): (pair: ModelPair) => Values {
  const read = new Map<string, Float64Array>();
  const valuesOf = (runs: readonly RunRow[]): Float64Array => {
    const key = runs.map(({ id }) => id).join('\n');
    const values =
      read.get(key) ??
      valuesByQuery(
        runs.flatMap(({ id }) => outcomes.get(id) ?? []),
        queryMeasures[measure],
      );
    read.set(key, values);
    return values;
  };
  return (pair) => {
    const { first, second } = pairedRuns(pair, split);
    return pairedValues(valuesOf(first), valuesOf(second));
  };
}

async function differenceBetween({ first, second }: Values, signal: AbortSignal): Promise<PairDifference> {
  if (first.length === 0) return null;
  const [difference] = await differencesOf(first, [second], signal);
  return difference ?? null;
}

/** What the screen says first comes first. */
function pairsToCompare(
  rows: readonly ResultRow[],
  { split, outcomes }: Pick<DashboardState, 'split' | 'outcomes'>,
  measure: Measure,
): ModelPair[] {
  // Rows whose outcomes have not been loaded yet are compared when they are there.
  const loaded = rows.filter(({ runs }) => runs.every(({ id, result }) => !result[split] || outcomes.has(id)));
  const best = highestRow(loaded, split, measure);
  const ensembles = ensemblesAgainstMembers(loaded, split, measure);
  const all = [
    ...(best ? againstOthers(best, loaded, split) : []),
    ...finetunedAgainstFrozen(loaded, split),
    ...ensembles.flatMap(({ ensemble, member }) => (member ? [{ first: ensemble, second: member }] : [])),
  ];
  return [...new Map(all.map((pair) => [pairKey(pair, split, measure), pair])).values()];
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
