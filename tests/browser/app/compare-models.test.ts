import { afterEach, expect, test } from 'vitest';
import type { RunRow } from '../../../src/app/comparison/comparison.ts';
import { database } from '../../../src/app/context.ts';
import { compareModels, stopComparing } from '../../../src/app/dashboard/compare-models.ts';
import { openedWorkspace } from '../../../src/app/opened.ts';
import { ensemblesAgainstMembers, finetunedAgainstFrozen, pairedRuns, pairKey } from '../../../src/core/model-pairs.ts';
import { resultRows } from '../../../src/core/result-rows.ts';
import { pairedDifference } from '../../../src/metrics/intervals.ts';
import { pairedValues, valuesByQuery } from '../../../src/metrics/paired-values.ts';
import { metricOf } from '../../../src/metrics/registry.ts';
import { deleteRun } from '../../../src/storage/runs.ts';
import { fillDashboard, perfect } from '../ui/fake-dashboard.ts';
import { emptyStores, fillDataset } from '../ui/fake-state.ts';

afterEach(emptyStores);

const found = () => openedWorkspace().leaderboard.getState().differences;

test('models are compared in the worker as the bootstrap compares them here', async () => {
  fillDataset();
  await fillDashboard();
  await compareModels(openedWorkspace(), metricOf('top1'));
  expect(openedWorkspace().leaderboard.getState().progress).toBeNull();
  const rows = resultRows(openedWorkspace().comparison.getState().runs);
  const { outcomes } = openedWorkspace().dashboard.getState();
  const pairs = finetunedAgainstFrozen(rows, 'test');
  expect(pairs).toHaveLength(2);
  for (const pair of pairs) {
    const { first, second } = pairedRuns(pair, 'test');
    const valuesOf = (runs: readonly RunRow[]) =>
      valuesByQuery(
        runs.flatMap(({ id }) => outcomes.get(id) ?? []),
        metricOf('top1'),
      );
    const values = pairedValues(valuesOf(first), valuesOf(second));
    const expected = pairedDifference(values.first, values.second, 'mean', { seed: 0 });
    expect(found().get(pairKey(pair, 'test', metricOf('top1')))).toEqual(expected);
  }
  for (const { ensemble, member } of ensemblesAgainstMembers(rows, 'test', metricOf('top1'))) {
    expect(member).not.toBeNull();
    if (member) expect(found().has(pairKey({ first: ensemble, second: member }, 'test', metricOf('top1')))).toBe(true);
  }
});

test('where several models are perfect, all differences are in what decides between them', async () => {
  fillDataset();
  await fillDashboard();
  openedWorkspace().comparison.setState(({ runs }) => ({ runs: runs.map(perfect) }));
  await compareModels(openedWorkspace(), metricOf('top10'));
  const pairs = finetunedAgainstFrozen(resultRows(openedWorkspace().comparison.getState().runs), 'test');
  expect(pairs.length).toBeGreaterThan(0);
  for (const pair of pairs) {
    expect(found().has(pairKey(pair, 'test', metricOf('top1')))).toBe(true);
    expect(found().has(pairKey(pair, 'test', metricOf('top10')))).toBe(false);
  }
});

test('what was computed from the same outcomes is kept, from others it is computed again', async () => {
  fillDataset();
  await fillDashboard();
  await compareModels(openedWorkspace(), metricOf('mrr'));
  const before = found();
  await compareModels(openedWorkspace(), metricOf('mrr'));
  expect(found()).toBe(before);
  // One run now finds nothing.
  const { outcomes } = openedWorkspace().dashboard.getState();
  const [, frozen] = openedWorkspace().comparison.getState().runs;
  const its = frozen && outcomes.get(frozen.id);
  if (!frozen || !its) throw new Error('The synthetic runs have outcomes.');
  const worse = { ...its, firstHitRank: its.firstHitRank.map(() => 5000) };
  openedWorkspace().dashboard.setState({ outcomes: new Map(outcomes).set(frozen.id, worse) });
  await compareModels(openedWorkspace(), metricOf('mrr'));
  const [pair] = finetunedAgainstFrozen(resultRows(openedWorkspace().comparison.getState().runs), 'test');
  if (!pair) throw new Error('A fine-tuned model stands against its frozen one.');
  const key = pairKey(pair, 'test', metricOf('mrr'));
  expect(found().get(key)?.difference).toBeGreaterThan((before.get(key)?.difference ?? 1) + 0.3);
});

test('precision, which outcomes do not hold, is compared from the neighbours', async () => {
  fillDataset();
  await fillDashboard();
  await compareModels(openedWorkspace(), metricOf('precision5'));
  const [pair] = finetunedAgainstFrozen(resultRows(openedWorkspace().comparison.getState().runs), 'test');
  if (!pair) throw new Error('A fine-tuned model stands against its frozen one.');
  const key = pairKey(pair, 'test', metricOf('precision5'));
  expect(found().get(key)?.difference).toBeGreaterThan(0);
  // Nothing is said about neighbours that are missing.
  openedWorkspace().leaderboard.setState({ differences: new Map() });
  for (const { id } of pair.first.runs) await deleteRun(database, 'd1', id);
  await compareModels(openedWorkspace(), metricOf('precision5'));
  expect(found().get(key)).toBeNull();
});

test('stopped, it keeps what it has found, and goes on from there', async () => {
  fillDataset();
  await fillDashboard({ runs: 12, queries: 5000 });
  const running = compareModels(openedWorkspace(), metricOf('top10'));
  await expect
    .poll(() => openedWorkspace().leaderboard.getState().progress?.done ?? 0, { timeout: 60_000, interval: 20 })
    .toBeGreaterThan(0);
  stopComparing(openedWorkspace());
  await running;
  expect(openedWorkspace().leaderboard.getState()).toMatchObject({ progress: null, stopped: true });
  const kept = new Map(found());
  expect(kept.size).toBeGreaterThan(0);
  await compareModels(openedWorkspace(), metricOf('top10'));
  expect(openedWorkspace().leaderboard.getState().stopped).toBe(false);
  expect(found().size).toBeGreaterThan(kept.size);
  for (const [key, difference] of kept) expect(found().get(key)).toBe(difference);
});
