import * as v from 'valibot';
import { type Answer, answerOfPosterior, answerOfVotes, VOTERS } from '../../core/answer.ts';
import { headsOf } from '../../core/embed-images.ts';
import { galleryKey } from '../../core/evaluate-run.ts';
import { indexFor, isBuilt, openForQueries, searchGallery, setEfSearch as setBreadth } from '../../core/gallery.ts';
import { embedQuery, type QueryEmbedding } from '../../core/query.ts';
import { bestRun } from '../../core/result-rows.ts';
import { fineTuned, splitImages } from '../../core/run.ts';
import { unranked } from '../../core/run-choice.ts';
import { galleryClasses, imageClasses, knownClasses } from '../../core/run-classes.ts';
import { searchKernel } from '../../core/search-client.ts';
import { galleryBlocks } from '../../core/told-apart.ts';
import { trainingLabels } from '../../core/train-heads.ts';
import { repeatedOnce } from '../../core/worker-faults.ts';
import { AppError, toAppError } from '../../errors.ts';
import { latestOnly } from '../../jobs/turns.ts';
import { INDEX_KINDS, type IndexChoice } from '../../search/backends.ts';
import { RANKING_NAMES, type RankingName, rankingNamed } from '../../search/rankings.ts';
import { getQuery, putQuery } from '../../storage/queries.ts';
import { getSetting, putSetting, searchKey } from '../../storage/settings.ts';
import { putThumbnails } from '../../storage/thumbnails.ts';
import type { CropFrame, Hit, ImageRecord } from '../../types.ts';
import type { RunRow } from '../comparison/comparison.ts';
import { searchableRunOf } from '../comparison/runs.ts';
import { context, database } from '../context.ts';
import { openFile } from '../dataset/session.ts';
import { jobs, remedyFor } from '../jobs/jobs.ts';
import { noticeTrouble } from '../settings/storage-trouble.ts';
import type { Workspace } from '../workspace.ts';
import { rememberGallery } from './gallery-ahead.ts';
import type { Neighbour, Query, SearchTiming } from './search.ts';
import { NO_INDEX, prepareIndex, recallOf } from './search-index.ts';
import type { SearchSession } from './search-session.ts';

const KEY = 'search';
const preferences = v.object({
  k: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(100)),
  // A new name: what was stored under the old one was nobody's choice but the default.
  indexChoice: v.optional(v.picklist<readonly IndexChoice[]>(['auto', ...INDEX_KINDS]), 'auto'),
  efSearch: v.pipe(v.number(), v.integer(), v.minValue(10), v.maxValue(1000)),
  grouped: v.optional(v.boolean(), false),
});

/** What was chosen for one data set: another one has other runs, and other rankings help it. */
const ofDataset = v.object({ runId: v.nullable(v.string()), rank: v.nullable(v.picklist(RANKING_NAMES)) });

/** Where no run answers: reads the stored choices and opens the run that is to answer. */
export async function restoreSearch(workspace: Workspace): Promise<void> {
  if (workspace.searching.session) return;
  const stored = await getSetting(database, KEY, preferences);
  if (stored) workspace.search.setState(stored);
  await openAnyRun(workspace);
}

/** Opens the run that the user has chosen for this data set, else the best one, so that the search screen answers whenever it can. */
export async function openAnyRun(workspace: Workspace): Promise<void> {
  const id = workspace.session?.stored.id;
  const stored = id === undefined ? null : await getSetting(database, searchKey(id), ofDataset);
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

/** The user's choice: it answers from now on, whichever is the best. */
export async function chooseRun(workspace: Workspace, runId: string): Promise<void> {
  workspace.search.setState({ chosenRun: runId });
  const { rank } = workspace.comparison.getState().runs.find(({ id }) => id === runId)?.choice ?? {};
  // The run of a ranking is chosen with it; of the plain ones, the ranking chosen before stays.
  await searchWithRun(workspace, runId, rank === 'plain' ? undefined : rank);
  await rememberInDataset(workspace);
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
    session.opened = handOver(session, rank);
    replaceSearchSession(workspace, session);
    const index = { ...NO_INDEX, kernel: searchKernel(), status: 'loading' } as const;
    workspace.search.setState({ runId, rank, rankable, trial: null, index });
    await session.opened;
    await rememberGallery(run).catch((error) => jobs.fail('search', error));
    if (workspace.searching.session === session) await prepareIndex(workspace, session, () => searchAgain(workspace));
  } catch (error) {
    if (turn !== workspace.searching.newestRun) return;
    workspace.search.setState(({ index }) => ({ index: { ...index, ...NO_INDEX } }));
    jobs.fail('search', error, { label: 'Try again', run: () => void openRun(workspace, runId) });
  }
}

