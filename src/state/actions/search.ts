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
import { comparisonStore } from '../comparison.ts';
import { onOtherDataset, openFile, whileOpen } from '../dataset-session.ts';
import { datasetStore } from '../datasets.ts';
import { jobs, remedyFor } from '../jobs.ts';
import { searchableRunOf } from '../runs.ts';
import { type Neighbour, type Query, searchStore } from '../search.ts';
import { replaceSearchSession, type SearchSession, searchSession } from '../search-session.ts';
import { context, database } from '../session.ts';
import { noticeTrouble } from '../storage-trouble.ts';
import { rememberGallery } from './gallery-ahead.ts';
import { NO_INDEX, prepareIndex, recallOf } from './search-index.ts';

const KEY = 'search';
const preferences = v.object({
  runId: v.nullable(v.string()),
  k: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(100)),
  // A new name: what was stored under the old one was nobody's choice but the default.
  indexChoice: v.optional(v.picklist<readonly IndexChoice[]>(['auto', ...INDEX_KINDS]), 'auto'),
  efSearch: v.pipe(v.number(), v.integer(), v.minValue(10), v.maxValue(1000)),
});

/** Reads the stored choices and opens the run that answered last. */
export async function restoreSearch(): Promise<void> {
  const stored = await getSetting(database, KEY, preferences);
  if (stored) searchStore.setState({ ...stored, runId: null });
  await openAnyRun(stored?.runId ?? null);
}

/** Opens the run of that name, else the newest one, so that the search screen answers whenever it can. */
export async function openAnyRun(wanted: string | null): Promise<void> {
  const open = whileOpen();
  const { runs } = comparisonStore.getState();
  const chosen = runs.find(({ id }) => id === wanted) ?? runs.at(-1);
  if (chosen) await openRun(chosen.id);
  if (open()) searchStore.setState({ opening: false });
}

export async function chooseRun(runId: string): Promise<void> {
  await openRun(runId);
  if (searchSession()?.runId === runId) await searchAgain();
}

/** Counts the runs that were to answer: an older one that is read late does not replace a newer one. */
let newestRun = 0;

/** Makes this run answer: its gallery is loaded, its index built beside the first searches. */
export async function openRun(runId: string): Promise<void> {
  const turn = ++newestRun;
  try {
    const { images } = datasetStore.getState();
    const choice = comparisonStore.getState().runs.find(({ id }) => id === runId)?.choice;
    const run = choice ? await searchableRunOf(choice, images) : null;
    if (!run || splitImages(run.images, 'gallery').length === 0) return;
    const key = await galleryKey(context, run);
    const heads = await headsOf(context, run, 'heads');
    if (turn !== newestRun) return;
    const opened = openForQueries(key, runBlocks(context, run, 'gallery'));
    const controller = new AbortController();
    const gallery = splitImages(run.images, 'gallery');
    const session: SearchSession = { run, runId, heads, key, opened, gallery, controller };
    replaceSearchSession(session);
    searchStore.setState({ runId, index: { ...NO_INDEX, kernel: searchKernel(), status: 'loading' } });
    await remember();
    await opened;
    await rememberGallery(run).catch((error) => jobs.fail('search', error));
    if (searchSession() === session) await prepareIndex(session, searchAgain);
  } catch (error) {
    if (turn !== newestRun) return;
    searchStore.setState(({ index }) => ({ index: { ...index, ...NO_INDEX } }));
    jobs.fail('search', error, { label: 'Try again', run: () => void openRun(runId) });
  }
}

export async function setK(k: number): Promise<void> {
  searchStore.setState({ k: Math.max(1, Math.min(100, Math.round(k))) });
  await remember();
  await searchAgain();
}

export async function setIndex(choice: IndexChoice): Promise<void> {
  searchStore.setState({ indexChoice: choice });
  await remember();
  const session = searchSession();
  if (session) {
    const { kind, recallAt10 } = searchStore.getState().index;
    if (indexFor(session.key, choice) !== kind || (isBuilt(kind) && recallAt10 === null))
      await prepareIndex(session, searchAgain);
  }
  await searchAgain();
}

export async function setEfSearch(efSearch: number): Promise<void> {
  searchStore.setState({ efSearch });
  await remember();
  const session = searchSession();
  if (!session) return;
  try {
    await setBreadth(session.key, efSearch);
    const report = await recallOf(session, searchStore.getState().index.kind);
    searchStore.setState((state) => ({ index: { ...state.index, ...report } }));
    await searchAgain();
  } catch (error) {
    jobs.fail('search', error);
  }
}

/** Counts what was searched for: the newest query wins, whichever answer or error comes first. */
let newest = 0;
/** A query whose file is still being read: it will be searched with the model and the choices of that moment. */
let beingRead: number | null = null;

