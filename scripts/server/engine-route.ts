import type { IncomingMessage, ServerResponse } from 'node:http';
import pg from 'pg';
import * as v from 'valibot';
import { type Collection, estimatedRows, isIndexed, listCollections } from '../gallery/collection.ts';
import { type Engine, engineFailure } from '../gallery/connection.ts';
import { type Found, MOST_MS, rowsAfter, searchCollection, thumbnailOf } from '../gallery/search.ts';
import { sentVector } from '../gallery/vectors.ts';
import { type Route, sendText } from './static-server.ts';

/** Searches that run at once; what comes beyond twice as many waiting is refused. */
const CONNECTIONS = 4;
const MOST_WAITING = 32;
/** Rows that one search may ask for, with their vectors, 3 MB at 512 numbers: as many as a ranking by class orders, and as pgvector’s HNSW looks at. */
const MOST_FOUND = 1000;
const MOST_EF = 1000;
/** Rows that are told one after another. */
const MOST_ROWS = 200;
/** A thumbnail has about 5 kB. */
const MOST_THUMBNAIL_BYTES = 256_000;
/** Collections may be pushed and dropped while the app is served. */
const MS_COLLECTIONS_ARE_KNOWN = 2000;
/** As in math/vectors.ts. */
const UNIT_TOLERANCE = 1e-3;

export interface EngineRoute {
  readonly route: Route;
  close(): Promise<void>;
}

const whole = (max: number) =>
  v.pipe(v.string(), v.regex(/^\d{1,4}$/), v.transform(Number), v.minValue(1), v.maxValue(max));
const askedSchema = v.strictObject({
  rows: whole(MOST_FOUND),
  ef: v.optional(whole(MOST_EF), '64'),
  exact: v.optional(v.literal('1')),
});

const rowsSchema = v.strictObject({
  rows: whole(MOST_ROWS),
  after: v.optional(v.nullable(v.pipe(v.string(), v.regex(/^[0-9a-f]{32}$/))), null),
});

/** What a page is told in place of an answer. */
class Refusal extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/**
 * What lies below /engine/:
 *
 *   GET  collections                        what can be searched, JSON
 *   POST <digest>/search?rows=20&ef=64      a float32 vector → rows with their vectors; exact=1 compares with all
 *   GET  <digest>/rows?rows=200&after=<id>  rows with their vectors, in the order of their ids
 *   GET  <digest>/thumbnails/<id>           WebP
 *
 * Nothing else can be asked, nothing is written, and no name or password of the engine is told. The page has no key: it reaches
 * the engine by this alone.
 */
