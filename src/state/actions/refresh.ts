import { whileOpen } from '../dataset-session.ts';
import { jobs } from '../jobs.ts';
import { searchSession } from '../search-session.ts';
import { refreshComparison } from './comparison.ts';
import { refreshModels } from './models.ts';
import { openAnyRun } from './search.ts';
import { refreshStorage } from './storage.ts';

/** Brings all screens up to date after the data set or what is stored has changed. */
export async function refreshScreens(): Promise<void> {
  const open = whileOpen();
  await refreshModels();
  await refreshComparison();
  await refreshStorage();
  if (open() && !searchSession()) await openAnyRun(null);
  await jobs.interrupted.refresh();
}
