import { createHash } from 'node:crypto';
import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { AppError } from '../../src/errors.ts';
import { modelDigest } from '../../src/heads/model-digest.ts';
import type { BackboneName, Split } from '../../src/types.ts';
import { type Collection, createCollection, indexOf, isIndexed, prepareEngine, tableOf } from './collection.ts';
import { connected, type Engine, engineFailure } from './connection.ts';
import { copyRows, vectorField } from './copy-format.ts';
import { checkHead, embeddingSize, embedRows, type UsedHead } from './embeddings.ts';
import { listShards, partsOf, readPart, type ShardFolder } from './feature-folder.ts';

/** Rows that travel in one COPY: 2 MB of vectors and 5 MB of thumbnails. */
const ROWS_A_COPY = 1024;
const COLUMNS = 'id, embedding, split, class, path, hash, thumbnail';

export interface PushOptions {
  readonly featuresDir: string;
  readonly architecture: BackboneName;
  readonly head: UsedHead | null;
  /** What of them is copied. */
  readonly splits: readonly Split[];
  readonly half: boolean;
  readonly connections: number;
  readonly distributed: boolean;
  /** PostgreSQL's maintenance_work_mem while the index is built; null for the server's own. */
  readonly indexMemory: string | null;
  readonly index: boolean;
}

export interface Pushed {
  readonly collection: Collection;
  /** Rows that were not there before, and all that were sent. */
  readonly added: number;
  readonly sent: number;
  readonly seconds: number;
  readonly indexSeconds: number | null;
}

/**
 * Copies every part of an architecture's features to the engine, then builds the index. An image of a path and content has one id
 * in a collection, so that whatever was interrupted is pushed again without harm. Throws AppError.
 */
export async function push(engine: Engine, options: PushOptions, say: (line: string) => void): Promise<Pushed> {
  const { shards } = await listShards(options.featuresDir, options.architecture);
  const [first] = shards;
  if (!first)
    throw new AppError('bad-argument', `${options.featuresDir} holds no features of ${options.architecture}.`);
  const { model } = first.manifest;
  const other = shards.find(({ manifest }) => manifest.model.features !== model.features);
  if (other) throw new AppError('bad-argument', `${other.path} is of another model. Run gallery check first.`);
  if (options.head) checkHead(options.head, model);
  const head = options.head?.digest ?? null;
  const collection: Collection = {
    digest: await modelDigest(model.features, head),
    manifest: {
      architecture: model.architecture,
      weights: model.weights,
      sha256: model.sha256,
      features: model.features,
      head,
    },
    vectors: options.half ? 'halfvec' : 'vector',
    dimensions: embeddingSize(options.head, model.dimensions),
    distributed: options.distributed,
  };
  await connected(engine, async (client) => {
    await prepareEngine(client);
    await createCollection(client, collection, options.head?.file ?? null);
  });
  const started = performance.now();
  const { added, sent } = await copyParts(engine, collection, shards, options, say);
  const seconds = (performance.now() - started) / 1000;
  const indexSeconds = options.index ? await buildIndex(engine, collection, options.indexMemory, say) : null;
  return { collection, added, sent, seconds, indexSeconds };
}

/** Over several connections, each a part at a time. The first failure ends all of them, between two parts. */
async function copyParts(
  engine: Engine,
  collection: Collection,
  shards: readonly ShardFolder[],
  { head, splits, connections }: PushOptions,
  say: (line: string) => void,
) {
  const work = shards.flatMap((shard) =>
    Array.from({ length: partsOf(shard.manifest) }, (_, part) => ({ shard, part })),
  );
  const all = work.length;
  const done = { added: 0, sent: 0 };
  let failed = false;
  const lane = (number: number) =>
    connected(engine, async (client) => {
      for (let next = work.shift(); next && !failed; next = work.shift()) {
        try {
          const { added, sent } = await copyPart(client, number, collection, next.shard, next.part, head, splits);
          done.added += added;
          done.sent += sent;
          say(`${all - work.length} of ${all} parts taken up, ${done.sent} rows sent`);
        } catch (error) {
          failed = true;
          throw error;
        }
      }
    });
  const lanes = await Promise.allSettled(Array.from({ length: Math.min(connections, all) }, (_, i) => lane(i)));
  for (const ended of lanes) if (ended.status === 'rejected') throw engineFailure(engine, ended.reason);
  return done;
}

