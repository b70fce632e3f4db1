import * as v from 'valibot';
import { galleryKey, openForQueries } from '../../core/gallery.ts';
import { bestRun } from '../../core/result-rows.ts';
import { splitImages } from '../../core/run.ts';
import { unranked } from '../../core/run-choice.ts';
import { galleryClasses, imageClasses, knownClasses } from '../../core/run-classes.ts';
import { headsOf } from '../../core/run-embeddings.ts';
import { searchKernel } from '../../core/search-client.ts';
import { galleryBlocks } from '../../core/told-apart.ts';
import { trainingLabels } from '../../core/train-heads.ts';
import { RANKING_NAMES, type RankingName, rankingNamed } from '../../search/rankings.ts';
import { getSetting, putSetting, searchKey } from '../../storage/settings.ts';
import type { RunRow } from '../comparison/comparison.ts';
import { searchableRunOf } from '../comparison/runs.ts';
import { context, database } from '../context.ts';
import { jobs } from '../jobs/jobs.ts';
import type { Workspace } from '../workspace.ts';
import { rememberGallery } from './gallery-ahead.ts';
import { clearQuery, searchAgain } from './query.ts';
import { NO_INDEX, prepareIndex } from './search-index.ts';
import type { SearchSession } from './search-session.ts';

/** What was chosen for one data set: another one has other runs, and other rankings help it. */
const ofDataset = v.object({ runId: v.nullable(v.string()), rank: v.nullable(v.picklist(RANKING_NAMES)) });

/** Opens the run that the user has chosen for this data set, else the best one, so that the search screen answers whenever it can. */
export async function openAnyRun(workspace: Workspace): Promise<void> {
  const id = workspace.session?.stored.id;
  const turn = workspace.searching.newestRun;
  const { chosenRun, rank } = workspace.search.getState();
  const stored = id === undefined ? null : await getSetting(database, searchKey(id), ofDataset);
  const now = workspace.search.getState();
  if (turn !== workspace.searching.newestRun || now.chosenRun !== chosenRun || now.rank !== rank) {
    // What the user chose while the earlier choice was read stands.
    workspace.search.setState({ opening: false });
    return;
  }
  const { runs } = workspace.comparison.getState();
  const chosen = runs.find((run) => run.id === stored?.runId) ?? null;
  const run = chosen ?? bestRun(runs) ?? runs[0];
  workspace.search.setState({ chosenRun: chosen?.id ?? null });
  if (run) await searchWithRun(workspace, run.id, stored?.rank ?? run.choice.rank);
  // Nothing is left that could answer.
  if (!workspace.searching.session && workspace.search.getState().runId !== null) closeSearch(workspace);
  workspace.search.setState({ opening: false });
}

/** From now on the best run answers, unless the user has chosen one: also where a comparison has just found a better one. */
export function followBest(workspace: Workspace): void {
  workspace.comparison.subscribe(({ runs, running }, before) => {
    if (running || (runs === before.runs && running === before.running)) return;
    const { session } = workspace.searching;
    if (!session || workspace.search.getState().chosenRun !== null) return;
    const best = bestRun(runs);
    // Runs of one model that differ in their order alone are one.
    if (best && !sameModel(runs, best.id, session.runId)) void searchWithRun(workspace, best.id);
  });
}

function sameModel(runs: readonly RunRow[], one: string, other: string): boolean {
  const [a, b] = [one, other].map((id) => runs.find((run) => run.id === id));
  return a !== undefined && b !== undefined && unranked(a) === unranked(b);
}

/** The user's choice: it answers from now on, even if another is better. */
export async function chooseRun(workspace: Workspace, runId: string): Promise<void> {
  workspace.search.setState({ chosenRun: runId });
  const { rank } = workspace.comparison.getState().runs.find(({ id }) => id === runId)?.choice ?? {};
  // The run of a ranking is chosen with it; of the plain ones, the ranking chosen before stays.
  const wanted = rank === undefined || rank === 'plain' ? workspace.search.getState().rank : rank;
  // Before its gallery is read, which takes long: a job that ends meanwhile opens what was chosen.
  await rememberInDataset(workspace, wanted);
  await searchWithRun(workspace, runId, wanted);
}

/** Makes this run answer the query that is shown. */
export async function searchWithRun(workspace: Workspace, runId: string, rank?: RankingName): Promise<void> {
  await openRun(workspace, runId, rank);
  if (workspace.searching.session?.runId === runId) await searchAgain(workspace);
}