/** Searches with a file from outside the data set (dropped, pasted, picked). */
export async function searchFile(file: File): Promise<void> {
  const turn = ++newest;
  beingRead = turn;
  try {
    const [outcome] = await repeatedOnce(null, () => context.workers.images.run((api) => api.read([file], 224)));
    if (!outcome?.ok) {
      throw new AppError('image-undecodable', `${outcome?.reason ?? 'The file was not read.'} Choose another image.`);
    }
    const { hash, thumbnail, width, height } = outcome;
    await putThumbnails(database, [{ hash, blob: thumbnail, width, height }]);
    await putQuery(database, { hash, name: file.name, blob: file, addedAt: Date.now() });
    await run({ hash, name: file.name, image: imageOf(hash), crop: null }, file, turn);
  } catch (error) {
    if (turn === newest) refuse(error, () => void searchFile(file));
  } finally {
    if (beingRead === turn) beingRead = null;
  }
}

/** Searches with an image of the data set or an earlier query, by its hash, or with a part of it. */
export async function searchHash(hash: string, crop: CropFrame | null = null): Promise<void> {
  const turn = ++newest;
  try {
    const image = imageOf(hash);
    const earlier = image ? null : await getQuery(database, hash);
    if (!image && !earlier) {
      throw new AppError('files-gone', 'This query image is not kept any more. Drop it again to search with it.');
    }
    await run({ hash, name: image?.file ?? earlier?.name ?? '', image, crop }, earlier?.blob ?? null, turn);
  } catch (error) {
    if (turn === newest) refuse(error, () => void searchHash(hash, crop));
  }
}

const searchPart = latestOnly(async ({ hash, crop }: { readonly hash: string; readonly crop: CropFrame | null }) => {
  // Meanwhile another query may have been chosen.
  if (searchStore.getState().query?.hash === hash) await searchHash(hash, crop);
});

/** Searches anew with a part of the query's picture; null is all of it. Of frames drawn during a search the last counts. */
export async function cropQuery(crop: CropFrame | null): Promise<void> {
  const { query } = searchStore.getState();
  if (!query) return;
  searchStore.setState({ query: { ...query, crop } });
  await searchPart({ hash: query.hash, crop });
}

export function clearQuery(): void {
  newest++;
  searchStore.setState({ query: null, status: 'idle', error: null, neighbours: [], timing: null });
}

/** Frees the gallery; for another data set. */
export function closeSearch(): void {
  newestRun++;
  replaceSearchSession(null);
  clearQuery();
  searchStore.setState(({ index }) => ({ runId: null, index: { ...index, ...NO_INDEX } }));
}

onOtherDataset(() => {
  closeSearch();
  searchStore.setState({ opening: true });
});

/** The query image of that hash, else any image of it. */
function imageOf(hash: string): ImageRecord | null {
  const same = datasetStore.getState().images.filter((image) => image.hash === hash);
  return same.find(({ split }) => split === 'query') ?? same[0] ?? null;
}

/** The query shown once more, by other choices; not where a newer one is on its way. */
async function searchAgain(): Promise<void> {
  if (beingRead === newest) return;
  const { query } = searchStore.getState();
  if (query) await searchHash(query.hash, query.crop);
}

async function run(query: Query, file: Blob | null, turn: number): Promise<void> {
  // A newer query may have come while this one was read.
  if (turn !== newest) return;
  beingRead = null;
  const session = searchSession();
  if (!session) {
    throw new AppError(
      'dataset-unusable',
      'No model has embedded this gallery yet. Embed it on the models screen first.',
    );
  }
  searchStore.setState({ query, status: 'embedding', error: null });
  const { hash, crop, image } = query;
  const open = async () => {
    if (file) return file;
    if (image) return openFile(image.path);
    throw new AppError('files-gone', 'The query image cannot be read any more. Drop it again.');
  };
  const { embedding, ms: embedMs, keep } = await embedQuery(context, session.run, session.heads, { hash, crop, open });
  const kept = keep();
  // It is awaited below: until then a failure is nobody's.
  kept.catch(() => {});
  if (turn === newest) searchStore.setState({ status: 'searching' });
  await session.opened;
  const { k, indexChoice } = searchStore.getState();
  // One more than asked for, in case the query itself is in the gallery.
  const { hits, ms, index } = await searchGallery(session.key, embedding, k + 1, indexFor(session.key, indexChoice));
  // Meanwhile another query or model may have been chosen.
  if (searchSession() === session && turn === newest) {
    searchStore.setState({
      status: 'done',
      neighbours: neighboursOf(hits, session.gallery, query).slice(0, k),
      timing: { embedMs, searchMs: ms, galleryImages: session.gallery.length, index },
    });
    // The index went with a worker that died: exact search has answered, and the index is built again.
    if (
      isBuilt(indexFor(session.key, indexChoice)) &&
      !isBuilt(index) &&
      searchStore.getState().index.status === 'ready'
    ) {
      await prepareIndex(session, searchAgain);
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

function refuse(error: unknown, again: () => void): void {
  const failure = toAppError(error);
  const { message } = jobs.record(failure);
  noticeTrouble(failure);
  const remedy = remedyFor(failure, again);
  if (remedy) jobs.fail('search', failure, remedy);
  searchStore.setState({ status: 'failed', error: message, neighbours: [], timing: null });
}

async function remember(): Promise<void> {
  const { runId, k, indexChoice, efSearch } = searchStore.getState();
  await putSetting(database, KEY, { runId, k, indexChoice, efSearch }).catch((error) => jobs.fail('search', error));
}