/** In one transaction. COPY knows no conflicts, so it fills a table of the connection's own first, which no log is written of. */
async function copyPart(
  client: pg.Client,
  lane: number,
  collection: Collection,
  shard: ShardFolder,
  number: number,
  head: UsedHead | null,
  splits: readonly Split[],
) {
  const part = await readPart(shard, number);
  if (!part) throw new AppError('bad-argument', `${shard.path} lacks part ${number}. Run gallery check first.`);
  const thumbnails = await part.thumbnails();
  const { dimensions } = shard.manifest.model;
  const table = tableOf(collection);
  const stage = `pushed_${lane}`;
  let [added, sent] = [0, 0];
  await client.query('BEGIN');
  try {
    await client.query(`CREATE TEMP TABLE ${stage} ON COMMIT DROP AS SELECT ${COLUMNS} FROM ${table} WITH NO DATA`);
    for (let from = 0; from < part.rows.length; from += ROWS_A_COPY) {
      const to = Math.min(part.rows.length, from + ROWS_A_COPY);
      const embeddings = await embedRows(head, await part.features(from, to), dimensions);
      const width = embeddings.length / (to - from);
      const rows = part.rows.slice(from, to).flatMap(({ path, hash, class: className, split }, i) => {
        if (!splits.includes(split)) return [];
        if (path.includes('\0') || className?.includes('\0')) {
          throw new AppError(
            'bad-argument',
            `${JSON.stringify(path)} holds a NUL character, which PostgreSQL has not.`,
          );
        }
        const embedding = vectorField(embeddings.subarray(i * width, (i + 1) * width), collection.vectors);
        const id = idOf(collection, path, hash);
        const thumbnail = thumbnails[from + i] ?? new Uint8Array();
        return [[id, embedding, split, className, path, Buffer.from(hash, 'hex'), thumbnail]];
      });
      sent += rows.length;
      const copy = client.query(copyFrom(`COPY ${stage} (${COLUMNS}) FROM STDIN (FORMAT binary)`));
      await pipeline([copyRows(rows)], copy);
    }
    const { rowCount } = await client.query(
      `INSERT INTO ${table} (${COLUMNS}) SELECT ${COLUMNS} FROM ${stage} ON CONFLICT (id) DO NOTHING`,
    );
    added = rowCount ?? 0;
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {});
    throw error;
  }
  return { added, sent };
}

/** 16 bytes: an image is a file of a path and content, and its row that of a model. */
function idOf({ digest }: Collection, path: string, hash: string): Uint8Array {
  return createHash('sha256')
    .update(JSON.stringify([digest, path, hash]))
    .digest()
    .subarray(0, 16);
}

/**
 * Builds the HNSW index unless it is there; how many seconds it took. For unit vectors the inner product is the cosine, and, unlike
 * pgvector's cosine, knows images without a direction (all zero).
 */
async function buildIndex(
  engine: Engine,
  collection: Collection,
  memory: string | null,
  say: (line: string) => void,
): Promise<number> {
  const started = performance.now();
  await connected(engine, async (client) => {
    if (await isIndexed(client, collection)) return;
    const name = indexOf(collection);
    // One whose building was interrupted is there and not valid.
    await client.query(`DROP INDEX IF EXISTS likeness.${name}`);
    if (memory !== null) await client.query(`SELECT set_config('maintenance_work_mem', $1, false)`, [memory]);
    const watching = watchIndex(engine, tableOf(collection), say);
    try {
      const { vectors } = collection;
      await client.query(
        `CREATE INDEX ${name} ON ${tableOf(collection)} USING hnsw (embedding ${vectors}_ip_ops) WITH (m = 16, ef_construction = 200)`,
      );
    } finally {
      watching.stop();
    }
    await client.query(`ANALYZE ${tableOf(collection)}`);
  });
  return (performance.now() - started) / 1000;
}

const MS_BETWEEN_LOOKS = 2000;

/** Tells how far the building of an index is, by a connection beside it. Where that fails, nothing is told. */
function watchIndex(engine: Engine, table: string, say: (line: string) => void) {
  let stopped = false;
  const client = new pg.Client(engine.config);
  client.on('error', () => {});
  const look = async () => {
    await client.connect();
    while (!stopped) {
      await new Promise((resolve) => setTimeout(resolve, MS_BETWEEN_LOOKS).unref());
      if (stopped) break;
      const { rows } = await client.query<{ phase: string; share: string | null }>(
        `SELECT phase, round(100.0 * blocks_done / nullif(blocks_total, 0), 1) AS share
         FROM pg_stat_progress_create_index WHERE relid = to_regclass($1)`,
        [table],
      );
      const [progress] = rows;
      if (progress && !stopped) say(`Index: ${progress.phase}, ${progress.share ?? 0} %`);
    }
  };
  look().catch(() => {});
  return {
    stop() {
      stopped = true;
      void client.end().catch(() => {});
    },
  };
}
