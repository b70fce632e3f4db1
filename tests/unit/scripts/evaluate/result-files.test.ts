import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { LikenessPage } from '../../../../scripts/evaluate/likeness-page.ts';
import { rankingsPath, writeMatrix, writeRankings } from '../../../../scripts/evaluate/result-files.ts';
import { AppError } from '../../../../src/errors.ts';
import { decodeNpy } from '../../../decode-npy.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'likeness-test-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const run = { model: 'm', head: 'frozen', classifier: null, combine: null, seed: 0, rank: 'plain' } as const;
const rows = 1201;
const dimensions = 2048;

/** A page whose matrix has the value i at its i-th place; what is asked for beyond the bounds throws. */
function fakePage(lie?: (bytes: Buffer) => Buffer): LikenessPage {
  const notAsked = () => Promise.reject(new Error('Not asked for in this test.'));
  return {
    settle: notAsked,
    setRoles: () => Promise.reject(new Error('not asked')),
    setNameClasses: notAsked,
    setGroundTruth: notAsked,
    setEngine: notAsked,
    run: notAsked,
    best: notAsked,
    environment: notAsked,
    status: notAsked,
    rankings: async (_run, start, count) =>
      Array.from({ length: Math.min(count, rows - start) }, (_, i) => ({
        query: `${start + i}.jpg`,
        gallery: ['g.jpg'],
      })),
    matrix: async () => ({ files: Array.from({ length: rows }, (_, i) => `${i}.jpg`), dimensions }),
    partModel: notAsked,
    embedFiles: notAsked,
    partRows: notAsked,
    partThumbnails: notAsked,
    matrixRows: async (_source, start, count) => {
      if (start + count > rows) throw new RangeError('Beyond the last row.');
      const values = Float32Array.from({ length: count * dimensions }, (_, i) => start * dimensions + i);
      const bytes = Buffer.from(values.buffer);
      return (lie?.(bytes) ?? bytes).toString('base64');
    },
  };
}

test('writes a matrix that comes in several pieces, and the names of its rows', async () => {
  await writeMatrix(fakePage(), { kind: 'features', backbone: 'resnet50', split: 'query' }, folder, 'm.query');
  const { shape, data } = decodeNpy(readFileSync(join(folder, 'm.query.npy')));
  expect(shape).toEqual([rows, dimensions]);
  expect(data.every((value, i) => value === i)).toBe(true);
  const names: unknown = JSON.parse(readFileSync(join(folder, 'm.query.json'), 'utf8'));
  expect(names).toEqual(Array.from({ length: rows }, (_, i) => `${i}.jpg`));
  expect(readdirSync(folder)).toHaveLength(2);
});

test('leaves no half file behind when rows are missing', async () => {
  const short = fakePage((bytes) => bytes.subarray(4));
  await expect(writeMatrix(short, { kind: 'embeddings', run, split: 'query' }, folder, 'm')).rejects.toThrow(AppError);
  expect(readdirSync(folder)).toEqual([]);
});

test('writes the rankings of all queries, also of more than are fetched at a time', async () => {
  await writeRankings(fakePage(), run, join(folder, 'rankings.json'));
  const rankings: unknown = JSON.parse(readFileSync(join(folder, 'rankings.json'), 'utf8'));
  expect(Object.keys(rankings ?? {})).toHaveLength(rows);
  expect(rankings).toMatchObject({ '0.jpg': ['g.jpg'], '1200.jpg': ['g.jpg'] });
});

test('several runs get a file of rankings each', () => {
  expect(rankingsPath('/x/rankings.json', 'resnet50.frozen', 1)).toBe('/x/rankings.json');
  expect(rankingsPath('/x/rankings.json', 'resnet50.frozen', 2)).toBe(join('/x', 'rankings.resnet50.frozen.json'));
});
