/**
 * Galleries in PostgreSQL: one table a model, and a table of their manifests beside.
 *
 *   likeness.collections   digest (of the model) → manifest, head, table
 *   likeness.c_<digest>    id, embedding, split, class, path, hash, thumbnail
 */
import type pg from 'pg';
import * as v from 'valibot';
import { AppError } from '../../src/errors.ts';

/** What vectors can be indexed up to (pgvector 0.8). */
const MOST_DIMENSIONS = { vector: 2000, halfvec: 4000 } as const;

export type VectorType = keyof typeof MOST_DIMENSIONS;

const manifestSchema = v.object({
  architecture: v.string(),
  weights: v.string(),
  sha256: v.nullable(v.string()),
  /** Names weights and preprocessing. */
  features: v.string(),
  /** Digest of the head; null for frozen embeddings. */
  head: v.nullable(v.string()),
});

const collectionSchema = v.object({
  digest: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
  manifest: manifestSchema,
  vectors: v.picklist(['vector', 'halfvec']),
  dimensions: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(4000)),
  distributed: v.boolean(),
});

/** A gallery of one model. */
export type Collection = v.InferOutput<typeof collectionSchema>;

/** Sixteen hex digits of a digest that was checked: nothing that anybody typed gets into a name. */
export function tableOf({ digest }: Pick<Collection, 'digest'>): string {
  if (!/^[0-9a-f]{64}$/.test(digest)) throw new AppError('bad-argument', 'This is no digest of a model.');
  return `likeness.c_${digest.slice(0, 16)}`;
}

export const indexOf = (collection: Pick<Collection, 'digest'>): string =>
  `${tableOf(collection).slice('likeness.'.length)}_hnsw`;

/** Throws AppError 'engine-unavailable' where the database has no pgvector and it cannot be added. */
export async function prepareEngine(client: pg.ClientBase): Promise<void> {
  try {
    await client.query('CREATE EXTENSION IF NOT EXISTS vector');
  } catch (error) {
    const sentence = `This database has no pgvector (${error instanceof Error ? error.message : error}). Install it, or let an administrator run CREATE EXTENSION vector.`;
    throw new AppError('engine-unavailable', sentence, { cause: error });
  }
  await client.query('CREATE SCHEMA IF NOT EXISTS likeness');
  await client.query(`CREATE TABLE IF NOT EXISTS likeness.collections (
    digest text PRIMARY KEY,
    manifest jsonb NOT NULL,
    vectors text NOT NULL,
    dimensions integer NOT NULL,
    distributed boolean NOT NULL,
    head bytea,
    created_at timestamptz NOT NULL DEFAULT now()
  )`);
}

/**
 * Makes the collection's table where there is none. Throws AppError 'bad-argument' where it is there with vectors of another
 * type, or is too wide to be indexed.
 */
export async function createCollection(
  client: pg.ClientBase,
  collection: Collection,
  head: Uint8Array | null,
): Promise<void> {
  const { digest, manifest, vectors, dimensions, distributed } = collection;
  if (dimensions > MOST_DIMENSIONS[vectors]) {
    const way = dimensions <= MOST_DIMENSIONS.halfvec ? 'Use --half, or' : 'Use';
    throw new AppError(
      'bad-argument',
      `pgvector indexes at most ${MOST_DIMENSIONS[vectors]} numbers a ${vectors}, and these are ${dimensions}. ${way} a head (--head), whose embeddings have 512.`,
    );
  }
  const before = (await listCollections(client)).find((one) => one.digest === digest);
  if (before && (before.vectors !== vectors || before.distributed !== distributed)) {
    const what = `${before.vectors}${before.distributed ? ', distributed' : ''}`;
    throw new AppError(
      'bad-argument',
      `This model's collection is there already, as ${what}. Drop it first, or push it in the same way.`,
    );
  }
  const table = tableOf(collection);
  await client.query('BEGIN');
  try {
    // PLAIN: a vector of 512 float32 is a little too long for a row by the usual rule, and a scan would fetch each from elsewhere.
    await client.query(`CREATE TABLE IF NOT EXISTS ${table} (
      id bytea PRIMARY KEY,
      embedding ${vectors}(${dimensions}) NOT NULL,
      split text NOT NULL,
      class text,
      path text NOT NULL,
      hash bytea NOT NULL,
      thumbnail bytea NOT NULL
    )`);
    if (rowBytes(collection) < 7000)
      await client.query(`ALTER TABLE ${table} ALTER COLUMN embedding SET STORAGE PLAIN`);
    // WebP does not get smaller.
    await client.query(`ALTER TABLE ${table} ALTER COLUMN thumbnail SET STORAGE EXTERNAL`);
    if (distributed && !before) await client.query('SELECT create_distributed_table($1, $2)', [table, 'id']);
    await client.query(
      `INSERT INTO likeness.collections (digest, manifest, vectors, dimensions, distributed, head)
       VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (digest) DO NOTHING`,
      [digest, JSON.stringify(manifest), vectors, dimensions, distributed, head && Buffer.from(head)],
    );
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  }
}

