import { datasetStore } from '../datasets.ts';
import { refreshInterrupted } from '../interrupted.ts';
import { fail } from '../operations.ts';
import { loadComparison } from './comparison.ts';
import { restoreCutoff } from './cutoff.ts';
import { restoreDatasets } from './datasets.ts';
import { loadModels } from './models.ts';
import { reopenFiles } from './open-data.ts';
import { watchOtherTabs } from './other-tab.ts';
import { restorePath } from './path.ts';
import { restoreSearch } from './search.ts';
import { loadSettings } from './settings.ts';
import { refreshStorage } from './storage.ts';

/** Reads what is stored; called once at start. What cannot be read is said, and the rest goes on. */
export async function start(): Promise<void> {
  try {
    await loadSettings();
    await restorePath();
    await restoreDatasets();
    watchOtherTabs();
  } catch (error) {
    datasetStore.setState({ status: 'empty' });
    fail('data', error);
  }
  await loadModels();
  await loadComparison();
  await restoreCutoff().catch((error) => fail('search', error));
  await restoreSearch().catch((error) => fail('search', error));
  await refreshStorage();
  await refreshInterrupted();
  await reopenFiles().catch((error) => fail('data', error));
  if (new URLSearchParams(location.search).has('automation')) {
    const { offerAutomation } = await import('../automation.ts');
    offerAutomation();
  }
}
