import { afterEach, beforeEach, expect, test } from 'vitest';
import { database } from '../../../src/app/context.ts';
import { scoredImages } from '../../../src/app/dashboard/dashboard.ts';
import { queriesOf } from '../../../src/app/dashboard/judged-neighbours.ts';
import { openedWorkspace } from '../../../src/app/opened.ts';
import { restoreCutoff, setCutoff, watchCutoff } from '../../../src/app/search/measure-cutoff.ts';
import { deleteRun } from '../../../src/storage/runs.ts';
import { fillDashboard } from '../ui/fake-dashboard.ts';
import { emptyStores, fillDataset } from '../ui/fake-state.ts';

beforeEach(() => {
  watchCutoff(openedWorkspace());
  return restoreCutoff(openedWorkspace());
});
afterEach(emptyStores);

/** Opens a run on the search screen. */
async function openStoredRun(at: number): Promise<string> {
  fillDataset();
  await fillDashboard();
  const runId = openedWorkspace().comparison.getState().runs[at]?.id ?? '';
  openedWorkspace().search.setState({ runId });
  return runId;
}

/** Similarities of the first ten neighbours, right or wrong, by another way: query by query, class by class. */
async function pooled(runId: string): Promise<{ readonly similarity: number; readonly right: boolean }[]> {
  const queries = await queriesOf(openedWorkspace())(runId, 'validation');
  if (!queries) throw new Error('The synthetic run has validation queries.');
  const { outcomes, neighbours } = queries;
  const lists = scoredImages(openedWorkspace().dataset.getState().images, 'validation');
  return [...outcomes.queries].flatMap((query, i) =>
    outcomes.relevant[i] === 0
      ? []
      : Array.from({ length: 10 }, (_, rank) => ({
          similarity: neighbours.similarities[i * neighbours.k + rank] ?? Number.NaN,
          right:
            lists.gallery[neighbours.rows[i * neighbours.k + rank] ?? -1]?.className ===
            lists.queries[query]?.className,
        })),
  );
}

const precisionFrom = (all: Awaited<ReturnType<typeof pooled>>, lowest: number): number => {
  const kept = all.filter(({ similarity }) => similarity >= lowest);
  return kept.filter(({ right }) => right).length / kept.length;
};

test('measures the run that answers on its stored validation neighbours', async () => {
  const runId = await openStoredRun(1);
  await setCutoff(openedWorkspace(), 0.75);
  const { cutoff, reason, runId: measured } = openedWorkspace().cutoff.getState();
  expect([measured, reason]).toEqual([runId, null]);
  if (!cutoff) throw new Error('75 % are reached.');
  const all = await pooled(runId);
  expect(all.length).toBeGreaterThan(500);
  expect(precisionFrom(all, cutoff.similarity)).toBeCloseTo(cutoff.precision, 12);
  expect(cutoff.precision).toBeGreaterThanOrEqual(0.75);
  expect(all.filter(({ similarity }) => similarity >= cutoff.similarity)).toHaveLength(cutoff.kept);
  // Nothing lower would do.
  const lower = new Set(all.map(({ similarity }) => similarity).filter((value) => value < cutoff.similarity));
  for (const similarity of lower) expect(precisionFrom(all, similarity)).toBeLessThan(0.75);
});

test('another run gets a cut-off of its own, and off hides nothing', async () => {
  await openStoredRun(1);
  await setCutoff(openedWorkspace(), 0.9);
  const before = openedWorkspace().cutoff.getState().cutoff;
  const other = await openStoredRun(6);
  await expect.poll(() => openedWorkspace().cutoff.getState().runId).toBe(other);
  expect(openedWorkspace().cutoff.getState().cutoff?.similarity).not.toBe(before?.similarity);
  await setCutoff(openedWorkspace(), null);
  expect(openedWorkspace().cutoff.getState().cutoff).toBeNull();
});

test('the choice is kept, like k', async () => {
  await setCutoff(openedWorkspace(), 0.95);
  openedWorkspace().cutoff.setState({ precision: null });
  await restoreCutoff(openedWorkspace());
  expect(openedWorkspace().cutoff.getState().precision).toBe(0.95);
});

test('says why there is none: a head from a file, no validation, a run of an earlier version', async () => {
  const runId = await openStoredRun(1);
  await setCutoff(openedWorkspace(), 0.9);
  const change = (changes: { loaded?: string; validation?: null; id?: string }) =>
    openedWorkspace().comparison.setState(({ runs }) => ({
      runs: runs.map((run) =>
        run.id === runId
          ? {
              ...run,
              choice: { ...run.choice, loaded: changes.loaded ?? null },
              result: { ...run.result, ...(changes.validation === null ? { validation: null } : {}) },
            }
          : run,
      ),
    }));
  change({ loaded: 'c0ffee', validation: null });
  await expect.poll(() => openedWorkspace().cutoff.getState().reason).toContain('a head from a file');
  change({ validation: null });
  await expect.poll(() => openedWorkspace().cutoff.getState().reason).toContain('no training class is large enough');
  await fillDashboard();
  const unstored = openedWorkspace().comparison.getState().runs[2]?.id ?? '';
  await deleteRun(database, 'd1', unstored);
  openedWorkspace().search.setState({ runId: unstored });
  await expect.poll(() => openedWorkspace().cutoff.getState().reason).toContain('an earlier version');
  expect(openedWorkspace().cutoff.getState()).toMatchObject({ runId: unstored, cutoff: null });
});
