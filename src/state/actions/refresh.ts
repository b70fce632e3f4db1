import { type Run, trainedTogether } from '../../pipeline/run.ts';
import { storedHeads } from '../../pipeline/train-heads.ts';
import { getRuns } from '../../storage/runs.ts';
import { datasetStore } from '../datasets.ts';
import { evaluate, USUAL_SETTINGS } from '../evaluation.ts';
import { operate } from '../operations.ts';
import { runOf, storedRunSchema, subjectDigest } from '../runs.ts';
import { searchSession } from '../search-session.ts';
import { database } from '../session.ts';
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
}

/** Scores again, for other labels or roles, what needs neither embedding nor training; then refreshes the screens. */
export async function rescore(): Promise<void> {
  const { dataset, images } = datasetStore.getState();
  const runs = dataset ? [...(await getRuns(database, dataset.id, storedRunSchema)).values()] : [];
  const subject = await subjectDigest(images);
  const outdated = runs.filter((run) => run.subject !== subject);
  if (outdated.length > 0) {
    await operate('comparison', 'Scoring with the new labels', 'images', async ({ signal }) => {
      for (const { choice, result } of outdated) {
        const run = await runOf(choice, images);
        const { extractMs, imagesPerSecond, trainMs } = result.timing;
        if (!run || run.images.length < images.length || !(await hasHeads(run))) continue;
        await evaluate(choice, images, USUAL_SETTINGS, signal, { extractMs, imagesPerSecond, trainMs });
      }
    });
  }
  await refreshScreens();
}

async function hasHeads(run: Run): Promise<boolean> {
  for (const group of trainedTogether(run)) {
    const found = await storedHeads(database, run, group).catch(() => null);
    if (!found) return false;
  }
  return true;
}
