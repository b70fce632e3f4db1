import { datasetListStore } from '../dataset-list.ts';
import { jobs } from '../jobs.ts';
import { startedStore } from '../started.ts';
import { loadComparison } from './comparison.ts';
import { restoreCutoff, watchCutoff } from './cutoff.ts';
import { clearHalfImport } from './dataset-file.ts';
import { restoreDatasets } from './datasets.ts';
import { openGalleryAhead } from './gallery-ahead.ts';
import { watchJobs } from './jobs.ts';
import { loadModels, refreshModels } from './models.ts';
import { reopenFiles } from './open-data.ts';
import { restorePath } from './path.ts';
import { restoreSearch } from './search.ts';
import { loadSettings, probeEngine } from './settings.ts';
import { refreshStorage } from './storage.ts';

/** Called once. */
export async function start(): Promise<void> {
  watchCutoff();
  watchJobs();
  await readStored();
  if (new URLSearchParams(location.search).has('automation')) {
    const { offerAutomation } = await import('../automation.ts');
    offerAutomation();
  }
}

/**
 * Reads what is stored; what cannot be read is said, and the rest goes on. What the search needs comes first: to count
 * what is there takes its time with 100,000 images, and nobody waits for it.
 */
export async function readStored(): Promise<void> {
  await loadSettings().catch((error) => jobs.fail('settings', error));
  const probed = probeEngine();
  void openGalleryAhead();
  // None needs another, and each waits for something else: the storage, the server, a worker.
  await Promise.all([
    restorePath().catch((error) => jobs.fail('data', error)),
    loadModels().catch((error) => jobs.fail('models', error)),
    restoreDatasets().catch((error) => {
      datasetListStore.setState({ status: 'empty' });
      jobs.fail('data', error);
    }),
  ]);
  await loadComparison().catch((error) => jobs.fail('comparison', error));
  await restoreCutoff().catch((error) => jobs.fail('search', error));
  await jobs.interrupted.refresh();
  // Shown earlier, the screens would move when the rest came.
  startedStore.setState({ started: true });
  await restoreSearch().catch((error) => jobs.fail('search', error));
  await probed;
  await clearHalfImport().catch((error) => jobs.fail('data', error));
  await refreshModels();
  await refreshStorage();
  await reopenFiles().catch((error) => jobs.fail('data', error));
}
