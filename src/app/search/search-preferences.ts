import * as v from 'valibot';
import { indexFor, isBuilt, setEfSearch as setBreadth } from '../../core/gallery.ts';
import { INDEX_KINDS, type IndexChoice } from '../../search/backends.ts';
import { getSetting, putSetting } from '../../storage/settings.ts';
import { context, database } from '../context.ts';
import { jobs } from '../jobs/jobs.ts';
import type { Workspace } from '../workspace.ts';
import { openAnyRun } from './answering-run.ts';
import { searchAgain } from './query.ts';
import { prepareIndex, recallOf } from './search-index.ts';

const KEY = 'search';
const preferences = v.object({
  k: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(100)),
  // A new name: what was stored under the old one was the default, and no user's choice.
  indexChoice: v.optional(v.picklist<readonly IndexChoice[]>(['auto', ...INDEX_KINDS]), 'auto'),
  efSearch: v.pipe(v.number(), v.integer(), v.minValue(10), v.maxValue(1000)),
  grouped: v.optional(v.boolean(), false),
});

/** Where no run answers: reads the stored choices and opens the run that is to answer. */
export async function restoreSearch(workspace: Workspace): Promise<void> {
  if (workspace.searching.session) return;
  const stored = await getSetting(database, KEY, preferences);
  if (stored) workspace.search.setState(stored);
  await openAnyRun(workspace);
}

/** Shows neighbours of one class together, or all by their rank. */
export async function setGrouped(workspace: Workspace, grouped: boolean): Promise<void> {
  workspace.search.setState({ grouped });
  await remember(workspace);
}

export async function setK(workspace: Workspace, k: number): Promise<void> {
  workspace.search.setState({ k: Math.max(1, Math.min(100, Math.round(k))) });
  await remember(workspace);
  await searchAgain(workspace);
}

export async function setIndex(workspace: Workspace, choice: IndexChoice): Promise<void> {
  workspace.search.setState(({ server }) => ({ indexChoice: choice, server: server && { ...server, chosen: false } }));
  await remember(workspace);
  const session = workspace.searching.session;
  if (session) {
    const { kind, recallAt10 } = workspace.search.getState().index;
    if (indexFor(context, session.key, choice) !== kind || (isBuilt(kind) && recallAt10 === null)) {
      // The search below answers without an index.
      await prepareIndex(workspace, session, () => searchAgain(workspace)).catch((error: unknown) => {
        if (workspace.searching.session === session) jobs.fail('search', error);
      });
    }
  }
  await searchAgain(workspace);
}

/** From now on the server's gallery answers, until another way to search is chosen or another data set is opened. */
export async function searchServerGallery(workspace: Workspace): Promise<void> {
  workspace.search.setState(({ server }) => ({ server: server && { ...server, chosen: true } }));
  await searchAgain(workspace);
}

export async function setEfSearch(workspace: Workspace, efSearch: number): Promise<void> {
  workspace.search.setState(({ server }) => ({ efSearch, server: server && { ...server, recall: null } }));
  await remember(workspace);
  const session = workspace.searching.session;
  if (!session) return;
  try {
    await setBreadth(context, session.key, efSearch);
    const { kind } = workspace.search.getState().index;
    if (isBuilt(kind)) {
      const report = await recallOf(session, kind);
      workspace.search.setState((state) => ({ index: { ...state.index, ...report } }));
    }
    await searchAgain(workspace);
  } catch (error) {
    // Another model was chosen meanwhile, and its gallery has taken the place of this one.
    if (workspace.searching.session === session) jobs.fail('search', error);
  }
}

async function remember(workspace: Workspace): Promise<void> {
  const { k, indexChoice, efSearch, grouped } = workspace.search.getState();
  await putSetting(database, KEY, { k, indexChoice, efSearch, grouped }).catch((error) => jobs.fail('search', error));
}
