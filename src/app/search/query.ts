import * as v from 'valibot';
import { headsOf } from '../../core/embed-images.ts';
import { galleryKey } from '../../core/evaluate-run.ts';
import { indexFor, isBuilt, openForQueries, searchGallery, setEfSearch as setBreadth } from '../../core/gallery.ts';
import { embedQuery } from '../../core/query.ts';
import { splitImages } from '../../core/run.ts';
import { runBlocks } from '../../core/run-blocks.ts';
import { searchKernel } from '../../core/search-client.ts';
import { repeatedOnce } from '../../core/worker-faults.ts';
import { AppError, toAppError } from '../../errors.ts';
import { latestOnly } from '../../jobs/turns.ts';
import { INDEX_KINDS, type IndexChoice } from '../../search/backends.ts';
import { getQuery, putQuery } from '../../storage/queries.ts';
import { getSetting, putSetting } from '../../storage/settings.ts';
import { putThumbnails } from '../../storage/thumbnails.ts';
import type { CropFrame, Hit, ImageRecord } from '../../types.ts';
import { searchableRunOf } from '../comparison/runs.ts';
import { context, database } from '../context.ts';
import { openFile } from '../dataset/session.ts';
import { jobs, remedyFor } from '../jobs/jobs.ts';
import { noticeTrouble } from '../settings/storage-trouble.ts';
import type { Workspace } from '../workspace.ts';
import { rememberGallery } from './gallery-ahead.ts';
import type { Neighbour, Query } from './search.ts';
import { NO_INDEX, prepareIndex, recallOf } from './search-index.ts';
import type { SearchSession } from './search-session.ts';

const KEY = 'search';
const preferences = v.object({
  runId: v.nullable(v.string()),
  k: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(100)),
  // A new name: what was stored under the old one was nobody's choice but the default.
  indexChoice: v.optional(v.picklist<readonly IndexChoice[]>(['auto', ...INDEX_KINDS]), 'auto'),
  efSearch: v.pipe(v.number(), v.integer(), v.minValue(10), v.maxValue(1000)),
});

/** Reads the stored choices and opens the run that answered last. */
export async function restoreSearch(workspace: Workspace): Promise<void> {
  const stored = await getSetting(database, KEY, preferences);
  if (stored) workspace.search.setState({ ...stored, runId: null });
  await openAnyRun(workspace, stored?.runId ?? null);
}

/** Opens the run of that name, else the newest one, so that the search screen answers whenever it can. */
export async function openAnyRun(workspace: Workspace, wanted: string | null): Promise<void> {
  const { runs } = workspace.comparison.getState();
  const chosen = runs.find(({ id }) => id === wanted) ?? runs.at(-1);
  if (chosen) await openRun(workspace, chosen.id);
  workspace.search.setState({ opening: false });
}

export async function chooseRun(workspace: Workspace, runId: string): Promise<void> {
  await openRun(workspace, runId);
  if (workspace.searching.session?.runId === runId) await searchAgain(workspace);
}

/** Makes this run answer: its gallery is loaded, its index built beside the first searches. */
export async function openRun(workspace: Workspace, runId: string): Promise<void> {
  const turn = ++workspace.searching.newestRun;
  try {
    const { images } = workspace.dataset.getState();
    const choice = workspace.comparison.getState().runs.find(({ id }) => id === runId)?.choice;
    const run = choice ? await searchableRunOf(choice, images) : null;
    if (!run || splitImages(run.images, 'gallery').length === 0) return;
    const key = await galleryKey(context, run);
    const heads = await headsOf(context, run, 'heads');
    if (turn !== workspace.searching.newestRun) return;
    const opened = openForQueries(key, runBlocks(context, run, 'gallery'));
    const controller = new AbortController();
    const gallery = splitImages(run.images, 'gallery');
    const session: SearchSession = { run, runId, heads, key, opened, gallery, controller };
    replaceSearchSession(workspace, session);
    workspace.search.setState({ runId, index: { ...NO_INDEX, kernel: searchKernel(), status: 'loading' } });
    await remember(workspace);
    await opened;
    await rememberGallery(run).catch((error) => jobs.fail('search', error));
    if (workspace.searching.session === session) await prepareIndex(workspace, session, () => searchAgain(workspace));
  } catch (error) {
    if (turn !== workspace.searching.newestRun) return;
    workspace.search.setState(({ index }) => ({ index: { ...index, ...NO_INDEX } }));
    jobs.fail('search', error, { label: 'Try again', run: () => void openRun(workspace, runId) });
  }
}