export function engineRoute(engine: Engine): EngineRoute {
  const pool = new pg.Pool({
    ...engine.config,
    max: CONNECTIONS,
    options: '-c default_transaction_read_only=on',
    query_timeout: MOST_MS + 2000,
  });
  // A connection that is lost is replaced by the pool, and its caller is told: no reason for the server to end.
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));
  let known: {
    readonly at: number;
    readonly collections: Promise<readonly (Collection & { indexed: boolean; rows: number | null })[]>;
  } | null = null;

  async function withClient<R>(work: (client: pg.PoolClient) => Promise<R>): Promise<R> {
    if (pool.waitingCount >= MOST_WAITING) throw new Refusal(503, 'The engine is busy. Try again.');
    let client: pg.PoolClient;
    try {
      client = await pool.connect();
    } catch (error) {
      throw engineFailure(engine, error);
    }
    let failed = true;
    try {
      const result = await work(client);
      failed = false;
      return result;
    } catch (error) {
      // A collection may have been dropped, or pushed again with numbers of another width.
      known = null;
      throw error instanceof Refusal ? error : engineFailure(engine, error);
    } finally {
      // A connection that failed in the middle of something may still be in it.
      client.release(failed);
    }
  }

  function collections() {
    if (!known || Date.now() - known.at > MS_COLLECTIONS_ARE_KNOWN) {
      const found = withClient(async (client) => {
        const all = await listCollections(client);
        const found = [];
        // One after the other: a connection answers one question at a time.
        for (const one of all) {
          found.push({ ...one, indexed: await isIndexed(client, one), rows: await estimatedRows(client, one) });
        }
        return found;
      });
      found.catch(() => {
        known = null;
      });
      known = { at: Date.now(), collections: found };
    }
    return known.collections;
  }

  async function collectionOf(digest: string): Promise<Collection> {
    const ofDigest = (one: Collection) => one.digest === digest;
    // One that was known before needs no list: a search would wait for it every two seconds.
    const found = (await known?.collections)?.find(ofDigest) ?? (await collections()).find(ofDigest);
    if (!found) throw new Refusal(404, 'The engine has no such collection.');
    return found;
  }

  async function answer(
    request: IncomingMessage,
    response: ServerResponse,
    segments: readonly string[],
  ): Promise<void> {
    const [first = '', second, third] = segments;
    const at = `${request.method} ${segments.length}`;
    if (at === 'GET 1' && first === 'collections') {
      const listed = (await collections()).map(({ digest, manifest, vectors, dimensions, indexed, rows }) => ({
        digest,
        manifest,
        vectors,
        dimensions,
        indexed,
        rows,
      }));
      sendJson(response, { collections: listed });
    } else if (at === 'POST 2' && second === 'search') {
      const collection = await collectionOf(first);
      const {
        rows: limit,
        ef,
        exact,
      } = parsedQuery(
        askedSchema,
        request.url ?? '',
        `A search takes rows (1 to ${MOST_FOUND}), ef (1 to ${MOST_EF}) and exact=1.`,
      );
      const vector = await readVector(request, collection.dimensions);
      const search = { vector, limit, ef, exact: exact === '1' };
      const found = await withClient((client) => searchCollection(client, collection, search));
      sendRows(response, found, collection);
    } else if (at === 'GET 2' && second === 'rows') {
      const collection = await collectionOf(first);
      const { rows: limit, after } = parsedQuery(
        rowsSchema,
        request.url ?? '',
        `Rows are asked for by rows (1 to ${MOST_ROWS}) and after, an id.`,
      );
      const found = await withClient((client) => rowsAfter(client, collection, after, limit));
      sendRows(response, found, collection);
    } else if (at === 'GET 3' && second === 'thumbnails' && /^[0-9a-f]{32}$/.test(third ?? '')) {
      const collection = await collectionOf(first);
      const thumbnail = await withClient((client) => thumbnailOf(client, collection, third ?? ''));
      if (!thumbnail || thumbnail.length > MOST_THUMBNAIL_BYTES) throw new Refusal(404, 'There is no such thumbnail.');
      response.writeHead(200, {
        'Cache-Control': 'private, max-age=86400',
        'Content-Length': thumbnail.length,
        'Content-Type': 'image/webp',
      });
      response.end(thumbnail);
    } else throw new Refusal(404, 'The engine answers collections, search, rows and thumbnails alone.');
  }

  return {
    route: async (request, response, segments) => {
      try {
        await answer(request, response, segments);
      } catch (error) {
        if (response.headersSent) response.destroy();
        // What is left of a body that was refused is not waited for.
        else if (error instanceof Refusal)
          sendText(response.setHeader('Connection', 'close'), error.status, error.message);
        else sendText(response, 502, 'The engine does not answer. What is in this browser can still be searched.');
      }
      return true;
    },
    close: () => pool.end(),
  };
}

function parsedQuery<S extends v.GenericSchema>(schema: S, url: string, sentence: string): v.InferOutput<S> {
  const parameters = new URLSearchParams(url.split('?')[1] ?? '');
  const parsed = v.safeParse(schema, Object.fromEntries(parameters));
  if (!parsed.success) throw new Refusal(400, sentence);
  return parsed.output;
}

/** A unit vector, little-endian. No more is read than it may have. */
async function readVector(request: IncomingMessage, dimensions: number): Promise<Float32Array> {
  const expected = 4 * dimensions;
  const refusal = new Refusal(413, `A vector of this collection has ${expected} bytes.`);
  // No page elsewhere may send this type without asking first, and nobody answers it.
  if (request.headers['content-type'] !== 'application/octet-stream') {
    throw new Refusal(415, 'A vector is sent as application/octet-stream.');
  }
  if (Number(request.headers['content-length']) !== expected) throw refusal;
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of request) {
    if (!Buffer.isBuffer(piece)) throw refusal;
    length += piece.length;
    if (length > expected) throw refusal;
    pieces.push(piece);
  }
  if (length !== expected) throw refusal;
  const vector = new Float32Array(Uint8Array.from(Buffer.concat(pieces)).buffer);
  const norm = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
  if (!(Math.abs(norm - 1) <= UNIT_TOLERANCE)) throw new Refusal(400, 'A vector has the length 1.');
  return vector;
}

/** The length of a JSON text (uint32), that text, and a vector a row, float32; little-endian. */
function sendRows(response: ServerResponse, rows: readonly Found[], { vectors, dimensions }: Collection): void {
  const text = Buffer.from(JSON.stringify(rows.map(({ vector, ...row }) => row)));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(text.length);
  const numbers = rows.map(({ vector }) => Buffer.from(sentVector(vector, vectors, dimensions).buffer));
  send(response, 'application/octet-stream', Buffer.concat([length, text, ...numbers]));
}

function sendJson(response: ServerResponse, value: unknown): void {
  send(response, 'application/json; charset=utf-8', Buffer.from(JSON.stringify(value)));
}

function send(response: ServerResponse, type: string, body: Buffer): void {
  response.writeHead(200, { 'Cache-Control': 'no-store', 'Content-Length': body.length, 'Content-Type': type });
  response.end(body);
}
