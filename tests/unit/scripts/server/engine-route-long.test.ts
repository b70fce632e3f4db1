import { mkdtemp, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { engineAt } from '../../../../scripts/gallery/connection.ts';
import { embedRows } from '../../../../scripts/gallery/embeddings.ts';
import { push } from '../../../../scripts/gallery/push.ts';
import { type EngineRoute, engineRoute } from '../../../../scripts/server/engine-route.ts';
import { type RunningServer, startServer } from '../../../../scripts/server/static-server.ts';
import { modelDigest } from '../../../../src/heads/model-digest.ts';
import { dot } from '../../../../src/math/similarity.ts';
import { type EngineCollection, type EngineRow, engineClient } from '../../../../src/search/backends/engine-client.ts';
import { pgliteEngine, type TestEngine } from '../../../pglite-engine.ts';
import { DIMENSIONS, emptyFolder, featuresOf, imagesNamed, MODEL, writeShard } from '../gallery/written-features.ts';

const HOSTILE = "x'); DELETE FROM likeness.collections; --";
const images = [...imagesNamed(300), { path: 'test/gallery/h.jpg', split: 'gallery' as const, className: HOSTILE }];
const usual = { efSearch: 200, exact: false } as const;
const signal = new AbortController().signal;

let featuresDir: string;
let database: TestEngine;
let engine: EngineRoute;
let server: RunningServer;
let collection: EngineCollection;

beforeAll(async () => {
  featuresDir = await featureFolder();
  database = await pgliteEngine();
  const at = engineAt(database.url, 'environment');
  const options = { architecture: 'colour-gradient', head: null, half: false, connections: 2 } as const;
  const splits = ['gallery'] as const;
  const rest = { distributed: false, indexMemory: null, index: true } as const;
  await push(at, { ...options, ...rest, splits, featuresDir }, () => {});
  engine = engineRoute(at);
  server = await startServer({
    distDir: featuresDir,
    modelsDir: featuresDir,
    port: 0,
    host: '127.0.0.1',
    routes: { engine: engine.route },
  });
  const [only] = await client().collections(signal);
  if (!only) throw new Error('There is no collection.');
  collection = only;
}, 600_000);

afterAll(async () => {
  await server.close();
  await engine.close().catch(() => {});
  await database.close();
  await rm(featuresDir, { recursive: true });
});

async function featureFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'likeness-test-'));
  await writeShard(folder, images, 0, 1, { partRows: 128 });
  return folder;
}

const client = () => engineClient(server.url);
const digest = () => modelDigest(MODEL.features, null);
const queryOf = (name: string) => embedRows(null, featuresOf(name), DIMENSIONS);

/** What exact search in the tab answers. */
async function local(query: Float32Array, k: number) {
  const all = await Promise.all(
    images.map(async ({ path, className }) => ({ path, className, similarity: dot(query, await queryOf(path)) })),
  );
  return all.sort((a, b) => b.similarity - a.similarity || (a.path < b.path ? -1 : 1)).slice(0, k);
}

test('exact search of the engine is exact search of the tab, with the same cosines', async () => {
  for (const name of ['a', 'b', images[7]?.path ?? '', 'test/gallery/h.jpg']) {
    const query = await queryOf(name);
    const hits = await client().search(collection, query, await digest(), { ...usual, k: 10, exact: true }, signal);
    expect(hits.map(({ path, className, similarity }) => ({ path, className, similarity }))).toEqual(
      await local(query, 10),
    );
  }
});

test('a ranking by class gets a thousand candidates: here all there are, from the index too', async () => {
  const query = await queryOf('a');
  const search = { efSearch: 64, exact: false, k: 1000 };
  const hits = await client().search(collection, query, await digest(), search, signal);
  const all = (await local(query, images.length)).map(({ path }) => path);
  const found = hits.map(({ path }) => path);
  // HNSW promises none of them: it nearly always reaches all of so few.
  expect(found.length).toBeGreaterThanOrEqual(0.99 * all.length);
  expect(found).toEqual(all.filter((path) => found.includes(path)));
});

test('the index finds nearly all of them, and says how many', async () => {
  const queries = await Promise.all(Array.from({ length: 20 }, (_, i) => queryOf(`query ${i}`)));
  expect(
    await client().recall(collection, queries, await digest(), { k: 10, efSearch: 200 }, signal),
  ).toBeGreaterThanOrEqual(0.99);
  expect(collection).toMatchObject({ indexed: true, architecture: 'colour-gradient', dimensions: DIMENSIONS });
  expect(collection.rows).toBe(images.length);
});

test('a thumbnail is WebP of bounded size, and only of an id that is there', async () => {
  const [hit] = await client().search(collection, await queryOf('a'), await digest(), { ...usual, k: 1 }, signal);
  const answer = await fetch(hit?.thumbnail ?? '');
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'image/webp']);
  const missing = await fetch((hit?.thumbnail ?? '').replace(/[0-9a-f]{32}$/, '0'.repeat(32)));
  expect(missing.status).toBe(404);
});

test('another model is refused with both digests, without asking the engine', async () => {
  const other = await modelDigest('other', null);
  const attempt = client().search(collection, await queryOf('a'), other, { ...usual, k: 10 }, signal);
  await expect(attempt).rejects.toMatchObject({ code: 'weights-mismatch', message: expect.stringContaining(other) });
  await expect(attempt).rejects.toThrow(collection.digest);
});

