import { toAppError } from '../errors.ts';
import { median } from '../math/statistics.ts';
import { joinRows } from '../math/vectors.ts';
import type { GalleryForm } from '../search/backend.ts';
import { backendNamed, type IndexChoice, type IndexKind } from '../search/backends.ts';
import { rankingNamed } from '../search/rankings.ts';
import type { Embeddings, EmbeddingsKey, KeptCodes, RowBlocks, RowFiles } from '../storage/embeddings.ts';
import { getIndex, putIndex } from '../storage/indexes.ts';
import { controlled, move } from '../workers/connect.ts';
import type { PosteriorSettings, RankingName, RankQueries, SearchAnswer } from '../workers/protocol.ts';
import type { Context } from './context.ts';
import { modelId, type Run } from './run.ts';
import type { GalleryClasses, GallerySource, SearchClient } from './search-client.ts';
import { repeatedOnce } from './worker-faults.ts';

/** Queries that recall is measured with: enough for the third digit, few enough not to be noticed. */
const RECALL_QUERIES = 200;

export interface RecallReport {
  readonly recallAt10: number;
  readonly indexMs: number;
  readonly exactMs: number;
}

/** An order of the answers other than by similarity, with the cosines of the queries to each class. */
export interface QueryOrder {
  readonly ranking: RankingName;
  readonly classes: Embeddings;
}

/** The part of a context that galleries need. */
type Searching = Pick<Context, 'search'>;

const formOf = (index: IndexKind): GalleryForm => backendNamed(index).form;

/** Its name in the search worker, which may hold both forms at once: one is measured while the other answers. */
const nameOf = ({ key, form }: Pick<GallerySource, 'key' | 'form'>): string =>
  form === 'codes' ? `codes of ${key}` : key;

/** Names the run's gallery in the search worker, by its contents. */
export async function galleryKey({ digests }: Context, run: Run): Promise<string> {
  return `${run.datasetId}/${await modelId(run)}/${(await digests.order(run, 'gallery')).digest}`;
}

/** The name in the search worker of a gallery in the form that an index searches. */
export const heldFor = (index: IndexKind, key: string): string => nameOf({ key, form: formOf(index) });

/**
 * Hands a gallery to the search worker, unless it holds it already; others are freed, or all but the one that answers on the
 * screen. `rows` are read when needed. Where `classes` are given, rankings that use them may be asked for. It is held in the form that
 * `index` searches.
 */
export async function openGallery(
  { search }: Searching,
  key: string,
  rows: RowBlocks,
  classes: GalleryClasses | null = null,
  others: 'freed' | 'searched-kept' = 'freed',
  index: IndexKind = 'exact',
): Promise<void> {
  const { searched } = search.sources;
  await open(
    search,
    { key, form: formOf(index), rows, classes },
    others === 'searched-kept' && searched ? [nameOf(searched)] : [],
  );
}

/** A gallery for a piece of work, as openGallery takes it. */
export interface WorkGallery {
  readonly key: string;
  readonly rows: RowBlocks;
  readonly classes: GalleryClasses | null;
  readonly others?: 'freed' | 'searched-kept';
  readonly index?: IndexKind;
}

/** Opens a gallery for some work and keeps it until that ends, even if the user opens another one to search meanwhile. */
export async function withGallery<R>(
  context: Searching,
  { key, rows, classes, others = 'freed', index = 'exact' }: WorkGallery,
  work: () => Promise<R>,
): Promise<R> {
  const release = context.search.use(heldFor(index, key));
  try {
    await openGallery(context, key, rows, classes, others, index);
    return await work();
  } finally {
    release();
  }
}

async function open(search: SearchClient, source: GallerySource, kept: readonly string[]): Promise<void> {
  search.sources.openedLast = source;
  await search.inTurn(async () => {
    await repeatedOnce(null, async () => {
      if (!search.holds(nameOf(source))) await search.dropGalleriesBut(...kept);
      await hand(search, source);
    });
  });
}

/**
 * The same for the gallery that answers on the screen, in the form that the chosen way to search needs: where other work has freed
 * it, the next query brings it back.
 */
export function openForQueries(
  { search }: Searching,
  key: string,
  rows: RowBlocks,
  classes: GalleryClasses | null = null,
  choice: IndexChoice = 'auto',
): Promise<void> {
  const source = { key, form: formOf(usualIndex(search, choice, rows.rows, 0)), rows, classes };
  search.sources.searched = source;
  return open(search, source, []);
}

/** What of it the worker does not hold. */
async function hand(search: SearchClient, source: GallerySource): Promise<void> {
  const { rows, classes } = source;
  const name = nameOf(source);
  if (!search.holds(name)) await (source.form === 'codes' ? handCodes : handRows)(search, name, rows);
  if (classes && !search.holds(name, classes.name)) await handClasses(search, name, classes);
}

