import { orderElsewhere } from '../../core/gallery.ts';
import { splitImages } from '../../core/run.ts';
import { runBlocks } from '../../core/run-blocks.ts';
import { runEmbeddings } from '../../core/run-embeddings.ts';
import { AppError } from '../../errors.ts';
import { headDigest, modelDigest } from '../../heads/model-digest.ts';
import type { EngineClient, EngineCollection, EngineHit } from '../../search/backends/engine-client.ts';
import { SERVER_BACKENDS } from '../../search/backends.ts';
import { RANKED_CANDIDATES } from '../../search/ranked-by.ts';
import type { ImageRecord } from '../../types.ts';
import type { RankQueries } from '../../workers/protocol.ts';
import { context } from '../context.ts';
import { jobs } from '../jobs/jobs.ts';
import type { Workspace } from '../workspace.ts';
import type { Neighbour, Query, ServerView } from './search.ts';
import type { SearchSession } from './search-session.ts';

/** Queries that its recall is measured with, and that images are taken along by: of recall each is asked twice. */
export const SAMPLE_QUERIES = 20;

export const connected = (): Promise<EngineClient> => SERVER_BACKENDS[0].connect(document.baseURI);

/** Whether the app's own server has a gallery is asked when the search screen is opened; where it has none, nothing else is asked. */
export async function lookForServerGallery(workspace: Workspace): Promise<void> {
  try {
    const offered = await (await connected()).offered(workspace.closed);
    workspace.search.setState(({ server }) => ({
      server: offered ? (server ?? { chosen: false, collection: null, recall: null }) : null,
    }));
  } catch (error) {
    // Another data set was opened meanwhile.
    if (!workspace.closed.aborted) jobs.fail('search', error);
  }
}

export interface ServerAnswer {
  readonly neighbours: readonly Neighbour[];
  /** What they are made of, the query itself among it where it is in that gallery. */
  readonly hits: readonly EngineHit[];
  readonly ms: number;
  readonly collection: EngineCollection;
}

/**
 * The images of the server's gallery that are nearest to the query's embedding; in the order `by`, where it is given, those of the first
 * 1,000 that come first in it, by posteriors that are made here of the vectors in the answer. Throws AppError 'weights-mismatch' with both digests
 * where the server has none of the session's model, 'gallery-unavailable', 'aborted'.
 */
export async function askServer(
  workspace: Workspace,
  session: SearchSession,
  query: Query,
  embedding: Float32Array<ArrayBuffer>,
  k: number,
  by: RankQueries | null,
): Promise<ServerAnswer> {
  const { efSearch } = workspace.search.getState();
  const client = await connected();
  const digest = await digestOf(session);
  const collection = await collectionOf(workspace, session, client, digest);
  try {
    const start = performance.now();
    const search = { k: by ? RANKED_CANDIDATES : k, efSearch, exact: false };
    const found = await client.search(collection, embedding, digest, search, workspace.closed);
    const hits = by ? (await orderedBy(session, by, found)).slice(0, k) : found;
    const ms = performance.now() - start;
    if (workspace.searching.session === session) {
      const same = workspace.search.getState().server?.collection?.digest === digest;
      change(workspace, same ? { collection } : { collection, recall: null });
    }
    return { neighbours: neighboursOf(hits, query), hits, ms, collection };
  } catch (error) {
    // It may be another one the next time.
    change(workspace, { collection: null, recall: null });
    throw error;
  }
}

