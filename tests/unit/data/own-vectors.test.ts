import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { expect, onTestFinished, test } from 'vitest';
import { readVectorTables } from '../../../src/data/own-vectors.ts';
import { encodeNpy } from '../../../src/exports/npy.ts';
import { parquetPieces } from '../../../src/exports/parquet.ts';

const names = ['a/1.jpg', 'a/2.jpg', 'b/ü.jpg'];
const matrix = Float32Array.from({ length: 12 }, (_, i) => i - 4.5);
const file = (name: string, ...content: BlobPart[]) => new File(content, name);
const npy = (name = 'mine.npy', data = matrix, shape: readonly number[] = [3, 4]) => file(name, encodeNpy(data, shape));

async function readAll(files: readonly File[]) {
  const tables = await readVectorTables(files);
  return Promise.all(
    tables.map(async (table) => {
      const values: number[] = [];
      for await (const block of table.blocks()) values.push(...block);
      const { name, split, dimensions } = table;
      return { name, split, dimensions, files: table.files, values };
    }),
  );
}

const expected = { name: 'mine', split: null, dimensions: 4, files: names, values: [...matrix] };

test.each([
  ['a JSON list', file('mine.json', JSON.stringify(names))],
  ['a line each', file('mine.txt', `${names.join('\r\n')}\r\n`)],
  ['a CSV with a title', file('mine.csv', `class,file\nx,${names.join('\ny,')}\n`)],
  ['a CSV without one', file('mine.csv', names.map((name) => `${name},x`).join('\n'))],
  ['the only other file', file('files of mine.json', JSON.stringify(names))],
])('rows of .npy are named by %s', async (_, named) => {
  expect(await readAll([npy(), named])).toEqual([expected]);
});

test('the app’s own export is read back, a split each', async () => {
  const files = ['query', 'gallery'].flatMap((split) => [
    npy(`resnet50.${split}.npy`),
    file(`resnet50.${split}.json`, JSON.stringify(names)),
  ]);
  expect(await readAll(files)).toEqual(['query', 'gallery'].map((split) => ({ ...expected, name: 'resnet50', split })));
});

test('the app’s own Parquet is read back, and DuckDB’s lists and arrays of either precision', async () => {
  const rows = names.map((path) => ({ path, split: 'gallery', class: null, hash: '0'.repeat(64) }));
  const pieces: BlobPart[] = [];
  const block = (async function* () {
    yield { rows, embeddings: matrix };
  })();
  for await (const piece of parquetPieces(block, {})) pieces.push(piece);
  expect(await readAll([file('mine.parquet', ...pieces)])).toEqual([expected]);

  const folder = await mkdtemp(join(tmpdir(), 'likeness-test-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  for (const type of ['FLOAT[]', 'DOUBLE[]', 'FLOAT[4]']) {
    const values = names.map(
      (name, i) => `('${name}', 7, ${JSON.stringify([...matrix.subarray(i * 4, i * 4 + 4)])}::${type})`,
    );
    const path = join(folder, `${type.length}.parquet`);
    await connection.run(
      `COPY (SELECT * FROM (VALUES ${values.join(', ')}) AS t(filename, label, vector)) TO '${path}' (FORMAT parquet)`,
    );
    const read = await readAll([file('mine.parquet', new Uint8Array(await readFile(path)))]);
    expect([type, read]).toEqual([type, [expected]]);
  }
  connection.closeSync();
  instance.closeSync();
});

test.each([
  ['no vectors', [file('mine.json', '[]')], 'There are no vectors in these files.'],
  ['no names', [npy()], 'has no names of images'],
  ['too few names', [npy(), file('mine.txt', 'a.jpg\nb.jpg')], '"mine.npy" has 3 rows, and "mine.txt" has 2 names.'],
  ['names that are none', [npy(), file('mine.json', '["a", 7, ""]')], 'Row 2 of "mine.json" has no name of an image.'],
  ['a list that is none', [npy(), file('mine.json', '{"files": []}')], 'is no list of file names'],
  ['names that are no JSON', [npy(), file('mine.json', '[')], 'is no JSON'],
  ['names that are no text', [npy(), file('mine.txt', new Uint8Array([0, 1, 2, 0xff]))], 'is no text'],
  ['a header alone', [file('mine.npy', npyHead()), file('mine.txt', 'a')], 'cannot be read'],
  ['other widths', [npy(), file('mine.txt', names.join('\n')), ...other()], 'are of two models'],
  ['a file that is no Parquet', [file('mine.parquet', 'PAR1 and nothing')], 'cannot be read as Parquet'],
  ['an empty Parquet', [file('mine.parquet')], 'cannot be read as Parquet'],
] as const)('%s: a sentence, and nothing is changed', async (_, files, sentence) => {
  const attempt = readAll(files);
  await expect(attempt).rejects.toMatchObject({ code: 'bad-argument', message: expect.stringContaining(sentence) });
  await expect(attempt).rejects.toThrow('Nothing was changed.');
});

function npyHead(): Uint8Array<ArrayBuffer> {
  return encodeNpy(matrix, [3, 4]).slice(0, 130);
}

function other(): File[] {
  return [npy('other.npy', matrix, [4, 3]), file('other.txt', 'a\nb\nc\nd')];
}

test('a Parquet file that is cut, or changed anywhere, is refused or read, and never anything else', async () => {
  const rows = names.map((path) => ({ path, split: 'gallery', class: null, hash: '0'.repeat(64) }));
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  const block = (async function* () {
    yield { rows, embeddings: matrix };
  })();
  for await (const piece of parquetPieces(block, {})) pieces.push(piece);
  const whole = new Uint8Array(await new Blob(pieces).arrayBuffer());
  for (let at = 0; at < whole.length; at += 3) {
    const changed = whole.slice();
    changed[at] = (changed[at] ?? 0) ^ 0x5a;
    for (const bytes of [changed, whole.slice(0, at)]) {
      const read = await readAll([file('mine.parquet', bytes)]).catch((error: unknown) => error);
      if (read instanceof Error) expect(read).toMatchObject({ code: 'bad-argument' });
    }
  }
});
