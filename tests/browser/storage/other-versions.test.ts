import { openDB } from 'idb';
import * as v from 'valibot';
import { expect, onTestFinished, test } from 'vitest';
import { getDataset, getFiles, listDatasets } from '../../../src/storage/datasets.ts';
import { getEmbeddings } from '../../../src/storage/embeddings.ts';
import { getFeatures, rememberedWeights } from '../../../src/storage/features.ts';
import { getQuery, getThumbnail, listQueries } from '../../../src/storage/pictures.ts';
import { exportRaw } from '../../../src/storage/raw-export.ts';
import { getRuns, putRun } from '../../../src/storage/runs.ts';
import { migrations } from '../../../src/storage/schema.ts';
import { getSetting } from '../../../src/storage/settings.ts';
import { connectTo, freshName } from './fresh-database.ts';

const dataset = {
  id: 'd1',
  name: 'groceries',
  createdAt: 1,
  images: 1,
  emptyFolders: [],
  sourceProblems: [],
  roles: [],
  groundTruth: null,
};
const file = { datasetId: 'd1', path: 'a.jpg', bytes: 3, outcome: { ok: true, hash: 'h', width: 4, height: 3 } };
const features = Float32Array.of(1, 2, 3);
const weights = { id: 'resnet50.tv_in1k', architecture: 'resnet50' };

/**
 * The first version that was ever published, written down here by hand: a change of what is published would go unnoticed
 * if the app's own migrations made it.
 */
async function firstVersion(name: string): Promise<void> {
  const connection = await openDB(name, 1, {
    upgrade(made) {
      made.createObjectStore('datasets', { keyPath: 'id' });
      made.createObjectStore('files', { keyPath: ['datasetId', 'path'] });
      for (const store of ['thumbnails', 'features', 'embeddings', 'embeddingRows', 'heads', 'checkpoints']) {
        made.createObjectStore(store);
      }
      made.createObjectStore('queries', { keyPath: 'hash' }).createIndex('addedAt', 'addedAt');
      made.createObjectStore('weights', { keyPath: 'id' });
      for (const store of ['settings', 'runs']) made.createObjectStore(store);
    },
  });
  await connection.put('datasets', dataset);
  await connection.put('files', file);
  await connection.put('thumbnails', { bytes: new ArrayBuffer(5), type: 'image/webp', width: 4, height: 3 }, 'h');
  await connection.put('features', features, ['key', 'h']);
  await connection.put('embeddings', { digest: 'd', dimensions: 3, rows: 1 }, ['d1', 'm', 'gallery']);
  await connection.put('embeddingRows', Float32Array.of(1, 0, 0), ['d1', 'm', 'gallery', 0]);
  await connection.put('heads', { epochs: 7, weights: Float32Array.of(0.5) }, ['d1', 'head']);
  await connection.put('checkpoints', { epoch: 3 }, ['d1', 'head']);
  await connection.put('queries', { hash: 'q', name: 'q.jpg', blob: new Blob(['query']), addedAt: 1 });
  await connection.put('weights', weights);
  await connection.put('settings', 'd1', 'current-dataset');
  await connection.put('runs', { top1: 1 }, ['d1', 'run']);
  connection.close();
}

test('a database of the first version is brought up to date with all that it holds', async () => {
  const name = freshName();
  await firstVersion(name);
  const database = connectTo(name);
  expect(await listDatasets(database)).toEqual([dataset]);
  expect(await getFiles(database, 'd1')).toEqual([file]);
  expect(await (await getThumbnail(database, 'h'))?.blob.arrayBuffer()).toEqual(new ArrayBuffer(5));
  expect(await getFeatures(database, 'key', ['h'], 3)).toEqual({ matrix: features, missing: [] });
  expect((await getEmbeddings(database, { datasetId: 'd1', modelId: 'm', split: 'gallery' }, 'd'))?.matrix).toEqual(
    Float32Array.of(1, 0, 0),
  );
  expect(await database.read((connection) => connection.get('heads', ['d1', 'head']))).toMatchObject({ epochs: 7 });
  expect(await database.read((connection) => connection.get('checkpoints', ['d1', 'head']))).toEqual({ epoch: 3 });
  expect(await (await getQuery(database, 'q'))?.blob.text()).toBe('query');
  expect((await listQueries(database)).map(({ hash }) => hash)).toEqual(['q']);
  expect(await rememberedWeights(database)).toEqual([weights]);
  expect(await getSetting(database, 'current-dataset', v.string())).toBe('d1');
  expect([...(await getRuns(database, 'd1', v.unknown()))]).toEqual([['run', { top1: 1 }]]);
  // And what came later is there to be used.
  await putRun(database, 'd1', 'run', { top1: 1 }, { test: null, validation: null });
  expect(await database.read(async (connection) => connection.version)).toBe(migrations.length);
});

test('every version between is brought up to date', async () => {
  for (let version = 1; version < migrations.length; version++) {
    const name = freshName();
    const older = connectTo(name, { migrations: migrations.slice(0, version) });
    await older.write(['datasets'], async (transaction) => {
      await transaction.objectStore('datasets').put({ ...dataset });
    });
    older.close();
    const newest = connectTo(name);
    expect(await getDataset(newest, 'd1')).toEqual(dataset);
    const stores = await newest.read(async (connection) => [...connection.objectStoreNames].sort());
    const fresh = await connectTo(freshName()).read(async (connection) => [...connection.objectStoreNames].sort());
    expect(stores).toEqual(fresh);
  }
});

test('a newer database is refused, left as it is, and can be exported as it lies there', async () => {
  const name = freshName();
  await firstVersion(name);
  const newer = await openDB(name, migrations.length + 1, {
    upgrade: (made) => void made.createObjectStore('inventions'),
  });
  onTestFinished(() => newer.close());
  await newer.put('inventions', new Map([['size', 3]]), 'new');
  newer.close();

  await expect(listDatasets(connectTo(name))).rejects.toMatchObject({
    code: 'storage-version',
    message: expect.stringMatching(/newer version .* Nothing was changed/),
  });
  const exported: unknown = JSON.parse(await (await exportRaw(name)).text());
  expect(exported).toMatchObject({
    app: 'likeness',
    version: migrations.length + 1,
    stores: {
      datasets: [['d1', dataset]],
      files: [[['d1', 'a.jpg'], file]],
      runs: [[['d1', 'run'], { top1: 1 }]],
      heads: [[['d1', 'head'], { epochs: 7, weights: { type: 'Float32Array', base64: 'AAAAPw==' } }]],
      features: { leftOut: 1 },
      inventions: [['new', { type: 'Map', entries: [['size', 3]] }]],
    },
  });
  const untouched = await openDB(name);
  expect(untouched.version).toBe(migrations.length + 1);
  untouched.close();
});