/** Files that the worker reads itself: no row of them passes through this page. */
async function handCodes(search: SearchClient, name: string, rows: RowBlocks): Promise<void> {
  const { dimensions, blocks, codes }: RowFiles = await (rows.files?.() ?? asFiles(rows));
  const stored = { rows: rows.rows, dimensions, blocks, ...(codes && { codes: codes.files }) };
  const made = await search.worker().openCodes(name, stored);
  search.markHeld(name, rows.rows * dimensions);
  // For a small gallery, making them is as fast as reading.
  if (!codes || rows.rows <= search.codedAbove) return;
  // Beside the first searches. Where there is no room, or the gallery goes meanwhile, codes are made again the next time.
  keepCodes(search, name, codes, made).catch(() => {});
}

async function keepCodes(
  search: SearchClient,
  name: string,
  { keep }: KeptCodes,
  blocks: readonly number[],
): Promise<void> {
  for (const block of blocks) {
    if (!search.holds(name) || !(await keep(block, await search.worker().savedCodes(name, block)))) return;
  }
}

/** Rows that are not stored, as files that the browser keeps for as long as they are needed. */
async function asFiles({ blocks }: RowBlocks): Promise<RowFiles> {
  const files: Blob[] = [];
  let width = 0;
  for await (const { matrix, dimensions } of blocks()) {
    files.push(new Blob([matrix]));
    width = dimensions;
  }
  return { dimensions: width, blocks: files };
}

/** Block by block: this page never holds the whole. */
async function handRows(search: SearchClient, key: string, { rows, blocks }: RowBlocks): Promise<void> {
  // One worker for all blocks: where it dies between two of them, the next block shall not go to another.
  const worker = search.worker();
  let numbers = 0;
  for await (const { matrix, dimensions } of blocks()) {
    if (numbers === 0) await worker.open(key, rows, dimensions);
    numbers += matrix.length;
    await worker.fill(key, move(matrix, matrix.buffer));
  }
  search.markHeld(key, numbers);
}

async function handClasses(search: SearchClient, key: string, { name, settings, rows }: GalleryClasses): Promise<void> {
  const worker = search.worker();
  search.markClasses(key, null);
  let started = false;
  for await (const { matrix, dimensions } of rows.blocks()) {
    if (!started) await worker.openClasses(key, dimensions / settings.scales.length, settings);
    started = true;
    await worker.fillClasses(key, move(matrix, matrix.buffer));
  }
  search.markClasses(key, name);
}

/**
 * Numbers in a gallery's embeddings (32,768 images of 512) up to which exact search takes less than a frame of 16 ms a
 * query. HNSW answers faster, but building it takes as long as thousands of exact searches (docs/performance.md), so that
 * it is exact search that is faster in total; above, a user would wait for every answer.
 */
const EXACT_UP_TO = 2 ** 24;

/** The index that answers: the one that was chosen, or for 'auto' the one that is faster in total on an open gallery. */
export function indexFor({ search }: Searching, key: string, choice: IndexChoice): IndexKind {
  return usualIndex(search, choice, known(search, key)[0]?.rows.rows ?? 0, search.numbers(key));
}

function usualIndex({ codedAbove }: SearchClient, choice: IndexChoice, rows: number, numbers: number): IndexKind {
  if (choice !== 'auto') return choice;
  if (rows > codedAbove) return 'codes';
  return numbers <= EXACT_UP_TO ? 'exact' : 'hnsw';
}

/** Where a gallery of that name is read from, if it was opened. */
const known = ({ sources }: SearchClient, key: string): GallerySource[] =>
  [sources.searched, sources.openedLast].filter((source) => source !== null).filter((source) => source.key === key);

/** Whether the index has to be built before it answers. */
export const isBuilt = (kind: IndexKind): boolean => backendNamed(kind).capabilities.buildable;

/**
 * Hands the gallery over again, without its HNSW, where it went with a worker that died or had to make room for another, or is held
 * in another form than this index searches. True where it did. No other gallery is freed: it may be in use.
 */
export function restoreGallery({ search }: Searching, key: string, index: IndexKind): Promise<boolean> {
  return search.inTurn(async () => {
    const source = await inForm(search, key, formOf(index));
    if (!source || search.holds(nameOf(source), source.classes?.name)) return false;
    await hand(search, source);
    return true;
  });
}

/** Where the gallery is read from in that form; another form of it that is no longer asked for is freed. */
async function inForm(search: SearchClient, key: string, form: GalleryForm): Promise<GallerySource | null> {
  const sources = known(search, key);
  const fitting = sources.find((source) => source.form === form);
  const [other] = sources;
  if (fitting || !other) return fitting ?? null;
  const source = { ...other, form };
  if (search.sources.searched === other) search.sources.searched = source;
  if (search.sources.openedLast === other) search.sources.openedLast = source;
  if (known(search, key).every((one) => one.form === form)) await search.drop(nameOf(other));
  return source;
}

/** Asks about an open gallery; where the worker dies of it or has it no more, once more. */
function asked<R>(context: Searching, key: string, index: IndexKind, ask: (name: string) => Promise<R>): Promise<R> {
  const name = heldFor(index, key);
  return repeatedOnce(null, async () => {
    await restoreGallery(context, key, index);
    try {
      return await ask(name);
    } catch (error) {
      // Between the two lines above, other work may have taken its place, and may have brought it back by now.
      if (toAppError(error).code !== 'gallery-missing') throw error;
      await restoreGallery(context, key, index);
      return ask(name);
    }
  });
}

