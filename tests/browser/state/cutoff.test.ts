import { afterEach, beforeAll, expect, test } from 'vitest';
import { restoreCutoff, setCutoff, watchCutoff } from '../../../src/state/actions/cutoff.ts';
import { comparisonStore } from '../../../src/state/comparison.ts';
import { cutoffStore } from '../../../src/state/cutoff.ts';
import { scoredImages } from '../../../src/state/dashboard.ts';
import { datasetStore } from '../../../src/state/datasets.ts';
import { subjectDigest } from '../../../src/state/runs.ts';
import { searchStore } from '../../../src/state/search.ts';
import { database } from '../../../src/state/session.ts';
import { putRun } from '../../../src/storage/runs.ts';
import { fakeQueries, fillDashboard } from '../ui/fake-dashboard.ts';
import { emptyStores, fillDataset } from '../ui/fake-state.ts';

beforeAll(() => {
  watchCutoff();
  return restoreCutoff();
});
afterEach(emptyStores);

/** Opens a run on the search screen, its made-up validation queries stored as a scored run's are. */
async function openStoredRun(at: number): Promise<string> {
  fillDataset();
  fillDashboard();
  const { dataset, images } = datasetStore.getState();
  const run = comparisonStore.getState().runs[at];
  const queries = run && fakeQueries(run.id, 'validation');
  if (!dataset || !run || !queries) throw new Error('The made-up run has validation queries.');
  const judged = { subject: await subjectDigest(images), ...queries };
  await putRun(database, dataset.id, run.id, run, { test: null, validation: judged });
  searchStore.setState({ runId: run.id });
  return run.id;
}

/** Similarities of the first ten neighbours, right or wrong, by another way: query by query, class by class. */
function pooled(runId: string): { readonly similarity: number; readonly right: boolean }[] {
  const queries = fakeQueries(runId, 'validation');
  if (!queries) throw new Error('The made-up run has validation queries.');
  const { outcomes, neighbours } = queries;
  const lists = scoredImages(datasetStore.getState().images, 'validation');
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

const precisionFrom = (all: ReturnType<typeof pooled>, lowest: number): number => {
  const kept = all.filter(({ similarity }) => similarity >= lowest);
  return kept.filter(({ right }) => right).length / kept.length;
};

test('measures the run that answers on its stored validation neighbours', async () => {
  const runId = await openStoredRun(1);
  await setCutoff(0.75);
  const { cutoff, reason, runId: measured } = cutoffStore.getState();
  expect([measured, reason]).toEqual([runId, null]);
  if (!cutoff) throw new Error('75 % are reached.');
  const all = pooled(runId);
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
  await setCutoff(0.9);
  const before = cutoffStore.getState().cutoff;
  const other = await openStoredRun(6);
  await expect.poll(() => cutoffStore.getState().runId).toBe(other);
  expect(cutoffStore.getState().cutoff?.similarity).not.toBe(before?.similarity);
  await setCutoff(null);
  expect(cutoffStore.getState().cutoff).toBeNull();
});

test('the choice is kept, like k', async () => {
  await setCutoff(0.95);
  cutoffStore.setState({ precision: null });
  await restoreCutoff();
  expect(cutoffStore.getState().precision).toBe(0.95);
});

test('says why there is none: a head from a file, no validation, a run of an earlier version', async () => {
  const runId = await openStoredRun(1);
  await setCutoff(0.9);
  const change = (changes: { loaded?: string; validation?: null; id?: string }) =>
    comparisonStore.setState(({ runs }) => ({
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
  await expect.poll(() => cutoffStore.getState().reason).toContain('a head from a file');
  change({ validation: null });
  await expect.poll(() => cutoffStore.getState().reason).toContain('no training class is large enough');
  fillDashboard();
  const unstored = comparisonStore.getState().runs[2]?.id ?? '';
  searchStore.setState({ runId: unstored });
  await expect.poll(() => cutoffStore.getState().reason).toContain('an earlier version');
  expect(cutoffStore.getState()).toMatchObject({ runId: unstored, cutoff: null });
});
