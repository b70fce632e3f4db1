import type { TakenAlong } from '../../core/take-along.ts';
import {
  type EngineClient,
  type EngineCollection,
  type EngineRow,
  otherModel,
} from '../../search/backends/engine-client.ts';
import { context, database } from '../context.ts';
import { switchDataset } from '../dataset/datasets.ts';
import { jobs } from '../jobs/jobs.ts';
import { embed } from '../models/embed.ts';
import { loadModels } from '../models/rows.ts';
import { openedWorkspace } from '../opened.ts';
import type { Workspace } from '../workspace.ts';
import type { SearchSession } from './search-session.ts';
import { collectionOf, connected, digestOf, SAMPLE_QUERIES, someEmbeddings } from './server-gallery.ts';

/** Which images of the server's gallery are taken along. */
export type TakeAlongChoice = 'first' | 'near';

/** Rows asked for at once, and thumbnails: the server answers four questions side by side. */
const ROWS_AT_ONCE = 200;
const THUMBNAILS_AT_ONCE = 8;

/**
 * Makes a data set of this browser of some of the server's images, by the server's thumbnails and vectors, and opens it: the first
 * `count` in the order of their ids, which is that of no name, or those that are nearest to queries of the open data set.
 */
export async function takeAlong(workspace: Workspace, which: TakeAlongChoice, count: number): Promise<void> {
  const { session } = workspace.searching;
  const [member] = session?.run.members ?? [];
  if (!session || !member) return;
  const taken: TakenAlong[] = [];
  await jobs.run({ screen: 'search', stage: 'Taking images along', unit: 'images' }, async ({ signal, report }) => {
    const client = await connected();
    const digest = await digestOf(session);
    const collection = await collectionOf(workspace, session, client, digest);
    if (collection.digest !== digest) throw otherModel(collection, digest);
    const { storeTakenAlong } = await import('../../core/take-along.ts');
    const label = `${context.weights.label(member.weightsId)}${session.heads.size > 0 ? ', fine-tuned' : ''}`;
    const rows =
      which === 'first'
        ? firstRows(client, collection, count, signal)
        : rowsNearQueries(client, collection, session, digest, count, signal);
    const blocks = async function* () {
      let done = 0;
      for await (const some of rows) {
        for (let from = 0; from < some.length; from += THUMBNAILS_AT_ONCE) {
          const few = some.slice(from, from + THUMBNAILS_AT_ONCE);
          yield await Promise.all(few.map(async (row) => ({ row, thumbnail: await client.thumbnail(row, signal) })));
          done += few.length;
          report({ done, total: count, rate: null, secondsLeft: null });
        }
      }
    };
    const model = `${label}, from the server`;
    const named = { name: `${count} images from the server`, model, digest, dimensions: collection.dimensions };
    taken.push(await storeTakenAlong(database, named, blocks(), signal));
  });
  const [stored] = taken;
  if (!stored) return;
  // Its model is known by its vectors alone.
  await loadModels();
  await switchDataset(stored.datasetId);
  await embed(openedWorkspace(), [stored.weights.id]);
}

async function* firstRows(client: EngineClient, collection: EngineCollection, count: number, signal: AbortSignal) {
  let after: string | null = null;
  for (let left = count; left > 0; ) {
    const rows: EngineRow[] = await client.rows(collection, after, Math.min(left, ROWS_AT_ONCE), signal);
    yield rows;
    left -= rows.length;
    after = rows.at(-1)?.id ?? null;
    if (after === null) return;
  }
}

/** As many for each query, none twice. */
async function* rowsNearQueries(
  client: EngineClient,
  collection: EngineCollection,
  session: SearchSession,
  digest: string,
  count: number,
  signal: AbortSignal,
) {
  const queries = await someEmbeddings(session, SAMPLE_QUERIES);
  const k = Math.min(100, Math.max(1, Math.ceil(count / Math.max(1, queries.length))));
  const seen = new Set<string>();
  for (const query of queries) {
    const hits = await client.search(collection, query, digest, { k, efSearch: 2 * k, exact: false }, signal);
    const fresh = hits.filter(({ id }) => !seen.has(id)).slice(0, count - seen.size);
    for (const { id } of fresh) seen.add(id);
    yield fresh;
    if (seen.size >= count) return;
  }
}
