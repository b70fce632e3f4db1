import * as v from 'valibot';
import { AppError, isAborted } from '../../errors.ts';
import { dot } from '../../math/similarity.ts';
import type { Split } from '../../types.ts';

/** A gallery that an engine beyond this tab holds, as the app's own server tells of it. */
export interface EngineCollection {
  /** Names the model (heads/model-digest.ts): only embeddings of the same digest can be compared with it. */
  readonly digest: string;
  readonly dimensions: number;
  readonly architecture: string;
  /** Id of the set of weights. */
  readonly weights: string;
  /** Whether HNSW answers; without an index every search compares with all. */
  readonly indexed: boolean;
  /** About how many rows it has; null where the engine has not counted them. */
  readonly rows: number | null;
}

/** A row of a collection. */
export interface EngineRow {
  readonly id: string;
  readonly path: string;
  readonly className: string | null;
  readonly split: Split;
  /** SHA-256 of the file. */
  readonly hash: string;
  /** As the engine holds it. */
  readonly vector: Float32Array<ArrayBuffer>;
  /** Where its thumbnail is. */
  readonly thumbnail: string;
}

export interface EngineHit extends EngineRow {
  /** Exact cosine of the query with its vector. */
  readonly similarity: number;
}

export interface EngineSearch {
  readonly k: number;
  /** Candidates that HNSW looks at. */
  readonly efSearch: number;
  /** Compares with every row. */
  readonly exact: boolean;
}

/** The engine behind the app's own server: nothing else is asked, and no key for it is in this page. */
export interface EngineClient {
  /**
   * Whether the server was started with an engine, as it says in its list of weights: a plain host has that list or none, and is
   * asked for nothing that it does not know. False where there is no answer. Throws AppError 'aborted'.
   */
  offered(signal: AbortSignal): Promise<boolean>;
  /** Throws AppError 'gallery-unavailable', 'aborted'. */
  collections(signal: AbortSignal): Promise<EngineCollection[]>;
  /**
   * The k nearest rows (at most 1,000) of `query`, a unit vector that was made by the model of `digest`; best first, ties by path. The engine's
   * candidates are ranked again by exact cosines, summed in float64 as in exact search. Throws AppError 'weights-mismatch' with both
   * digests for another model's collection, 'gallery-unavailable' where the engine does not answer, 'aborted'.
   */
  search(
    collection: EngineCollection,
    query: Float32Array<ArrayBuffer>,
    digest: string,
    search: EngineSearch,
    signal: AbortSignal,
  ): Promise<EngineHit[]>;
  /**
   * Share of the exact k nearest that the engine's index finds, over `queries`; one counts that is as similar as the exact k-th, so
   * that which of several equals was found does not matter. Throws as search does.
   */
  recall(
    collection: EngineCollection,
    queries: readonly Float32Array<ArrayBuffer>[],
    digest: string,
    search: Omit<EngineSearch, 'exact'>,
    signal: AbortSignal,
    onQuery?: (done: number) => void,
  ): Promise<number>;
  /**
   * The next rows behind the one of that id, at most 200, in an order that is that of no name and no class; from the first where it
   * is null. Throws as collections does.
   */
  rows(collection: EngineCollection, after: string | null, limit: number, signal: AbortSignal): Promise<EngineRow[]>;
  /** A row's thumbnail, WebP; null where there is none. Throws as collections does. */
  thumbnail(row: EngineRow, signal: AbortSignal): Promise<Blob | null>;
}

/** Candidates beside the k: the engine sums in float32, and orders near ties otherwise. */
const SPARE = 16;
/** The server's own limit (scripts/server/engine-route.ts). */
const MOST_ROWS = 200;
const MOST_FOUND = 1000;
/** Beyond what the server itself waits for the engine. */
const MOST_MS = 15_000;
const MOST_COLLECTIONS = 1000;
const MOST_THUMBNAIL_BYTES = 256_000;

const digest = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/));
const name = v.pipe(v.string(), v.maxLength(1000));

/** What a server tells beside its weights. */
const offerSchema = v.object({ engine: v.optional(v.boolean()) });

const collectionsSchema = v.object({
  collections: v.pipe(
    v.array(
      v.object({
        digest,
        dimensions: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(4000)),
        indexed: v.boolean(),
        rows: v.nullable(v.pipe(v.number(), v.safeInteger(), v.minValue(0))),
        manifest: v.object({ architecture: name, weights: name }),
      }),
    ),
    v.maxLength(MOST_COLLECTIONS),
  ),
});

const rowsSchema = v.pipe(
  v.array(
    v.object({
      id: v.pipe(v.string(), v.regex(/^[0-9a-f]{32}$/)),
      path: v.pipe(v.string(), v.maxLength(10_000)),
      className: v.nullable(v.pipe(v.string(), v.maxLength(10_000))),
      split: v.picklist(['training', 'query', 'gallery']),
      hash: digest,
    }),
  ),
  v.maxLength(MOST_FOUND),
);

