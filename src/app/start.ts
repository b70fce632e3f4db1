import { dropOnlyPlan } from './comparison/plan.ts';
import { clearHalfImport } from './dataset/dataset-file.ts';
import { restoreDatasets } from './dataset/datasets.ts';
import { reopenFiles } from './dataset/open.ts';
import { openSession } from './dataset/session.ts';
import { followChanges, followOpened } from './follow.ts';
import { jobs } from './jobs/jobs.ts';
import { watchJobs } from './jobs/resume.ts';
import { listOriginAgain, loadModels } from './models/rows.ts';
import { openedWorkspace } from './opened.ts';
import { openGalleryAhead } from './search/gallery-ahead.ts';
import { restoreCutoff } from './search/measure-cutoff.ts';
import { loadSettings, probeEngine } from './settings/preferences.ts';
import { restorePath } from './settings/show-path.ts';
import { isAutomated, startedStore } from './started.ts';

/** Called once. */
export async function start(): Promise<void> {
  followChanges();
  followOpened();
  watchJobs();
  addEventListener('online', () => void listOriginAgain(openedWorkspace()));
  await readStored();
  if (isAutomated()) {
    const { offerAutomation } = await import('./automation/automation.ts');
    offerAutomation();
  }
}

/**
 * Reads what is stored; what cannot be read is said, and the rest goes on. What the search needs comes first: to count
 * what is there takes its time with 100,000 images, and nothing waits for it.
 */
export async function readStored(): Promise<void> {
  await loadSettings().catch((error) => jobs.fail('settings', error));
  const probed = probeEngine();
  void openGalleryAhead();
  await restoreCutoff(openedWorkspace()).catch((error) => jobs.fail('search', error));
  const listed = loadModels().catch((error) => jobs.fail('models', error));
  // Each waits for something else: the storage, the server, a worker.
  await Promise.all([
    restorePath().catch((error) => jobs.fail('data', error)),
    restoreDatasets(listed).catch((error) => {
      jobs.fail('data', error);
      if (!openedWorkspace().session) return openSession(null);
    }),
  ]);
  await openedWorkspace().catchUp.settled(['comparison']);
  if (!openedWorkspace().session) await dropOnlyPlan().catch((error) => jobs.fail('comparison', error));
  await jobs.interrupted.refresh();
  // Shown earlier, the screens would move when the rest came.
  startedStore.setState({ started: true });
  await openedWorkspace().catchUp.settled();
  await probed;
  await clearHalfImport().catch((error) => jobs.fail('data', error));
  await reopenFiles(openedWorkspace()).catch((error) => jobs.fail('data', error));
}