test('rows are told in parts, each row once, with vectors and thumbnails', async () => {
  const seen = new Map<string, EngineRow>();
  let after: string | null = null;
  for (const expected of [200, images.length - 200, 0]) {
    const rows = await client().rows(collection, after, 1000, signal);
    expect(rows).toHaveLength(expected);
    for (const row of rows) seen.set(row.id, row);
    after = rows.at(-1)?.id ?? null;
  }
  expect([...seen.values()].map(({ path }) => path).sort()).toEqual(images.map(({ path }) => path).sort());
  const [first] = seen.values();
  if (!first) throw new Error('There is no row.');
  expect((await client().thumbnail(first, signal))?.type).toBe('image/webp');
  for (const { path, vector } of [...seen.values()].slice(0, 20)) expect(vector).toEqual(await queryOf(path));
});

const post = (path: string, body: Uint8Array<ArrayBuffer>, type = 'application/octet-stream') =>
  fetch(`${server.url}engine/${path}`, { method: 'POST', body, headers: { 'Content-Type': type } });
const bytes = (values: Float32Array<ArrayBuffer>) => new Uint8Array(values.buffer);

test.each([
  ['NaN', () => new Float32Array(DIMENSIONS).fill(Number.NaN), 400],
  ['infinite numbers', () => new Float32Array(DIMENSIONS).fill(Number.POSITIVE_INFINITY), 400],
  ['no direction', () => new Float32Array(DIMENSIONS), 400],
  ['another length', () => new Float32Array(DIMENSIONS).fill(1), 400],
  ['too few numbers', () => new Float32Array(DIMENSIONS - 1), 413],
  ['ten megabytes', () => new Float32Array(2_500_000), 413],
])('a vector with %s is refused', async (_, vector, status) => {
  expect((await post(`${collection.digest}/search?rows=10`, bytes(vector()))).status).toBe(status);
});

test('a body that is longer than it says is not read', async () => {
  const answer = await new Promise<number>((resolve, reject) => {
    const asked = request(`${server.url}engine/${collection.digest}/search?rows=10`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/octet-stream', 'Transfer-Encoding': 'chunked' },
    });
    asked.on('response', ({ statusCode }) => resolve(statusCode ?? 0));
    asked.on('error', reject);
    asked.end(Buffer.alloc(10_000));
  });
  expect(answer).toBe(413);
});

test('nothing but these questions is answered', async () => {
  const good = bytes(await queryOf('a'));
  const { digest: id } = collection;
  const statuses = await Promise.all([
    post(`${id}/search?rows=10&ef=64`, good, 'text/plain'),
    post(`${id}/search?rows=1001`, good),
    post(`${id}/search?rows=10&ef=1;DROP`, good),
    post(`${id}/search?rows=10&where=1`, good),
    post(`${id}/search`, good),
    post(`${'0'.repeat(64)}/search?rows=10`, good),
    post(`x' OR 1=1/search?rows=10`, good),
    post('sql', good),
    fetch(`${server.url}engine/${id}/search?rows=10`),
    fetch(`${server.url}engine/${id}/rows?rows=201`),
    fetch(`${server.url}engine/${id}/rows?rows=2&after=x' OR 1=1`),
    fetch(`${server.url}engine/${id}/rows?rows=2&where=1`),
    fetch(`${server.url}engine/${id}/thumbnails/..`),
    fetch(`${server.url}engine/`),
    fetch(`${server.url}engine/collections`, { method: 'DELETE' }),
  ]);
  expect(statuses.map(({ status }) => status)).toEqual([
    ...[415, 400, 400, 400, 400, 404, 404, 404],
    ...[404, 400, 400, 400, 404, 404, 404],
  ]);
});

test('names of classes are text and nothing else', async () => {
  const [hit] = await client().search(
    collection,
    await queryOf('test/gallery/h.jpg'),
    await digest(),
    { ...usual, k: 1 },
    signal,
  );
  expect(hit).toMatchObject({ className: HOSTILE, path: 'test/gallery/h.jpg' });
  expect(await client().collections(signal)).toHaveLength(1);
});

test('a server says whether it has an engine; one without, and one that is gone, offer none', async () => {
  const folder = await emptyFolder();
  const plain = await startServer({ distDir: folder, modelsDir: folder, port: 0, host: '127.0.0.1' });
  expect([await client().offered(signal), await engineClient(plain.url).offered(signal)]).toEqual([true, false]);
  await plain.close();
  expect(await engineClient(plain.url).offered(signal)).toBe(false);
});

// The last one, since there is no engine afterwards.
test('an engine that goes in mid-search is one sentence, without names or passwords', async () => {
  const held = database.hold();
  const searching = client().search(collection, await queryOf('a'), await digest(), { ...usual, k: 10 }, signal);
  const ended = expect(searching).rejects.toMatchObject({
    code: 'gallery-unavailable',
    message: 'The server’s gallery does not answer. What is in this browser can still be searched.',
  });
  await held.reached;
  await database.stop();
  held.release();
  await ended;
  const answer = await post(`${collection.digest}/search?rows=10`, bytes(await queryOf('a')));
  expect([answer.status, await answer.text()]).toEqual([502, expect.not.stringContaining('a-secret')]);
});