/** Builds an index over an open gallery; exact search answers meanwhile. Progress is the number of rows added. */
export async function buildIndex(
  { search }: Searching,
  key: string,
  kind: IndexKind,
  efSearch: number,
  signal: AbortSignal,
  onProgress: (rows: number) => void,
): Promise<{ ms: number }> {
  return controlled<number, { ms: number }>(signal, onProgress, (control) =>
    search.worker().build(key, kind, { efSearch }, control),
  );
}

/** Where the index of a gallery is stored. */
export interface StoredAt {
  readonly at: EmbeddingsKey;
  /** The orderDigest of the gallery's images. */
  readonly digest: string;
}

/** Hands the stored index of an open gallery to the worker; false where none is stored that fits. */
export async function loadIndex(
  { search, database }: Pick<Context, 'search' | 'database'>,
  key: string,
  kind: IndexKind,
  { at, digest }: StoredAt,
  efSearch: number,
): Promise<boolean> {
  const saved = await getIndex(database, at, digest);
  return saved !== null && (await search.worker().load(key, kind, move(saved, saved.buffer), { efSearch }));
}

/** Stores the index of an open gallery, so that it need not be built again; of a kernel that cannot tell, it does nothing. */
export async function keepIndex(
  { search, database }: Pick<Context, 'search' | 'database'>,
  key: string,
  kind: IndexKind,
  { at, digest }: StoredAt,
): Promise<void> {
  const bytes = await search.worker().save(key, kind);
  if (bytes) await putIndex(database, at, digest, bytes);
}

/** Measures an index against exact search on this gallery, with up to 200 of the given queries ([n, dimensions]). */
export async function measureRecall(
  { search }: Searching,
  key: string,
  kind: IndexKind,
  queries: Embeddings,
): Promise<RecallReport> {
  const { matrix, dimensions } = queries;
  const sample = matrix.slice(0, RECALL_QUERIES * dimensions);
  const { recall, indexMs, exactMs } = await search.worker().recall(key, kind, move(sample, sample.buffer), 10);
  return { recallAt10: recall, indexMs, exactMs };
}

export function searchGallery(
  context: Searching,
  key: string,
  query: Float32Array<ArrayBuffer>,
  k: number,
  index: IndexKind,
  by: RankQueries | null = null,
): Promise<SearchAnswer> {
  return asked(context, key, index, (name) => context.search.worker().search(name, query, k, index, by));
}

/** An image that was found elsewhere: its cosine with the query, and its embedding. */
export interface FoundElsewhere {
  readonly similarity: number;
  readonly vector: Float32Array<ArrayBuffer>;
}

/** How what was found elsewhere is ordered. */
export interface OrderElsewhere {
  readonly by: RankQueries;
  readonly settings: PosteriorSettings;
  /** From embeddings [n, d], which are moved away: [n, classes]. */
  cosinesOfEmbeddings(embeddings: Float32Array<ArrayBuffer>): Promise<Float32Array<ArrayBuffer>>;
}

/**
 * What was found elsewhere in the order of a ranking, as searchGallery orders what an index finds. `found` come in the order that settles
 * ties.
 */
export function orderElsewhere<Found extends FoundElsewhere>(
  { search }: Searching,
  found: readonly Found[],
  { by, settings, cosinesOfEmbeddings }: OrderElsewhere,
): Promise<Found[]> {
  return repeatedOnce(null, async () => {
    const ofClasses = found.length > 0 && rankingNamed(by.ranking).usesClasses;
    const cosines = ofClasses
      ? await cosinesOfEmbeddings(joinRows(found.map(({ vector }) => vector)))
      : new Float32Array();
    const similarities = Float32Array.from(found, ({ similarity }) => similarity);
    const order = await search.worker().order(similarities, cosines, by, settings);
    return Array.from(order).flatMap((at) => found[at] ?? []);
  });
}

/** Median time of one query for its ten nearest, in ms, over up to 50 of the given queries. */
export async function medianQueryMs(
  context: Searching,
  key: string,
  queries: Embeddings,
  index: IndexKind,
  by: QueryOrder | null = null,
): Promise<number> {
  const times: number[] = [];
  const rowOf = ({ matrix, dimensions }: Embeddings, row: number) =>
    matrix.slice(row * dimensions, (row + 1) * dimensions);
  for (let row = 0; row < Math.min(50, queries.matrix.length / queries.dimensions); row++) {
    const order = by && { ranking: by.ranking, cosines: rowOf(by.classes, row) };
    times.push((await searchGallery(context, key, rowOf(queries, row), 10, index, order)).ms);
  }
  return times.length === 0 ? 0 : median(times);
}

/** Sets it for the index that answers, where it is adjustable. */
export async function setEfSearch(context: Searching, key: string, efSearch: number): Promise<void> {
  const searched = known(context.search, key)[0];
  if (searched?.form === 'codes') return;
  await asked(context, key, 'hnsw', (name) => context.search.worker().setEfSearch(name, efSearch));
}