const rowBytes = ({ vectors, dimensions }: Collection) => dimensions * (vectors === 'vector' ? 4 : 2);

/** None where nothing was ever pushed. What is not a collection of ours is left out. */
export async function listCollections(client: pg.ClientBase): Promise<Collection[]> {
  const { rows: tables } = await client.query<{ known: boolean }>(
    `SELECT to_regclass('likeness.collections') IS NOT NULL AS known`,
  );
  if (!tables[0]?.known) return [];
  const { rows } = await client.query(
    'SELECT digest, manifest, vectors, dimensions, distributed FROM likeness.collections ORDER BY created_at, digest',
  );
  return rows.flatMap((row: unknown) => {
    const parsed = v.safeParse(collectionSchema, row);
    return parsed.success ? [parsed.output] : [];
  });
}

/** The collection that is meant: by the beginning of its digest or by its architecture; the only one where nothing is said. */
export async function findCollection(client: pg.ClientBase, named: string | null): Promise<Collection> {
  const all = await listCollections(client);
  const fitting = all.filter(
    ({ digest, manifest }) => named === null || digest.startsWith(named) || manifest.architecture === named,
  );
  const [one] = fitting;
  if (one && fitting.length === 1) return one;
  const known = all.map(({ digest, manifest }) => `${digest.slice(0, 16)} (${manifest.architecture})`).join(', ');
  const sentence =
    all.length === 0 ? 'The engine has no collections.' : `Name one collection (--collection): ${known}.`;
  throw new AppError('bad-argument', sentence);
}

/** The head's file that was pushed with it. */
export async function headOf(client: pg.ClientBase, { digest }: Collection): Promise<Uint8Array<ArrayBuffer> | null> {
  const { rows } = await client.query<{ head: Buffer | null }>(
    'SELECT head FROM likeness.collections WHERE digest = $1',
    [digest],
  );
  const head = rows[0]?.head ?? null;
  return head && Uint8Array.from(head);
}

export interface CollectionState {
  readonly rows: number;
  readonly bytes: number;
  readonly indexed: boolean;
}

export async function stateOf(client: pg.ClientBase, collection: Collection): Promise<CollectionState> {
  const table = tableOf(collection);
  const { rows } = await client.query<{ rows: string; bytes: string }>(
    `SELECT count(*) AS rows, pg_total_relation_size('${table}') AS bytes FROM ${table}`,
  );
  const [state] = rows;
  return {
    rows: Number(state?.rows ?? 0),
    bytes: Number(state?.bytes ?? 0),
    indexed: await isIndexed(client, collection),
  };
}

export async function isIndexed(client: pg.ClientBase, collection: Pick<Collection, 'digest'>): Promise<boolean> {
  const { rows } = await client.query(`SELECT 1 FROM pg_index WHERE indexrelid = to_regclass($1) AND indisvalid`, [
    `likeness.${indexOf(collection)}`,
  ]);
  return rows.length === 1;
}

/** About how many rows it has, as the engine knows without counting them; null where it does not. */
export async function estimatedRows(
  client: pg.ClientBase,
  collection: Pick<Collection, 'digest'>,
): Promise<number | null> {
  const { rows } = await client.query<{ rows: number }>(
    'SELECT reltuples::float8 AS rows FROM pg_class WHERE oid = to_regclass($1)',
    [tableOf(collection)],
  );
  const known = rows[0]?.rows ?? 0;
  // −1 before the first ANALYZE; 0 of the empty table that stands for a distributed one.
  return known > 0 ? Math.round(known) : null;
}

/** Removes table, index and manifest. */
export async function dropCollection(client: pg.ClientBase, collection: Collection): Promise<void> {
  await client.query('BEGIN');
  try {
    await client.query(`DROP TABLE IF EXISTS ${tableOf(collection)}`);
    await client.query('DELETE FROM likeness.collections WHERE digest = $1', [collection.digest]);
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  }
}
