import { afterEach, expect, test } from 'vitest';
import { pairedDifference } from '../../../src/metrics/bootstrap.ts';
import { pairedValues, valuesByQuery } from '../../../src/metrics/paired-values.ts';
import { compareModels, stopComparing } from '../../../src/state/actions/leaderboard.ts';
import { comparisonStore, type RunRow } from '../../../src/state/comparison.ts';
import { dashboardStore } from '../../../src/state/dashboard.ts';
import { leaderboardStore } from '../../../src/state/leaderboard.ts';
import {
  ensemblesAgainstMembers,
  finetunedAgainstFrozen,
  pairedRuns,
  pairKey,
} from '../../../src/state/model-pairs.ts';
import { resultRows } from '../../../src/state/result-rows.ts';
import { fillDashboard } from '../ui/fake-dashboard.ts';
import { emptyStores, fillDataset } from '../ui/fake-state.ts';

afterEach(emptyStores);

const found = () => leaderboardStore.getState().differences;

test('models are compared in the worker as the bootstrap compares them here', async () => {
  fillDataset();
  fillDashboard();
  await compareModels('top1');
  expect(leaderboardStore.getState().progress).toBeNull();
  const rows = resultRows(comparisonStore.getState().runs);
  const { outcomes } = dashboardStore.getState();
  const pairs = finetunedAgainstFrozen(rows, 'test');
  expect(pairs).toHaveLength(2);
  for (const pair of pairs) {
    const { first, second } = pairedRuns(pair, 'test');
    const valuesOf = (runs: readonly RunRow[]) =>
      valuesByQuery(
        runs.flatMap(({ id }) => outcomes.get(id) ?? []),
        1,
      );
    const values = pairedValues(valuesOf(first), valuesOf(second));
    const expected = pairedDifference(values.first, values.second, { seed: 0 });
    expect(found().get(pairKey(pair, 'test', 'top1'))).toEqual(expected);
  }
  for (const { ensemble, member } of ensemblesAgainstMembers(rows, 'test', 'top1')) {
    expect(member).not.toBeNull();
    if (member) expect(found().has(pairKey({ first: ensemble, second: member }, 'test', 'top1'))).toBe(true);
  }
});

test('what was computed from the same outcomes is kept, from others it is computed anew', async () => {
  fillDataset();
  fillDashboard();
  await compareModels('mrr');
  const before = found();
  await compareModels('mrr');
  expect(found()).toBe(before);
  // One run now finds nothing.
  const { outcomes } = dashboardStore.getState();
  const [, frozen] = comparisonStore.getState().runs;
  const its = frozen && outcomes.get(frozen.id);
  if (!frozen || !its) throw new Error('The made-up runs have outcomes.');
  const worse = { ...its, firstHitRank: its.firstHitRank.map(() => 5000) };
  dashboardStore.setState({ outcomes: new Map(outcomes).set(frozen.id, worse) });
  await compareModels('mrr');
  const [pair] = finetunedAgainstFrozen(resultRows(comparisonStore.getState().runs), 'test');
  if (!pair) throw new Error('A fine-tuned model stands against its frozen one.');
  const key = pairKey(pair, 'test', 'mrr');
  expect(found().get(key)?.difference).toBeGreaterThan((before.get(key)?.difference ?? 1) + 0.3);
});

test('stopped, it keeps what it has found, and goes on from there', async () => {
  fillDataset();
  fillDashboard({ runs: 12, queries: 5000 });
  const running = compareModels('top10');
  await expect
    .poll(() => leaderboardStore.getState().progress?.done ?? 0, { timeout: 20_000, interval: 20 })
    .toBeGreaterThan(0);
  stopComparing();
  await running;
  expect(leaderboardStore.getState()).toMatchObject({ progress: null, stopped: true });
  const kept = new Map(found());
  expect(kept.size).toBeGreaterThan(0);
  await compareModels('top10');
  expect(leaderboardStore.getState().stopped).toBe(false);
  expect(found().size).toBeGreaterThan(kept.size);
  for (const [key, difference] of kept) expect(found().get(key)).toBe(difference);
});
