import { removeWeights as removeCached } from '../../pipeline/weights-client.ts';
import {
  deleteEverything,
  deletePart,
  estimateUsage,
  originUsage,
  requestPersistence as persist,
} from '../../storage/usage.ts';
import { closeBackbone } from '../backbone-session.ts';
import { datasetStore } from '../datasets.ts';
import { modelsStore } from '../models.ts';
import { fail } from '../operations.ts';
import { database } from '../session.ts';
import { type StoragePart, settingsStore } from '../settings.ts';
import { forgetCached } from '../weights.ts';
import { refreshComparison } from './comparison.ts';
import { restoreDatasets } from './datasets.ts';
import { refreshModels } from './models.ts';
import { closeSearch } from './search.ts';

const LABELS: Readonly<Record<StoragePart['id'], string>> = {
  weights: 'Weights of the backbones',
  features: 'Features and embeddings',
  thumbnails: 'Thumbnails',
  datasets: 'Lists of images and their labels',
  queries: 'Images searched with',
};

/** Measures what this origin keeps in the browser. */
export async function refreshStorage(): Promise<void> {
  try {
    const [usage, origin] = await Promise.all([estimateUsage(database), originUsage()]);
    const cached = modelsStore.getState().rows.flatMap((row) => row.cached ?? []);
    const weights = { bytes: cached.reduce((sum, { bytes }) => sum + bytes, 0), entries: cached.length };
    const parts = { weights, ...usage };
    settingsStore.setState({
      storage: {
        ...origin,
        parts: (['weights', 'features', 'thumbnails', 'datasets', 'queries'] as const).map((id) => ({
          id,
          label: LABELS[id],
          ...parts[id],
        })),
      },
    });
  } catch (error) {
    fail('settings', error);
  }
}

/** Asks the browser not to clear this origin's data by itself. */
export async function requestPersistence(): Promise<void> {
  try {
    await persist();
    await refreshStorage();
  } catch (error) {
    fail('settings', error);
  }
}

export async function deleteStored(part: StoragePart['id'] | 'everything'): Promise<void> {
  try {
    closeSearch();
    closeBackbone();
    if (part === 'weights' || part === 'everything') await deleteWeights();
    if (part === 'everything') await deleteEverything(database);
    else if (part !== 'weights') await deletePart(database, part);
    if (part === 'everything' || part === 'datasets') {
      datasetStore.setState({ datasets: [] });
      await restoreDatasets();
    }
    await refreshModels();
    await refreshComparison();
    await refreshStorage();
  } catch (error) {
    fail('settings', error);
  }
}

async function deleteWeights(): Promise<void> {
  for (const { cached } of modelsStore.getState().rows) {
    if (!cached) continue;
    await removeCached(cached.id);
    forgetCached(cached.id);
  }
}