async function orderedBy(session: SearchSession, by: RankQueries, found: readonly EngineHit[]): Promise<EngineHit[]> {
  const { image, run } = await session.classes();
  const { cosinesOfEmbeddings } = image;
  // Galleries lie in the order of their paths, which settles ties.
  const inOrder = found.toSorted((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  return orderElsewhere(context, inOrder, { by, settings: run.settings, cosinesOfEmbeddings });
}

/** Measures how many of the ten truly nearest its index finds, with queries of the data set, else with gallery images. */
export async function measureServerRecall(workspace: Workspace): Promise<void> {
  const { session } = workspace.searching;
  if (!session) return;
  await jobs.run(
    { screen: 'search', stage: 'Measuring the recall of the server’s gallery', unit: 'queries' },
    async ({ signal, report }) => {
      const client = await connected();
      const digest = await digestOf(session);
      const collection = await collectionOf(workspace, session, client, digest);
      const queries = await someEmbeddings(session, SAMPLE_QUERIES);
      const { efSearch } = workspace.search.getState();
      const either = AbortSignal.any([signal, workspace.closed]);
      const at10 = await client.recall(collection, queries, digest, { k: 10, efSearch }, either, (done) =>
        report({ done, total: queries.length, rate: null, secondsLeft: null }),
      );
      const now = workspace.search.getState();
      if (workspace.searching.session !== session || now.efSearch !== efSearch) return;
      change(workspace, { collection, recall: { at10, queries: queries.length } });
    },
  );
}

export async function someEmbeddings({ run }: SearchSession, most: number): Promise<Float32Array<ArrayBuffer>[]> {
  const split = splitImages(run.images, 'query').length > 0 ? 'query' : 'gallery';
  const some = split === 'query' ? [await runEmbeddings(context, run, split)] : runBlocks(context, run, split).blocks();
  for await (const { matrix, dimensions } of some) {
    const rows = Math.min(most, matrix.length / dimensions);
    return Array.from({ length: rows }, (_, i) => matrix.slice(i * dimensions, (i + 1) * dimensions));
  }
  return [];
}

function change(workspace: Workspace, part: Partial<ServerView>): void {
  workspace.search.setState(({ server }) => ({ server: server && { ...server, ...part } }));
}

/** Names the model of the session as `npm run gallery -- push` names it. */
export async function digestOf({ run, heads }: Pick<SearchSession, 'run' | 'heads'>): Promise<string> {
  const [member] = run.members;
  if (!member || run.members.length > 1) {
    const sentence = 'The server’s gallery has no ensembles. Choose one of its models alone.';
    throw new AppError('weights-mismatch', sentence);
  }
  const head = heads.get(member);
  return modelDigest(member.featuresKey, head ? await headDigest(head) : null);
}

/** That of the model; where there is none, the likeliest other, which the client refuses with both digests. */
export async function collectionOf(
  workspace: Workspace,
  { run }: SearchSession,
  client: EngineClient,
  digest: string,
): Promise<EngineCollection> {
  const known = workspace.search.getState().server?.collection;
  if (known?.digest === digest) return known;
  const all = await client.collections(workspace.closed);
  const architecture = run.members[0]?.architecture;
  const found =
    all.find((one) => one.digest === digest) ?? all.find((one) => one.architecture === architecture) ?? all[0];
  if (found) return found;
  const sentence =
    'The server’s gallery is empty. Copy embeddings into it with "npm run gallery -- push", then search again.';
  throw new AppError('gallery-unavailable', sentence);
}

function neighboursOf(hits: readonly EngineHit[], query: Query): Neighbour[] {
  const label = query.image?.className ?? null;
  const found = hits.filter((hit) => !isQuery(hit, query));
  return found.map(({ path, split, className, hash, similarity, thumbnail }, i) => ({
    rank: i + 1,
    image: recordOf({ path, split, className, hash }),
    similarity,
    correct: label === null || className === null ? null : label === className,
    thumbnail,
  }));
}

/** A gallery image that is searched with is no answer to itself. The server's paths begin below the folder that was dropped. */
function isQuery({ path, hash }: EngineHit, { image }: Query): boolean {
  return image !== null && image.hash === hash && (image.path === path || image.path.endsWith(`/${path}`));
}

/** The record of an image that belongs to no data set; its size is unknown. */
const recordOf = (known: Pick<ImageRecord, 'path' | 'split' | 'className' | 'hash'>): ImageRecord => ({
  ...known,
  datasetId: '',
  file: known.path,
  bytes: 0,
  width: null,
  height: null,
});