/** The gallery, with the posteriors of its images where the ranking needs them. */
async function handOver({ run, key, classes }: SearchSession, rank: RankingName): Promise<void> {
  const rows = galleryBlocks(context, run);
  const known = rankingNamed(rank).usesClasses ? await galleryClasses(context, run, (await classes()).run) : null;
  await openForQueries(context, key, rows, known);
}

/** Also with what another ranking needs that is chosen meanwhile. */
async function isOpened(session: SearchSession): Promise<void> {
  let opened: Promise<void>;
  do {
    opened = session.opened;
    await opened;
  } while (opened !== session.opened);
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
  session.opened = handOver(session, rank);
  try {
    await session.opened;
    await rememberInDataset(workspace);
    await searchAgain(workspace);
  } catch (error) {
    // What answered before goes on.
    session.opened = handOver(session, before);
    // Where it fails too, the next query says so.
    session.opened.catch(() => {});
    workspace.search.setState({ rank: before });
    jobs.fail('search', error);
  }
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
    if (indexFor(context, session.key, choice) !== kind || (isBuilt(kind) && recallAt10 === null))
      await prepareIndex(workspace, session, () => searchAgain(workspace));
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
    jobs.fail('search', error);
  }
}

/** Searches with a file from outside the data set (dropped, pasted, picked). */
export async function searchFile(workspace: Workspace, file: File): Promise<void> {
  const turn = ++workspace.searching.newest;
  workspace.searching.beingRead = turn;
  try {
    const [outcome] = await repeatedOnce(null, () => context.workers.images.run((api) => api.read([file], 224)));
    if (!outcome?.ok) {
      throw new AppError('image-undecodable', `${outcome?.reason ?? 'The file was not read.'} Choose another image.`);
    }
    const { hash, thumbnail, width, height } = outcome;
    await putThumbnails(database, [{ hash, blob: thumbnail, width, height }]);
    await putQuery(database, { hash, name: file.name, blob: file, addedAt: Date.now() });
    await run(workspace, { hash, name: file.name, image: imageOf(workspace, hash), crop: null }, file, turn);
  } catch (error) {
    if (turn === workspace.searching.newest) refuse(workspace, error, () => void searchFile(workspace, file));
  } finally {
    if (workspace.searching.beingRead === turn) workspace.searching.beingRead = null;
  }
}

/** Searches with an image of the data set or an earlier query, by its hash, or with a part of it. */
export async function searchHash(workspace: Workspace, hash: string, crop: CropFrame | null = null): Promise<void> {
  const turn = ++workspace.searching.newest;
  try {
    const image = imageOf(workspace, hash);
    const earlier = image ? null : await getQuery(database, hash);
    if (!image && !earlier) {
      throw new AppError('files-gone', 'This query image is not kept any more. Drop it again to search with it.');
    }
    await run(workspace, { hash, name: image?.file ?? earlier?.name ?? '', image, crop }, earlier?.blob ?? null, turn);
  } catch (error) {
    if (turn === workspace.searching.newest) refuse(workspace, error, () => void searchHash(workspace, hash, crop));
  }
}

const searchPart = latestOnly(
  async ({
    workspace,
    hash,
    crop,
  }: {
    readonly workspace: Workspace;
    readonly hash: string;
    readonly crop: CropFrame | null;
  }) => {
    // Meanwhile another query may have been chosen.
    if (workspace.search.getState().query?.hash === hash) await searchHash(workspace, hash, crop);
  },
);

