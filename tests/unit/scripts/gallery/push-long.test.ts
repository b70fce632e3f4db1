import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, test } from 'vitest';
import {
  dropCollection,
  findCollection,
  headOf,
  listCollections,
  stateOf,
  tableOf,
} from '../../../../scripts/gallery/collection.ts';
import { connected, engineAt } from '../../../../scripts/gallery/connection.ts';
import { embedRows, openHead, readHead } from '../../../../scripts/gallery/embeddings.ts';
import { type PushOptions, push } from '../../../../scripts/gallery/push.ts';
import { saveHead } from '../../../../src/heads/head-file.ts';
import { EMBEDDING_SIZE } from '../../../../src/heads/parameters.ts';
import { defaultRecipe } from '../../../../src/heads/recipe.ts';
import { COLOUR_GRADIENT } from '../../../../src/models/colour-gradient.ts';
import { pgliteEngine } from '../../../pglite-engine.ts';
import { DIMENSIONS, emptyFolder, featuresOf, imagesNamed, writeShard } from './written-features.ts';

const HOSTILE = "o'hara'); DROP TABLE likeness.collections; --";
const images = [
  ...imagesNamed(30),
  { path: "test/gallery/it's/\t\\N.jpg", split: 'gallery' as const, className: HOSTILE },
  { path: 'test/gallery/nobody.jpg', split: 'gallery' as const, className: null },
];

const database = await pgliteEngine();
afterAll(() => database.close());
beforeEach(async () => {
  await database.database.exec('DROP SCHEMA IF EXISTS likeness CASCADE');
});

const usual = {
  architecture: 'colour-gradient',
  head: null,
  splits: ['training', 'query', 'gallery'],
  half: false,
  connections: 3,
} as const;
const rest = { distributed: false, indexMemory: null, index: true } as const;

async function pushed(change: Partial<PushOptions> = {}) {
  const featuresDir = await emptyFolder();
  for (const shard of [0, 1]) await writeShard(featuresDir, images, shard, 2);
  const engine = engineAt(database.url, 'environment');
  const lines: string[] = [];
  const options = { ...usual, ...rest, featuresDir, ...change };
  return { engine, lines, again: () => push(engine, options, (line) => lines.push(line)) };
}

async function head() {
  const random = (length: number) => Float32Array.from({ length }, (_, i) => Math.sin(i * 12.9898) / 4);
  const file = saveHead({
    head: {
      dimensions: DIMENSIONS,
      projection: random(EMBEDDING_SIZE * DIMENSIONS),
      bias: random(EMBEDDING_SIZE),
      classifier: { weight: random(2 * EMBEDDING_SIZE), bias: new Float32Array() },
    },
    recipe: defaultRecipe('cosine'),
    classes: ['a', 'b'],
    backbone: {
      architecture: 'colour-gradient',
      weights: 'colour-gradient',
      sha256: null,
      preprocessing: COLOUR_GRADIENT.preprocessing,
    },
  });
  const path = join(await emptyFolder(), 'head.safetensors');
  await writeFile(path, new Uint8Array(await file.arrayBuffer()));
  return readHead(path);
}

test('copies every row once, however often it is pushed, and builds the index', async () => {
  const { engine, again } = await pushed();
  expect(await again()).toMatchObject({ added: images.length, sent: images.length });
  expect(await again()).toMatchObject({ added: 0, sent: images.length });
  await connected(engine, async (client) => {
    const collection = await findCollection(client, 'colour-gradient');
    expect(await stateOf(client, collection)).toMatchObject({ rows: images.length, indexed: true });
    const { rows } = await client.query<{ path: string; class: string | null; length: string; thumbnail: Buffer }>(
      `SELECT path, class, thumbnail, -(embedding <#> embedding) AS length FROM ${tableOf(collection)}`,
    );
    const found = new Map(rows.map((row) => [row.path, row.class]));
    expect(found).toEqual(new Map(images.map(({ path, className }) => [path, className])));
    for (const row of rows) expect(Number(row.length)).toBeCloseTo(1, 5);
    expect(rows.every(({ thumbnail }) => thumbnail.length > 0)).toBe(true);
  });
});

