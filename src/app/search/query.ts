import { type Answer, answerOfPosterior, answerOfVotes, VOTERS } from '../../core/answer.ts';
import { indexFor, isBuilt, searchGallery } from '../../core/gallery.ts';
import { embedQuery, type QueryEmbedding } from '../../core/query.ts';
import { rankReasons } from '../../core/ranking-reasons.ts';
import { fineTuned } from '../../core/run.ts';
import type { ImageClasses } from '../../core/run-classes.ts';
import { repeatedOnce } from '../../core/worker-faults.ts';
import { AppError, toAppError } from '../../errors.ts';
import { classPosteriors } from '../../heads/posterior.ts';
import { latestOnly } from '../../jobs/turns.ts';
import { joinRows } from '../../math/vectors.ts';
import { rankingNamed } from '../../search/rankings.ts';
import { getQuery, putQuery, putThumbnails } from '../../storage/pictures.ts';
import type { CropFrame, Hit, ImageRecord } from '../../types.ts';
import type { RankQueries } from '../../workers/protocol.ts';
import { context, database } from '../context.ts';
import { openFile } from '../dataset/session.ts';
import { jobs, remedyFor } from '../jobs/jobs.ts';
import { noticeTrouble } from '../settings/storage-trouble.ts';
import type { Workspace } from '../workspace.ts';
import {
  type Neighbour,
  NO_QUERY,
  NOTHING_FOUND,
  type Query,
  type RankingName,
  type RankReason,
  type SearchTiming,
} from './search.ts';
import { prepareIndex } from './search-index.ts';
import type { SearchSession } from './search-session.ts';

/** Also with what another ranking needs that is chosen meanwhile. */
async function isOpened(session: SearchSession): Promise<void> {
  let opened: Promise<void>;
  do {
    opened = session.opened;
    await opened;
  } while (opened !== session.opened);
}