/** Makes this run answer: its gallery is loaded, its index built beside the first searches. */
async function openRun(
  workspace: Workspace,
  runId: string,
  wanted: RankingName = workspace.search.getState().rank,
): Promise<void> {
  const turn = ++workspace.searching.newestRun;
  try {
    const { images } = workspace.dataset.getState();
    const choice = workspace.comparison.getState().runs.find(({ id }) => id === runId)?.choice;
    const run = choice ? await searchableRunOf({ ...choice, rank: 'plain' }, images) : null;
    if (!run || splitImages(run.images, 'gallery').length === 0) return;
    const key = await galleryKey(context, run);
    const heads = await headsOf(context, run, 'heads');
    if (turn !== workspace.searching.newestRun) return;
    const rankable = trainingLabels(run).classes.length > 1;
    const rank = rankable || !rankingNamed(wanted).usesClasses ? wanted : 'plain';
    const controller = new AbortController();
    const gallery = splitImages(run.images, 'gallery');
    const classes = once(async () => ({
      image: await imageClasses(context, run),
      run: await knownClasses(context, run, 'auto'),
    }));
    const session: SearchSession = { run, runId, heads, key, opened: Promise.resolve(), classes, gallery, controller };
    session.opened = handOver(workspace, session, rank);
    replaceSearchSession(workspace, session);
    const index = { ...NO_INDEX, kernel: searchKernel(), status: 'loading' } as const;
    workspace.search.setState({ runId, rank, rankable, trial: null, index });
    await session.opened;
    await rememberGallery(run, workspace.search.getState().indexChoice).catch((error) => jobs.fail('search', error));
    if (workspace.searching.session === session) await prepareIndex(workspace, session, () => searchAgain(workspace));
  } catch (error) {
    if (turn !== workspace.searching.newestRun) return;
    workspace.search.setState(({ index }) => ({ index: { ...index, ...NO_INDEX } }));
    jobs.fail('search', error, { label: 'Try again', run: () => void openRun(workspace, runId) });
  }
}

/** The gallery, with the posteriors of its images where the ranking needs them. */
async function handOver(workspace: Workspace, { run, key, classes }: SearchSession, rank: RankingName): Promise<void> {
  const rows = galleryBlocks(context, run);
  const known = rankingNamed(rank).usesClasses ? await galleryClasses(context, run, (await classes()).run) : null;
  await openForQueries(context, key, rows, known, workspace.search.getState().indexChoice);
}

/** Asked for once, however often it is called; again where it failed. */
function once<R>(make: () => Promise<R>): () => Promise<R> {
  let made: Promise<R> | null = null;
  return () => {
    made ??= make().catch((error: unknown) => {
      made = null;
      throw error;
    });
    return made;
  };
}

/** Another order of the answers, remembered for this data set. */
export async function setRank(workspace: Workspace, rank: RankingName): Promise<void> {
  const { session } = workspace.searching;
  const before = workspace.search.getState().rank;
  workspace.search.setState({ rank });
  if (!session) return;
  session.opened = handOver(workspace, session, rank);
  try {
    // Remembered at once: a job that ends meanwhile opens what was chosen.
    await Promise.all([session.opened, rememberInDataset(workspace, rank)]);
    await searchAgain(workspace);
  } catch (error) {
    // What answered before goes on.
    await rememberInDataset(workspace, before);
    session.opened = handOver(workspace, session, before);
    // Where it fails too, the next query says so.
    session.opened.catch(() => {});
    workspace.search.setState({ rank: before });
    jobs.fail('search', error);
  }
}

/** Until the images are derived again: the query stays, and is asked again when a run is opened. */
export function pauseSearch(workspace: Workspace): void {
  workspace.searching.newestRun++;
  workspace.searching.newest++;
  replaceSearchSession(workspace, null);
  workspace.search.setState(({ query, index }) => ({
    status: query ? 'searching' : 'idle',
    trial: null,
    index: { ...index, ...NO_INDEX },
  }));
}

/** Frees the gallery; for another data set. */
export function closeSearch(workspace: Workspace): void {
  workspace.searching.newestRun++;
  replaceSearchSession(workspace, null);
  clearQuery(workspace);
  workspace.search.setState(({ index }) => ({ runId: null, trial: null, index: { ...index, ...NO_INDEX } }));
}

/** What the session before was still building ends. */
function replaceSearchSession({ searching }: Workspace, next: SearchSession | null): void {
  searching.session?.controller.abort();
  searching.session = next;
}

async function rememberInDataset(workspace: Workspace, rank: RankingName): Promise<void> {
  const id = workspace.session?.stored.id;
  if (id === undefined) return;
  const { chosenRun: runId } = workspace.search.getState();
  await putSetting(database, searchKey(id), { runId, rank }).catch((error) => jobs.fail('search', error));
}