test('projects with the head as the app does, and keeps its file', async () => {
  const used = await head();
  const { engine, again } = await pushed({ head: used });
  await again();
  await connected(engine, async (client) => {
    const collection = await findCollection(client, null);
    expect(collection).toMatchObject({ dimensions: EMBEDDING_SIZE, manifest: { head: used.digest } });
    const path = images[5]?.path ?? '';
    const { rows } = await client.query<{ embedding: string }>(
      `SELECT embedding::text FROM ${tableOf(collection)} WHERE path = $1`,
      [path],
    );
    const stored: unknown = JSON.parse(rows[0]?.embedding ?? '');
    expect(stored).toEqual(
      [...(await embedRows(used, featuresOf(path), DIMENSIONS))].map((value) => expect.closeTo(value, 7)),
    );
    const kept = await headOf(client, collection);
    expect(kept && (await openHead(kept)).digest).toBe(used.digest);
  });
});

test('keeps models apart, and drops one alone', async () => {
  const used = await head();
  const { engine, again } = await pushed();
  await again();
  const featuresDir = await emptyFolder();
  await writeShard(featuresDir, images, 0, 1);
  await push(engine, { ...usual, ...rest, featuresDir, head: used, half: true }, () => {});
  await connected(engine, async (client) => {
    const all = await listCollections(client);
    expect(all.map(({ vectors, dimensions }) => [vectors, dimensions])).toEqual([
      ['vector', DIMENSIONS],
      ['halfvec', EMBEDDING_SIZE],
    ]);
    await expect(findCollection(client, null)).rejects.toThrow('Name one collection');
    const [first] = all;
    if (first) await dropCollection(client, first);
    expect((await listCollections(client)).map(({ digest }) => digest)).toEqual([all[1]?.digest]);
  });
  const { rows } = await database.database.query(
    `SELECT count(*)::int AS n FROM pg_tables WHERE schemaname = 'likeness'`,
  );
  expect(rows).toEqual([{ n: 2 }]);
});

test('refuses vectors of another type for a model that is there, and a head of other weights', async () => {
  const { engine, again } = await pushed();
  await again();
  const featuresDir = await emptyFolder();
  await writeShard(featuresDir, images, 0, 1);
  const options = { ...usual, ...rest, featuresDir };
  await expect(push(engine, { ...options, half: true }, () => {})).rejects.toThrow('is there already, as vector');
  const used = await head();
  const foreign = { ...used, saved: { ...used.saved, backbone: { ...used.saved.backbone, sha256: 'f'.repeat(64) } } };
  await expect(push(engine, { ...options, head: foreign }, () => {})).rejects.toMatchObject({
    code: 'weights-mismatch',
  });
});

test('a password is taken from the environment, and in no argument', () => {
  const url = 'postgres://me:a-secret@db:5432/photos';
  expect(engineAt(url, 'environment').shown).toBe('postgres://db:5432/photos');
  for (const refused of [url, 'postgres://db/photos?password=a-secret', 'mysql://db', 'a-secret']) {
    const attempt = () => engineAt(refused, 'argument');
    expect(attempt).toThrow(/PGPASSWORD|named by a URL/);
    expect(attempt).not.toThrow('a-secret');
  }
});

// The last one, since there is no engine afterwards.
test('an engine that goes while it is pushed to is named, without its password', async () => {
  const { again } = await pushed();
  const held = database.hold();
  const pushing = again();
  await held.reached;
  await database.stop();
  held.release();
  const error = await pushing.catch((failure: unknown) => failure);
  expect(error).toMatchObject({ code: 'engine-unavailable' });
  expect(String(error)).toContain('postgres://127.0.0.1:');
  expect(String(error)).not.toContain('a-secret');
});