/** Searches with a file from outside the data set (dropped, pasted, picked). */
export async function searchFile(workspace: Workspace, file: File): Promise<void> {
  const turn = ++workspace.searching.newest;
  workspace.searching.beingRead = turn;
  try {
    const [outcome] = await repeatedOnce(null, () => context.workers.images.run((api) => api.read([file], 224)));
    if (!outcome?.ok) {
      const reason = outcome?.reason ?? 'The file was not read.';
      throw new AppError('image-undecodable', `“${file.name}” cannot be the query. ${reason} Choose another image.`);
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

/** Searches again with a part of the query's picture; null is all of it. Among frames drawn during a search, the last counts. */
export async function cropQuery(workspace: Workspace, crop: CropFrame | null): Promise<void> {
  const { query } = workspace.search.getState();
  if (!query) return;
  workspace.search.setState({ query: { ...query, crop } });
  await searchPart({ workspace, hash: query.hash, crop });
}

export function clearQuery(workspace: Workspace): void {
  workspace.searching.newest++;
  workspace.searching.answered = null;
  workspace.search.setState(NO_QUERY);
}

/** The query image of that hash, else any image of it. */
function imageOf(workspace: Workspace, hash: string): ImageRecord | null {
  const same = workspace.dataset.getState().images.filter((image) => image.hash === hash);
  return same.find(({ split }) => split === 'query') ?? same[0] ?? null;
}

/** The query shown once more, by other choices; not where a newer one is on its way. */
export async function searchAgain(workspace: Workspace): Promise<void> {
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
  workspace.search.setState({ query, status: 'embedding', error: null, remedy: null });
  const { hash, crop, image } = query;
  const open = async () => {
    if (file) return file;
    if (image) return openFile(workspace, image.path);
    throw new AppError('files-gone', 'The query image cannot be read any more. Drop it again.');
  };
  const asked = await embedQuery(context, session.run, session.heads, { hash, crop, open });
  const { features, ms: embedMs, keep } = asked;
  const kept = keep();
  // It is awaited below: until then a failure would count as unhandled.
  kept.catch(() => {});
  if (turn === workspace.searching.newest) workspace.search.setState({ status: 'searching' });
  const { k, server } = workspace.search.getState();
  const find = server?.chosen ? findOnServer : findInTab;
  // One more than asked for, in case the query itself is in the gallery, and enough to vote.
  const { found, isReordered, rankedByClasses, isStopgap, explain, ...timing } = await find(
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
    workspace.searching.answered = query;
    workspace.search.setState({
      status: 'done',
      neighbours: found.slice(0, k),
      reasons: explain && new Map(),
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
    if (explain) {
      // Where features were deleted that the gallery was made of, the order stands, and nothing is said of it.
      const reasons = await explain().catch((error: unknown) => {
        jobs.record(toAppError(error));
        return null;
      });
      if (isNewest()) workspace.search.setState({ reasons });
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
  /** What put each of them there, by path; null in the order of similarity. */
  readonly explain: (() => Promise<ReadonlyMap<string, RankReason>>) | null;
}

/** An order of the answers other than that of similarity, with what the query says of the classes. */
interface ChosenOrder extends RankQueries {
  readonly ranking: Exclude<RankingName, 'plain'>;
}

/** Null of the order of similarity. */
async function chosenOrder(
  workspace: Workspace,
  session: SearchSession,
  features: QueryEmbedding['features'],
): Promise<ChosenOrder | null> {
  const { rank } = workspace.search.getState();
  if (rank === 'plain') return null;
  const ofClasses = rankingNamed(rank).usesClasses;
  const cosines = ofClasses ? await (await session.classes()).image.cosines(features) : new Float32Array();
  return { ranking: rank, cosines };
}

const orderFacts = (by: ChosenOrder | null): Pick<FoundNeighbours, 'isReordered' | 'rankedByClasses'> => ({
  isReordered: by !== null,
  rankedByClasses: by !== null && rankingNamed(by.ranking).usesClasses,
});

async function findInTab(
  workspace: Workspace,
  session: SearchSession,
  query: Query,
  { embedding, features }: QueryEmbedding,
  count: number,
): Promise<FoundNeighbours> {
  await isOpened(session);
  const { indexChoice } = workspace.search.getState();
  const by = await chosenOrder(workspace, session, features);
  const kind = indexFor(context, session.key, indexChoice);
  const { hits, ms, index } = await searchGallery(context, session.key, embedding, count, kind, by);
  return {
    found: neighboursOf(hits, session.gallery, query),
    ...orderFacts(by),
    isStopgap: isBuilt(kind) && !isBuilt(index),
    explain: by && (() => reasonsOf(session, by, storedOf(hits, session.gallery))),
    searchMs: ms,
    galleryImages: session.gallery.length,
    index,
  };
}

async function findOnServer(
  workspace: Workspace,
  session: SearchSession,
  query: Query,
  { embedding, features }: QueryEmbedding,
  count: number,
): Promise<FoundNeighbours> {
  const { askServer } = await import('./server-gallery.ts');
  const by = await chosenOrder(workspace, session, features);
  const { neighbours, hits, ms, collection } = await askServer(workspace, session, query, embedding, count, by);
  return {
    found: neighbours,
    ...orderFacts(by),
    isStopgap: false,
    explain:
      by &&
      (() =>
        reasonsOf(session, by, {
          paths: hits.map(({ path }) => path),
          cosines: (image) => image.cosinesOfEmbeddings(joinRows(hits.map(({ vector }) => vector))),
        })),
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

/** Images in the order of a ranking, the query itself among them. */
interface OrderedImages {
  readonly paths: readonly string[];
  /** Theirs to each class by each member. */
  cosines(classes: ImageClasses): Promise<Float32Array>;
}

function storedOf(hits: readonly Hit[], gallery: readonly ImageRecord[]): OrderedImages {
  const images = hits.flatMap(({ row }) => {
    const { path = '', hash = null } = gallery[row] ?? {};
    return hash === null ? [] : [{ path, hash }];
  });
  return {
    paths: images.map(({ path }) => path),
    cosines: (classes) => classes.cosinesOfStored(images.map(({ hash }) => hash)),
  };
}

async function reasonsOf(
  { classes }: SearchSession,
  { ranking, cosines }: ChosenOrder,
  images: OrderedImages,
): Promise<ReadonlyMap<string, RankReason>> {
  const { image, run } = await classes();
  const of = await images.cosines(image);
  const count = cosines.length / run.settings.scales.length;
  const posteriors = (matrix: Float32Array) => classPosteriors(matrix, count, run.settings);
  const reasons = rankReasons(ranking, posteriors(cosines), posteriors(of), image.names);
  return new Map(reasons.map((reason, at) => [images.paths[at] ?? '', reason]));
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
  // What was refused before it was searched with leaves the query and its answer as they are.
  const { status, query } = workspace.search.getState();
  const { answered } = workspace.searching;
  // So does a part of it that cannot be searched with: the frame goes back to what the answer was given to.
  const sameImage = answered !== null && answered.hash === query?.hash;
  const stands = status === 'done' || status === 'failed' || sameImage;
  workspace.search.setState({
    status: 'failed',
    error: message,
    remedy: remedyFor(failure, again),
    ...(stands ? {} : NOTHING_FOUND),
    ...(sameImage ? { query: answered } : {}),
  });
}
