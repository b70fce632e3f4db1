import type pg from 'pg';
import { type Collection, tableOf } from './collection.ts';

/** What is asked of a collection. */
export interface Search {
  /** Unit vector. */
  readonly vector: Float32Array;
  readonly limit: number;
  /** Candidates that HNSW looks at. */
  readonly ef: number;
  /** Compares with every row. */
  readonly exact: boolean;
}

/** A row that was found, with the vector as it is stored: the caller computes the cosine again in float64. */
export interface Found {
  /** Hexadecimal. */
  readonly id: string;
  readonly path: string;
  readonly className: string | null;
  readonly split: string;
  /** SHA-256 of the file, hexadecimal. */
  readonly hash: string;
  /** As pgvector sends it (copy-format.ts), big-endian. */
  readonly vector: Buffer;
}

/** Beyond this the engine ends a search by itself. */
export const MOST_MS = 10_000;

/** About the `limit` nearest rows, nearest first, in a transaction that cannot write and ends by itself. */
export async function searchCollection(
  client: pg.ClientBase,
  collection: Collection,
  { vector, limit, ef, exact }: Search,
): Promise<Found[]> {
  // Whole numbers that were checked where they came in; SET takes no parameters.
  const candidates = Math.max(1, Math.min(1000, Math.trunc(Math.max(ef, limit))));
  const scan = exact ? 'SET LOCAL enable_indexscan = off' : `SET LOCAL hnsw.ef_search = ${candidates}`;
  await client.query(`BEGIN READ ONLY; SET LOCAL statement_timeout = ${MOST_MS}; ${scan}`);
  try {
    const { vectors } = collection;
    // Without a name: behind a pooler, connections share sessions, which take a name once.
    const { rows } = await client.query<Omit<Found, 'className'> & { class: string | null }>(
      `SELECT ${columnsOf(collection)}
        FROM ${tableOf(collection)} ORDER BY embedding <#> $1::${vectors} LIMIT $2`,
      [`[${vector.join(',')}]`, limit],
    );
    await client.query('COMMIT');
    return rows.map(({ class: className, ...row }) => ({ ...row, className }));
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {});
    throw error;
  }
}

/** Rows in the order of their ids, which is that of no name and no class, from the one behind `after` on; in a transaction that cannot write. */
export async function rowsAfter(
  client: pg.ClientBase,
  collection: Collection,
  after: string | null,
  limit: number,
): Promise<Found[]> {
  await client.query(`BEGIN READ ONLY; SET LOCAL statement_timeout = ${MOST_MS}`);
  try {
    const { rows } = await client.query<Omit<Found, 'className'> & { class: string | null }>(
      `SELECT ${columnsOf(collection)} FROM ${tableOf(collection)}
        WHERE $1::text IS NULL OR id > decode($1, 'hex') ORDER BY id LIMIT $2`,
      [after, limit],
    );
    await client.query('COMMIT');
    return rows.map(({ class: className, ...row }) => ({ ...row, className }));
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {});
    throw error;
  }
}

/** What a row is told by, with its vector as pgvector sends it. */
const columnsOf = ({ vectors }: Collection): string =>
  `encode(id, 'hex') AS id, path, class, split, encode(hash, 'hex') AS hash, ${vectors}_send(embedding) AS vector`;

/** A row's thumbnail; null where there is none of that id. */
export async function thumbnailOf(client: pg.ClientBase, collection: Collection, id: string): Promise<Buffer | null> {
  const { rows } = await client.query<{ thumbnail: Buffer }>(
    `SELECT thumbnail FROM ${tableOf(collection)} WHERE id = decode($1, 'hex')`,
    [id],
  );
  return rows[0]?.thumbnail ?? null;
}