export async function setK(workspace: Workspace, k: number): Promise<void> {
  workspace.search.setState({ k: Math.max(1, Math.min(100, Math.round(k))) });
  await remember(workspace);
  await searchAgain(workspace);
}

export async function setIndex(workspace: Workspace, choice: IndexChoice): Promise<void> {
  workspace.search.setState({ indexChoice: choice });
  await remember(workspace);
  const session = workspace.searching.session;
  if (session) {
    const { kind, recallAt10 } = workspace.search.getState().index;
    if (indexFor(session.key, choice) !== kind || (isBuilt(kind) && recallAt10 === null))
      await prepareIndex(workspace, session, () => searchAgain(workspace));
  }
  await searchAgain(workspace);
}

export async function setEfSearch(workspace: Workspace, efSearch: number): Promise<void> {
  workspace.search.setState({ efSearch });
  await remember(workspace);
  const session = workspace.searching.session;
  if (!session) return;
  try {
    await setBreadth(session.key, efSearch);
    const report = await recallOf(session, workspace.search.getState().index.kind);
    workspace.search.setState((state) => ({ index: { ...state.index, ...report } }));
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
  workspace.search.setState({ query: null, status: 'idle', error: null, neighbours: [], timing: null });
}

/** Frees the gallery; for another data set. */
export function closeSearch(workspace: Workspace): void {
  workspace.searching.newestRun++;
  replaceSearchSession(workspace, null);
  clearQuery(workspace);
  workspace.search.setState(({ index }) => ({ runId: null, index: { ...index, ...NO_INDEX } }));
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
  const { embedding, ms: embedMs, keep } = await embedQuery(context, session.run, session.heads, { hash, crop, open });
  const kept = keep();
  // It is awaited below: until then a failure is nobody's.
  kept.catch(() => {});
  if (turn === workspace.searching.newest) workspace.search.setState({ status: 'searching' });
  await session.opened;
  const { k, indexChoice } = workspace.search.getState();
  // One more than asked for, in case the query itself is in the gallery.
  const { hits, ms, index } = await searchGallery(session.key, embedding, k + 1, indexFor(session.key, indexChoice));
  // Meanwhile another query or model may have been chosen.
  if (workspace.searching.session === session && turn === workspace.searching.newest) {
    workspace.search.setState({
      status: 'done',
      neighbours: neighboursOf(hits, session.gallery, query).slice(0, k),
      timing: { embedMs, searchMs: ms, galleryImages: session.gallery.length, index },
    });
    // The index went with a worker that died: exact search has answered, and the index is built again.
    if (
      isBuilt(indexFor(session.key, indexChoice)) &&
      !isBuilt(index) &&
      workspace.search.getState().index.status === 'ready'
    ) {
      await prepareIndex(workspace, session, () => searchAgain(workspace));
    }
  }
  // Without it the features are computed again the next time.
  await kept.catch((error) => jobs.fail('search', error));
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
  workspace.search.setState({ status: 'failed', error: message, neighbours: [], timing: null });
}

async function remember(workspace: Workspace): Promise<void> {
  const { runId, k, indexChoice, efSearch } = workspace.search.getState();
  await putSetting(database, KEY, { runId, k, indexChoice, efSearch }).catch((error) => jobs.fail('search', error));
}