/** Searches again with a part of the query's picture; null is all of it. Of frames drawn during a search the last counts. */
export async function cropQuery(workspace: Workspace, crop: CropFrame | null): Promise<void> {
  const { query } = workspace.search.getState();
  if (!query) return;
  workspace.search.setState({ query: { ...query, crop } });
  await searchPart({ workspace, hash: query.hash, crop });
}

export function clearQuery(workspace: Workspace): void {
  workspace.searching.newest++;
  workspace.search.setState({ query: null, status: 'idle', error: null, neighbours: [], answer: null, timing: null });
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

/** The query image of that hash, else any image of it. */
function imageOf(workspace: Workspace, hash: string): ImageRecord | null {
  const same = workspace.dataset.getState().images.filter((image) => image.hash === hash);
  return same.find(({ split }) => split === 'query') ?? same[0] ?? null;
}

/** The query shown once more, by other choices; not where a newer one is on its way. */
async function searchAgain(workspace: Workspace): Promise<void> {
  if (workspace.searching.beingRead === workspace.searching.newest) return;
  const { query } = workspace.search.getState();
  if (query) await searchHash(workspace, query.hash, query.crop);
}

async function run(workspace: Workspace, query: Query, file: Blob | null, turn: number): Promise<void> {
  // A newer query may have come while this one was read.
  if (turn !== workspace.searching.newest) return;
  workspace.searching.beingRead = null;
  const session = workspace.searching.session;
  if (!session) {
    throw new AppError(
      'dataset-unusable',
      'No model has embedded this gallery yet. Embed it on the models screen first.',
    );
  }
  workspace.search.setState({ query, status: 'embedding', error: null });
  const { hash, crop, image } = query;
  const open = async () => {
    if (file) return file;
    if (image) return openFile(workspace, image.path);
    throw new AppError('files-gone', 'The query image cannot be read any more. Drop it again.');
  };
  const asked = await embedQuery(context, session.run, session.heads, { hash, crop, open });
  const { features, ms: embedMs, keep } = asked;
  const kept = keep();
  // It is awaited below: until then a failure is nobody's.
  kept.catch(() => {});
  if (turn === workspace.searching.newest) workspace.search.setState({ status: 'searching' });
  const { k, server } = workspace.search.getState();
  const find = server?.chosen ? findOnServer : findInTab;
  // One more than asked for, in case the query itself is in the gallery, and enough to vote.
  const { found, isReordered, rankedByClasses, isStopgap, ...timing } = await find(
    workspace,
    session,
    query,
    asked,
    Math.max(k, VOTERS) + 1,
  );
  const isNewest = () => workspace.searching.session === session && turn === workspace.searching.newest;
  // Meanwhile another query or model may have been chosen.
  if (isNewest()) {
    const votes = answerOfVotes(found.map(({ image: { className } }) => className));
    const isOfClasses = rankedByClasses || fineTuned(session.run).length > 0;
    workspace.search.setState({
      status: 'done',
      neighbours: found.slice(0, k),
      answer: isOfClasses ? null : votes,
      timing: { embedMs, ...timing },
    });
    if (isOfClasses) {
      const answer = await answerOfClasses(session, features).catch((error: unknown) => {
        jobs.fail('search', error);
        return null;
      });
      // In the order of cover, neighbours are of many classes on purpose: their votes say nothing.
      if (isNewest()) workspace.search.setState({ answer: answer ?? (isReordered ? null : votes) });
    }
    if (!session.tried) void tryRankingsOf(workspace, session);
    // The index went with a worker that died: exact search has answered, and the index is built again.
    if (isStopgap && workspace.search.getState().index.status === 'ready') {
      await prepareIndex(workspace, session, () => searchAgain(workspace));
    }
  }
  // Without it the features are computed again the next time.
  await kept.catch((error) => jobs.fail('search', error));
}

/** Neighbours and how they were found. */
interface FoundNeighbours extends Pick<SearchTiming, 'searchMs' | 'galleryImages' | 'index'> {
  readonly found: readonly Neighbour[];
  /** Whether their order is another than that of similarity, and whether it comes of classes. */
  readonly isReordered: boolean;
  readonly rankedByClasses: boolean;
  /** Whether exact search answered in place of an index that is not there. */
  readonly isStopgap: boolean;
}

async function findInTab(
  workspace: Workspace,
  session: SearchSession,
  query: Query,
  { embedding, features }: QueryEmbedding,
  count: number,
): Promise<FoundNeighbours> {
  await isOpened(session);
  const { indexChoice, rank } = workspace.search.getState();
  const ofClasses = rankingNamed(rank).usesClasses;
  const cosines = ofClasses ? await (await session.classes()).image.cosines(features) : new Float32Array();
  const by = rank === 'plain' ? null : { ranking: rank, cosines };
  const kind = indexFor(context, session.key, indexChoice);
  const { hits, ms, index } = await searchGallery(context, session.key, embedding, count, kind, by);
  return {
    found: neighboursOf(hits, session.gallery, query),
    isReordered: by !== null,
    rankedByClasses: ofClasses,
    isStopgap: isBuilt(kind) && !isBuilt(index),
    searchMs: ms,
    galleryImages: session.gallery.length,
    index,
  };
}

async function findOnServer(
  workspace: Workspace,
  session: SearchSession,
  query: Query,
  { embedding }: QueryEmbedding,
  count: number,
): Promise<FoundNeighbours> {
  const { askServer } = await import('./server-gallery.ts');
  const { neighbours, ms, collection } = await askServer(workspace, session, query, embedding, count);
  return {
    found: neighbours,
    isReordered: false,
    rankedByClasses: false,
    isStopgap: false,
    searchMs: ms,
    galleryImages: collection.rows,
    index: 'engine',
  };
}

/** From the class posterior; null where the names of its classes are not known. */
async function answerOfClasses(
  { run, classes }: SearchSession,
  features: ReadonlyMap<string, Float32Array<ArrayBuffer>>,
): Promise<Answer | null> {
  const known = await classes();
  const { names } = known.image;
  if (!names || names.length < 2) return null;
  const by = fineTuned(run).length > 0 ? 'head' : 'means';
  return answerOfPosterior(await known.image.cosines(features), names, known.run.settings, by);
}

/** Tells once a model whether another ranking does better on validation images; after the first answer, which waits for nothing. */
async function tryRankingsOf(workspace: Workspace, session: SearchSession): Promise<void> {
  session.tried = true;
  if (!workspace.search.getState().rankable) return;
  try {
    const { tryRankings } = await import('../../core/ranking-trial.ts');
    const trial = await tryRankings(context, session.run, session.controller.signal);
    if (workspace.searching.session === session) workspace.search.setState({ trial });
  } catch (error) {
    if (!session.controller.signal.aborted) jobs.fail('search', error);
  }
}

function neighboursOf(hits: readonly Hit[], gallery: readonly ImageRecord[], query: Query): Neighbour[] {
  const label = query.image?.className ?? null;
  const found = hits.flatMap(({ row, similarity }) => {
    const image = gallery[row];
    // A gallery image that is searched with is no answer to itself.
    return image && image.path !== query.image?.path ? [{ image, similarity }] : [];
  });
  return found.map(({ image, similarity }, i) => ({
    rank: i + 1,
    image,
    similarity,
    correct: label === null || image.className === null ? null : label === image.className,
  }));
}

function refuse(workspace: Workspace, error: unknown, again: () => void): void {
  const failure = toAppError(error);
  const { message } = jobs.record(failure);
  noticeTrouble(failure);
  const remedy = remedyFor(failure, again);
  if (remedy) jobs.fail('search', failure, remedy);
  workspace.search.setState({ status: 'failed', error: message, neighbours: [], answer: null, timing: null });
}

async function remember(workspace: Workspace): Promise<void> {
  const { k, indexChoice, efSearch, grouped } = workspace.search.getState();
  await putSetting(database, KEY, { k, indexChoice, efSearch, grouped }).catch((error) => jobs.fail('search', error));
}

async function rememberInDataset(workspace: Workspace): Promise<void> {
  const id = workspace.session?.stored.id;
  if (id === undefined) return;
  const { chosenRun: runId, rank } = workspace.search.getState();
  await putSetting(database, searchKey(id), { runId, rank }).catch((error) => jobs.fail('search', error));
}
