import type { Change } from '../../core/context.ts';
import { partialDownload, removeWeights as removeCached } from '../../core/weights-files.ts';
import { ARCHITECTURES } from '../../models/specs/architectures.ts';
import { deleteFeatures } from '../../storage/features.ts';
import { deletePart, estimateUsage, originUsage, requestPersistence as persist } from '../../storage/usage.ts';
import { context, database } from '../context.ts';
import { datasetListStore } from '../dataset/dataset-list.ts';
import { deleteDataset } from '../dataset/datasets.ts';
import { openSession } from '../dataset/session.ts';
import { jobs } from '../jobs/jobs.ts';
import { allWeights, findWeightsById, usableWeights } from '../models/weights.ts';
import { openedWorkspace } from '../opened.ts';
import { closeSearch } from '../search/answering-run.ts';
import type { Workspace } from '../workspace.ts';
import { type StorageItem, type StoragePart, settingsStore } from './settings.ts';
import { storageTroubleStore } from './storage-trouble.ts';

const LABELS: Readonly<Record<StoragePart['id'], string>> = {
  datasets: 'Data sets, with their heads and results',
  features: 'Features',
  weights: 'Weights of the backbones',
  thumbnails: 'Thumbnails',
  queries: 'Images searched with',
};
/** What has changed where it was deleted. */
const TELLS = {
  datasets: 'datasets',
  features: 'features',
  weights: 'weights',
  thumbnails: 'room',
  queries: 'room',
} as const satisfies Record<StoragePart['id'], Change['kind']>;
const PARTS = ['datasets', 'features', 'weights', 'thumbnails', 'queries'] as const;

/** Measures what this origin keeps in the browser. */
export async function refreshStorage(): Promise<void> {
  try {
    const [usage, origin] = await Promise.all([estimateUsage(database), originUsage()]);
    const parts = { ...usage, weights: weightsUsage() };
    settingsStore.setState(({ storage }) => ({
      storage: {
        ...storage,
        ...origin,
        parts: PARTS.map((id) => ({
          id,
          label: LABELS[id],
          ...parts[id],
          items: parts[id].items.map((item) => ({ ...item, label: labelOf(id, item) })),
        })),
      },
    }));
  } catch (error) {
    jobs.fail('settings', error);
  }
}

/** Unfinished downloads count too. */
function weightsUsage() {
  const items = openedWorkspace()
    .models.getState()
    .rows.flatMap(({ weights, cached, partialBytes }) => {
      const bytes = cached?.bytes ?? partialBytes;
      return bytes > 0 ? [{ id: weights.id, bytes, entries: 1 }] : [];
    });
  return { bytes: items.reduce((sum, { bytes }) => sum + bytes, 0), entries: items.length, items };
}

function labelOf(part: StoragePart['id'], { id, name }: Omit<StorageItem, 'label'> & { readonly name?: string }) {
  if (name !== undefined) return name;
  const weights =
    part === 'weights' ? findWeightsById(id) : allWeights().find((known) => usableWeights(known)?.featuresKey === id);
  if (weights) return `${weights.label} (${weights.id})`;
  const architecture = Object.entries(ARCHITECTURES).find(([known]) => id.startsWith(`${known}@`));
  return `${architecture?.[1].label ?? 'A backbone'} with weights that are not here any more`;
}

/** Asks the browser not to clear this origin's data by itself. */
export async function requestPersistence(): Promise<void> {
  try {
    await persist();
    await refreshStorage();
  } catch (error) {
    jobs.fail('settings', error);
  }
}

/** Deletes a part of what is stored, or one item of it. */
export async function deleteStored(
  workspace: Workspace,
  part: StoragePart['id'],
  item: string | null = null,
): Promise<void> {
  try {
    if (part === 'datasets' && item !== null) await deleteDataset(workspace, item);
    else {
      // Weights are shared by content and downloaded again; all else belongs to data sets, which another tab may work on.
      const ids = part === 'weights' ? [] : datasetListStore.getState().datasets.map(({ id }) => id);
      const deleted = await jobs.exclusively(ids, () => deleteNow(workspace, part, item));
      if (!deleted) return;
    }
    await storeWaiting();
    context.changes.tell({ kind: TELLS[part] });
    await openedWorkspace().catchUp.settled();
  } catch (error) {
    jobs.fail('settings', error);
  }
}

async function deleteNow(workspace: Workspace, part: StoragePart['id'], item: string | null): Promise<void> {
  closeSearch(workspace);
  context.backbones.close();
  if (part === 'weights') await deleteWeights(workspace, item);
  else if (part === 'features' && item !== null) await deleteFeatures(database, item);
  else await deletePart(database, part);
  // Imported vectors are nothing but features.
  if (part === 'features') await context.weights.listOwn();
  if (part === 'datasets') {
    datasetListStore.setState({ datasets: [] });
    await openSession(null);
  }
}

async function deleteWeights(workspace: Workspace, only: string | null): Promise<void> {
  for (const { weights, cached } of workspace.models.getState().rows) {
    if (only !== null && weights.id !== only) continue;
    if (!cached && (await partialDownload(context, weights.id)) === 0) continue;
    await removeCached(context, weights.id);
    context.weights.forget(weights.id);
  }
}

/** Where there was no room and may be now: something was deleted, or what was stored since had room. */
export async function storeWaiting(): Promise<void> {
  const { trouble } = storageTroubleStore.getState();
  if (trouble?.kind !== 'full') return;
  await database.unstored.retry().finally(() => {
    storageTroubleStore.setState({ unstoredBytes: database.unstored.bytes });
  });
  storageTroubleStore.setState({ trouble: null });
}
