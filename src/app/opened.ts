import { createStore } from 'zustand/vanilla';
import { AppError } from '../errors.ts';
import type { StoredDataset } from '../storage/schema.ts';
import { jobs, type Screen } from './jobs/jobs.ts';
import { createWorkspace, takeChoices, type Workspace } from './workspace.ts';

/** The workspace that the screens show. It alone says which data set is open. */
export const openedStore = createStore<{ readonly workspace: Workspace }>()(() => ({
  workspace: createWorkspace(),
}));

export const openedWorkspace = (): Workspace => openedStore.getState().workspace;

/** Shows another workspace, and closes the one before. */
export function replaceWorkspace(next: Workspace): void {
  const before = openedWorkspace();
  takeChoices(next, before);
  openedStore.setState({ workspace: next });
  if (before.session) leave(before.session.stored);
  if (next.session) enter(next.session.stored);
  before.close();
}

/** Screens whose failures are about the open data set, or what was dropped on it. */
const ABOUT_DATASET: readonly (Screen | null)[] = ['data', 'models', 'comparison', 'search', 'dashboard'];

/** Stops what is computed for a data set, and says so. Opened again, it can be resumed. */
function leave({ id, name }: Pick<StoredDataset, 'id' | 'name'>): void {
  const working = jobs.store.getState().running.some(({ scope }) => scope === id);
  jobs.leave(id);
  // Downloads and imports of weights are for every data set; of `data`, some work opens the next one.
  jobs.cancel(({ screen }) => screen !== 'models' && screen !== 'data' && ABOUT_DATASET.includes(screen));
  jobs.store.setState(({ failures }) => ({
    failures: failures.filter(({ screen, about }) => !ABOUT_DATASET.includes(screen) && about !== id),
  }));
  if (!working) return;
  const stopped = `The work on “${name}” was stopped, since another data set was opened.`;
  jobs.warn(new AppError('aborted', `${stopped} What was computed is kept: open it again to go on.`), { until: id });
}

/** What is said of a data set as long as it is not open. */
function enter({ id }: Pick<StoredDataset, 'id'>): void {
  jobs.store.setState(({ failures }) => ({ failures: failures.filter(({ until }) => until !== id) }));
}
