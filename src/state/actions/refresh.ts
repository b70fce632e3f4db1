import { type Run, trainedTogether } from '../../core/run.ts';
import { storedHeads } from '../../core/train-heads.ts';
import { deleteRun, getRuns } from '../../storage/runs.ts';
import { datasetStore } from '../datasets.ts';
import { evaluate, USUAL_SETTINGS } from '../evaluation.ts';
import { refreshInterrupted } from '../interrupted.ts';
import { type Operation, operate } from '../operations.ts';
import { runOf, type StoredRun, storedRunSchema, subjectDigest } from '../runs.ts';
import { searchSession } from '../search-session.ts';
import { database } from '../session.ts';
import { undertake } from '../undertake.ts';
import { refreshComparison } from './comparison.ts';
import { refreshModels } from './models.ts';
import { openAnyRun } from './search.ts';
import { refreshStorage } from './storage.ts';

/** Brings all screens up to date after the data set or what is stored has changed. */
export async function refreshScreens(): Promise<void> {
  await refreshModels();
  await refreshComparison();
  await refreshStorage();
  if (!searchSession()) await openAnyRun(null);
  await refreshInterrupted();
}

/**
 * Scores again, for other labels or roles, what needs neither embedding nor training; then refreshes the screens.
 * Resolves to whether it came to its end.
 */
export async function rescore(): Promise<boolean> {
  const { dataset, images } = datasetStore.getState();
  const runs = dataset ? [...(await getRuns(database, dataset.id, storedRunSchema)).values()] : [];
  const subject = await subjectDigest(images);
  const outdated = runs.filter((run) => run.subject !== subject);
  let finished = true;
  if (dataset && outdated.length > 0) {
    const work = async ({ signal }: Pick<Operation, 'signal'>) => {
      for (const run of outdated) await scoreAgain(run, signal);
    };
    finished = await undertake({ kind: 'rescore', datasetId: dataset.id, subject }, (entry) =>
      operate('comparison', 'Scoring with the new labels', 'images', work, null, entry),
    );
  }
  await refreshScreens();
  return finished;
}

/** Scores these runs of the open data set again, from what is stored. */
export async function rescoreRuns(ids: readonly string[]): Promise<void> {
  const { dataset } = datasetStore.getState();
  const runs = dataset ? await getRuns(database, dataset.id, storedRunSchema) : new Map<string, StoredRun>();
  await operate('dashboard', 'Scoring the runs again', 'images', async ({ signal }) => {
    for (const id of ids) {
      const run = runs.get(id);
      // What cannot be scored again cannot be looked into: it leaves the table, and the comparison makes it anew.
      if (dataset && !(run && (await scoreAgain(run, signal)))) await deleteRun(database, dataset.id, id);
    }
  });
  await refreshComparison();
}

/** Whether it could be scored: its features and heads may have been deleted since. */
async function scoreAgain({ choice, result }: StoredRun, signal: AbortSignal): Promise<boolean> {
  const { images } = datasetStore.getState();
  const run = await runOf(choice, images);
  const { extractMs, imagesPerSecond, trainMs } = result.timing;
  if (!run || run.images.length < images.length || !(await hasHeads(run))) return false;
  await evaluate(choice, images, USUAL_SETTINGS, signal, { extractMs, imagesPerSecond, trainMs });
  return true;
}

async function hasHeads(run: Run): Promise<boolean> {
  for (const group of trainedTogether(run)) {
    const found = await storedHeads(database, run, group).catch(() => null);
    if (!found) return false;
  }
  return true;
}
