import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { expect, test } from 'vitest';
import { embedRows } from '../../../../scripts/gallery/embeddings.ts';
import { exportLabels, exportParquet } from '../../../../scripts/gallery/export.ts';
import { modelDigest } from '../../../../src/heads/model-digest.ts';
import { DIMENSIONS, emptyFolder, featuresOf, imagesNamed, MODEL, writeShard } from './written-features.ts';

const images = [
  ...imagesNamed(40),
  { path: "test/gallery/it's.jpg", split: 'gallery' as const, className: "ü'); DROP TABLE x; --" },
  { path: 'test/gallery/nobody.jpg', split: 'gallery' as const, className: null },
];

test('DuckDB reads every embedding with its path and class', async () => {
  const folder = await emptyFolder();
  for (const shard of [0, 1, 2]) await writeShard(folder, images, shard, 3);
  const file = join(folder, 'all.parquet');
  expect(await exportParquet(folder, 'colour-gradient', null, file)).toBe(images.length);

  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  const rowsOf = async (sql: string) => (await connection.runAndReadAll(sql)).getRowObjectsJson();
  const table = `read_parquet('${file}')`;
  const columns = await rowsOf(`DESCRIBE SELECT * FROM ${table}`);
  expect(columns.map(({ column_name, column_type }) => [column_name, column_type])).toEqual([
    ['path', 'VARCHAR'],
    ['split', 'VARCHAR'],
    ['class', 'VARCHAR'],
    ['hash', 'VARCHAR'],
    ['embedding', 'FLOAT[]'],
  ]);
  const rows = await rowsOf(`SELECT path, class, embedding FROM ${table}`);
  expect(new Map(rows.map((row) => [row['path'], row['class']]))).toEqual(
    new Map(images.map(({ path, className }) => [path, className])),
  );
  for (const { path, embedding } of rows) {
    const expected = await embedRows(null, featuresOf(String(path)), DIMENSIONS);
    expect(Float32Array.from(Array.isArray(embedding) ? embedding.map(Number) : [])).toEqual(expected);
  }
  const [nearest] = await rowsOf(
    `SELECT b.path, list_cosine_similarity(a.embedding, b.embedding) AS s FROM ${table} a, ${table} b
     WHERE a.path = 'test/gallery/nobody.jpg' ORDER BY s DESC LIMIT 1`,
  );
  expect(nearest).toMatchObject({ path: 'test/gallery/nobody.jpg', s: expect.closeTo(1, 5) });
  const [about] = await rowsOf(
    `SELECT decode(value) AS value FROM parquet_kv_metadata('${file}') WHERE decode(key) = 'likeness'`,
  );
  expect(JSON.parse(String(about?.['value']))).toMatchObject({
    architecture: 'colour-gradient',
    head: null,
    digest: await modelDigest(MODEL.features, null),
  });
  connection.closeSync();
  instance.closeSync();
});

test('labels of all shards are written for FiftyOne and as COCO', async () => {
  const folder = await emptyFolder();
  for (const shard of [0, 1]) await writeShard(folder, images, shard, 2);
  const file = join(folder, 'labels.json');
  expect(await exportLabels(folder, 'colour-gradient', 'fiftyone', file)).toBe(images.length);
  const { classes, labels } = JSON.parse(await readFile(file, 'utf8'));
  expect(Object.keys(labels)).toHaveLength(images.length);
  for (const { path, className } of images) {
    const code = labels[path.replace('.jpg', '')];
    expect(code === null ? null : classes[code]).toBe(className);
  }
  await exportLabels(folder, 'colour-gradient', 'coco', file);
  const coco = JSON.parse(await readFile(file, 'utf8'));
  expect([coco.images.length, coco.annotations.length]).toEqual([images.length, images.length - 1]);
});

test('writes no file where a part is missing', async () => {
  const folder = await emptyFolder();
  const shard = await writeShard(folder, images, 0, 1);
  await rm(join(shard, 'part-00003'), { recursive: true });
  await expect(exportParquet(folder, 'colour-gradient', null, join(folder, 'x.parquet'))).rejects.toThrow(
    'lacks part 3',
  );
  expect(await readdir(folder)).toEqual(['colour-gradient']);
});