/** @param base address of the app, with a slash at its end */
export function engineClient(base: string): EngineClient {
  async function answered<R>(path: string, init: RequestInit, read: (answer: Response) => Promise<R>): Promise<R> {
    const signal = AbortSignal.any([AbortSignal.timeout(MOST_MS), ...(init.signal ? [init.signal] : [])]);
    try {
      const answer = await fetch(new URL(path, base), { ...init, signal });
      if (!answer.ok) throw new Error(`The server answered ${answer.status}.`);
      return await read(answer);
    } catch (error) {
      throw init.signal?.aborted && isAborted(error) ? error : gone(error);
    }
  }

  async function ask<S extends v.GenericSchema>(path: string, schema: S, init: RequestInit): Promise<v.InferOutput<S>> {
    return checked(schema, await answered(path, init, (answer): Promise<unknown> => answer.json()));
  }

  async function askRows(path: string, of: EngineCollection, init: RequestInit): Promise<EngineRow[]> {
    const body = await answered(path, init, (answer) => answer.arrayBuffer());
    const thumbnails = new URL(`engine/${of.digest}/thumbnails/`, base).href;
    return rowsOf(body, of.dimensions).map((row) => ({ ...row, thumbnail: thumbnails + row.id }));
  }

  async function search(
    collection: EngineCollection,
    query: Float32Array<ArrayBuffer>,
    made: string,
    { k, efSearch, exact }: EngineSearch,
    signal: AbortSignal,
  ): Promise<EngineHit[]> {
    if (collection.digest !== made) throw otherModel(collection, made);
    const rows = Math.min(MOST_FOUND, k + SPARE);
    const path = `engine/${collection.digest}/search?rows=${rows}&ef=${efSearch}${exact ? '&exact=1' : ''}`;
    const found = await askRows(path, collection, {
      method: 'POST',
      headers: { 'Content-Type': 'application/octet-stream' },
      body: query,
      signal,
    });
    return found
      .map((row) => ({ ...row, similarity: dot(query, row.vector) }))
      .sort((a, b) => b.similarity - a.similarity || (a.path < b.path ? -1 : a.path > b.path ? 1 : 0))
      .slice(0, k);
  }

  return {
    async offered(signal) {
      try {
        return (await ask('models/index.json', offerSchema, { signal })).engine === true;
      } catch (error) {
        if (signal.aborted) throw error;
        return false;
      }
    },
    async collections(signal) {
      const { collections } = await ask('engine/collections', collectionsSchema, { signal });
      return collections.map(({ manifest, ...collection }) => ({ ...collection, ...manifest }));
    },
    search,
    async recall(collection, queries, made, { k, efSearch }, signal, onQuery = () => {}) {
      let found = 0;
      let wanted = 0;
      for (const [at, query] of queries.entries()) {
        const exact = await search(collection, query, made, { k, efSearch, exact: true }, signal);
        const near = await search(collection, query, made, { k, efSearch, exact: false }, signal);
        const worst = exact.at(-1)?.similarity ?? Number.POSITIVE_INFINITY;
        found += near.filter(({ similarity }) => similarity >= worst).length;
        wanted += exact.length;
        onQuery(at + 1);
      }
      return wanted === 0 ? 1 : found / wanted;
    },
    async rows(collection, after, limit, signal) {
      const behind = after === null ? '' : `&after=${after}`;
      const path = `engine/${collection.digest}/rows?rows=${Math.min(MOST_ROWS, limit)}${behind}`;
      return askRows(path, collection, { signal });
    },
    async thumbnail({ thumbnail }, signal) {
      try {
        const answer = await fetch(thumbnail, { signal: AbortSignal.any([AbortSignal.timeout(MOST_MS), signal]) });
        if (answer.status === 404) return null;
        const picture = answer.ok ? await answer.blob() : null;
        if (picture && picture.type === 'image/webp' && picture.size <= MOST_THUMBNAIL_BYTES) return picture;
      } catch (error) {
        throw signal.aborted && isAborted(error) ? error : gone(error);
      }
      throw gone(new Error('What was sent is no thumbnail.'));
    },
  };
}

function checked<S extends v.GenericSchema>(schema: S, value: unknown): v.InferOutput<S> {
  const parsed = v.safeParse(schema, value);
  if (!parsed.success) throw gone(new Error('The answer has another form.'));
  return parsed.output;
}

/**
 * Rows as the server sends them: the length of a JSON text (uint32), that text, and a vector a row, float32; little-endian. Throws
 * AppError 'gallery-unavailable' where a length is another one or a number is not finite.
 */
export function rowsOf(body: ArrayBuffer, dimensions: number): Omit<EngineRow, 'thumbnail'>[] {
  const damaged = (cause: unknown) => gone(new Error('The rows are damaged.', { cause }));
  const textBytes = body.byteLength < 4 ? 0 : new DataView(body).getUint32(0, true);
  if (4 + textBytes > body.byteLength) throw damaged(textBytes);
  let told: unknown;
  try {
    told = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(new Uint8Array(body, 4, textBytes)));
  } catch (error) {
    throw damaged(error);
  }
  const rows = checked(rowsSchema, told);
  const numbers = body.slice(4 + textBytes);
  if (numbers.byteLength !== rows.length * dimensions * 4) throw damaged(numbers.byteLength);
  return rows.map((row, at) => {
    const vector = new Float32Array(numbers, at * dimensions * 4, dimensions);
    for (const value of vector) if (!Number.isFinite(value)) throw damaged(value);
    return { ...row, vector };
  });
}

/** The refusal of a collection whose vectors another model has made than that of digest `made`. */
export function otherModel({ architecture, digest }: EngineCollection, made: string): AppError {
  const sentence = `The collection ${architecture} is of another model, whose embeddings cannot be compared: its digest is ${digest}, that of the chosen model ${made}.`;
  return new AppError('weights-mismatch', sentence);
}

function gone(cause: unknown): AppError {
  const sentence = 'The server’s gallery does not answer. What is in this browser can still be searched.';
  return new AppError('gallery-unavailable', sentence, { cause });
}
