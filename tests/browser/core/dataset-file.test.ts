import * as v from 'valibot';
import { expect, test } from 'vitest';
import { readDatasetFile } from '../../../src/core/dataset-file/read.ts';
import { writeDatasetFile } from '../../../src/core/dataset-file/write.ts';
import { checkImported } from '../../../src/core/embed.ts';
import type { ReadImage } from '../../../src/core/run.ts';
import { storedRunSchema } from '../../../src/core/run-choice.ts';
import { NO_CHOICES } from '../../../src/data/choices.ts';
import { listZip } from '../../../src/data/zip.ts';
import { pack, unpack } from '../../../src/exports/packed.ts';
import { createArchive } from '../../../src/exports/zip.ts';
import { defaultRecipe } from '../../../src/heads/recipe.ts';
import type { Database } from '../../../src/storage/database.ts';
import { putDatasetRows } from '../../../src/storage/dataset-copy.ts';
import { getDataset, putDataset } from '../../../src/storage/datasets.ts';
import { getFeatures, putFeatures, rememberWeights } from '../../../src/storage/features.ts';
import { importedFeatures, usableHashes } from '../../../src/storage/imported.ts';
import { putThumbnails } from '../../../src/storage/pictures.ts';
import type { StoredDataset } from '../../../src/storage/schema.ts';
import { fakeHashes, freshDatabase } from '../storage/fresh-database.ts';
import { contextOver } from './context.ts';

const ID = '0123456789abcdef';
const SHA = 'ab'.repeat(32);
const KEY = `vit_tiny_patch16_224@${SHA}/224/0.875/bilinear/0,0,0/1,1,1`;
const COUNT = 7;
const DIMENSIONS = 192;
const hashes = fakeHashes(COUNT);

/** All kinds of decisions, as they are stored. */
const { roles: _, ...undecided } = NO_CHOICES;
const dataset: StoredDataset = {
  id: ID,
  name: 'Fruit <b>“2”</b> __proto__',
  createdAt: 1,
  images: COUNT,
  emptyFolders: ['fruit/empty'],
  sourceProblems: [{ kind: 'archive', severity: 'skipped', path: 'x', reason: 'It is a link.', action: 'skipped' }],
  roles: [['fruit/a', 'gallery']],
  choices: { ...undecided, classesByHand: [['fruit/a/1', 'a']], clusteredBy: [['fruit/a/1', 'ResNet-50, frozen']] },
  groundTruth: { name: 'truth.csv', text: 'split,file,class' },
};
const head = {
  dimensions: DIMENSIONS,
  projection: Float32Array.from({ length: 512 * DIMENSIONS }, (_, i) => Math.sin(i)),
  bias: new Float32Array(512).fill(0.25),
  classifier: { weight: Float32Array.from({ length: 512 * 2 }, (_, i) => Math.cos(i)), bias: new Float32Array() },
};
const judged = {
  outcomes: {
    subject: 's',
    queries: Int32Array.of(0, 2),
    relevant: Int32Array.of(1, 0),
    firstHitRank: Int32Array.of(1, 0),
    apAtR: Float64Array.of(1, 0),
  },
  neighbours: {
    subject: 's',
    k: 2,
    rows: Int32Array.of(1, 3, 0, -1),
    similarities: Float32Array.of(0.9, 0.5, 0.1, -Infinity),
  },
};

/** What the queries above give. */
const run = v.parse(storedRunSchema, {
  subject: 's',
  madeAt: 5,
  choice: {
    members: [{ weightsId: 'resnet50.tv_in1k', head: 'frozen' }],
    combine: null,
    recipe: defaultRecipe('cosine'),
    loaded: null,
  },
  imagesPerSecond: 3,
  colour: 1,
  result: {
    ...{ model: 'resnet50', head: 'frozen', classifier: null, combine: null, seed: 0, weights: ['resnet50.tv_in1k'] },
    test: { queries: 1, skipped: 1, topk: { 1: 1, 10: 1 }, mapAtR: 1, mrr: 1 },
    validation: null,
    training: null,
    timing: { extractMs: 1, imagesPerSecond: null, trainMs: 0, indexBuildMs: 0, queryMsP50: 1 },
  },
});

/** A data set with everything that there is of one, and an image of another whose features are not its own. */
async function filled(): Promise<Database> {
  const database = freshDatabase();
  const files = hashes.map((hash, i) => ({
    datasetId: ID,
    path: `fruit/a/${i}.jpg`,
    bytes: i === 0 ? null : 100 + i,
    outcome: { ok: true as const, hash, width: 30, height: 20 },
  }));
  const broken = { ok: false as const, kind: 'undecodable' as const, reason: 'It is cut off.' };
  await putDatasetRows(database, {
    dataset,
    files: [...files, { datasetId: ID, path: 'fruit/a/broken.jpg', bytes: 3, outcome: broken }],
    heads: [
      {
        key: 'h',
        result: {
          heads: [head],
          fitHeads: [head],
          refit: true,
          split: { fit: Int32Array.of(0, 1), gallery: Int32Array.of(2), query: Int32Array.of(3), undividedClasses: [] },
          epochs: 3,
          bestEpoch: 2,
          bestValidationLoss: 0.5,
          ended: 'patience',
          history: [
            {
              phase: 'fit',
              epoch: 1,
              epochs: 9,
              loss: 1,
              accuracy: 0.5,
              validation: null,
              best: true,
              milliseconds: 4,
            },
          ],
        },
      },
    ],
    runs: [{ id: 'r', run, test: judged, validation: null }],
    weights: [],
  });
  const row = (hash: string, i: number) => ({
    hash,
    features: Float32Array.from({ length: DIMENSIONS }, (_, d) => Math.cos(i * 7 + d)),
  });
  await putFeatures(database, KEY, [...hashes, 'f'.repeat(64)].map(row));
  await putThumbnails(
    database,
    hashes.map((hash, i) => ({ hash, blob: new Blob([`jpeg ${i}`], { type: 'image/jpeg' }), width: 3, height: 2 })),
  );
  await rememberWeights(database, {
    id: 'resnet50.tv_in1k',
    architecture: 'resnet50',
    bytes: 5,
    sha256: SHA,
    preprocessing: { size: 224, cropPct: 0.875, interpolation: 'bilinear', mean: [0, 0, 0], std: [1, 1, 1] },
    from: 'somewhere',
    cachedAt: 3,
  });
  return database;
}

const STORES = [
  'datasets',
  'files',
  'thumbnails',
  'features',
  'heads',
  'runs',
  'outcomes',
  'neighbours',
  'weights',
] as const;

/** Every row of every store, by key. */
function everything(database: Database): Promise<Record<string, [unknown, unknown][]>> {
  return database.read(async (connection) => {
    const all: Record<string, [unknown, unknown][]> = {};
    for (const store of STORES) {
      const [keys, values] = [await connection.getAllKeys(store), await connection.getAll(store)];
      all[store] = keys.map((key, i) => [key, values[i]]);
    }
    return all;
  });
}

const quiet = { signal: new AbortController().signal, onProgress: () => {} };
const reading = quiet;
const asFile = (blob: Blob) => new File([blob], 'fruit.likeness.zip');
const written = async (database: Database) => asFile(await writeDatasetFile(database, ID, quiet));

/** The file with some entries replaced; null leaves one out. */
async function tampered(file: File, changes: Readonly<Record<string, Blob | string | null>>): Promise<File> {
  const archive = await createArchive(new Date(0), quiet.signal);
  const { files } = await listZip(file, file.name, quiet);
  const names = new Set([...files.map(({ path }) => path), ...Object.keys(changes)]);
  for (const name of names) {
    const change = changes[name];
    if (change === null) continue;
    await archive.add(name, change ?? (await files.find(({ path }) => path === name)?.open()) ?? '');
  }
  return asFile(await archive.finish());
}

const inFolder = (name: string) => `likeness data set/${name}`;

async function manifestOf(file: File) {
  const { files } = await listZip(file, file.name, quiet);
  const blob = await files.find(({ path }) => path.endsWith('manifest.json'))?.open();
  return JSON.parse((await blob?.text()) ?? '');
}

/** The piece of that kind, changed. */
async function withPiece(file: File, kind: string, change: (value: never) => unknown): Promise<File> {
  const { pieces } = await manifestOf(file);
  const { name } = pieces.find((piece: { kind: string }) => piece.kind === kind);
  const { files } = await listZip(file, file.name, quiet);
  const blob = await files.find(({ path }) => path === inFolder(name))?.open();
  const value = unpack((await blob?.arrayBuffer()) ?? new ArrayBuffer(0));
  return tampered(file, { [inFolder(name)]: pack(change(value as never)) });
}

test('a data set is in another browser as it was in this one, byte for byte', async () => {
  const from = await filled();
  const progress: number[] = [];
  const file = asFile(
    await writeDatasetFile(from, ID, { ...quiet, onProgress: ({ done, total }) => progress.push(done / total) }),
  );
  expect(progress.at(-1)).toBe(1);
  const to = freshDatabase();
  expect(await readDatasetFile(to, file, reading)).toBe(ID);
  const before = await everything(from);
  // What is not of this data set's images stays where it is.
  before['features'] = before['features']?.filter(([key]) => !String(key).includes('ffffffff')) ?? [];
  expect(before['features']).toHaveLength(COUNT);
  expect(await everything(to)).toEqual(before);
});

test('features at other sizes and of mirror images come along, and serve the same variants in the other browser', async () => {
  const from = await filled();
  // Its authors name another crop for 288 pixels: without that, the variant there would be another one.
  await rememberWeights(from, {
    id: 'resnet50.tv_in1k',
    architecture: 'resnet50',
    bytes: 5,
    sha256: SHA,
    preprocessing: { size: 224, cropPct: 0.875, interpolation: 'bilinear', mean: [0, 0, 0], std: [1, 1, 1] },
    sizes: [{ size: 288, cropPct: 0.95 }],
    from: 'somewhere',
    cachedAt: 3,
  });
  const ids = ['', '@flip', '@288', '@288-flip', '@256-flip'].map((variant) => `resnet50.tv_in1k${variant}`);
  const keysIn = async (database: Database) => {
    const { weights } = contextOver(database);
    await weights.load();
    return ids.map((id) => {
      const found = weights.find(id) ?? expect.fail(`${id} is not known`);
      return (weights.usable(found) ?? expect.fail(`${id} is not usable`)).featuresKey;
    });
  };
  const keys = await keysIn(from);
  expect(new Set(keys).size).toBe(ids.length);
  const rowsOf = (variant: number) =>
    hashes.map((hash, i) => ({
      hash,
      features: Float32Array.from({ length: 2048 }, (_, d) => Math.cos(1000 * variant + 7 * i + d)),
    }));
  for (const [variant, key] of keys.entries()) await putFeatures(from, key, rowsOf(variant));

  const to = freshDatabase();
  await readDatasetFile(to, await written(from), reading);
  expect(await keysIn(to)).toEqual(keys);
  for (const [variant, key] of keys.entries()) {
    expect(await usableHashes(to, key, ID)).toEqual(new Set(hashes));
    const { matrix, missing } = await getFeatures(to, key, hashes, 2048);
    expect(missing).toEqual([]);
    expect(matrix).toEqual(Float32Array.from(rowsOf(variant).flatMap(({ features }) => [...features])));
  }
});

test('what is here already stays: the data set is not written over, nor features and weights of the same name', async () => {
  const file = await written(await filled());
  const again = await filled();
  await expect(readDatasetFile(again, file, reading)).rejects.toMatchObject({ code: 'dataset-unusable' });

  const other = freshDatabase();
  const own = Float32Array.from({ length: DIMENSIONS }, () => 0.5);
  await putDataset(other, { ...dataset, id: 'f'.repeat(16) });
  await putFeatures(other, KEY, [{ hash: hashes[0] ?? '', features: own }]);
  await readDatasetFile(other, file, reading);
  const features = (await everything(other))['features'] ?? [];
  expect(features).toHaveLength(COUNT);
  expect(features.find(([key]) => String(key).includes(hashes[0] ?? '?'))?.[1]).toEqual(own);
});

test('cancelled in its middle, or with no room at its end, it leaves nothing', async () => {
  const file = await written(await filled());
  const empty = await everything(freshDatabase());
  const controller = new AbortController();
  const database = freshDatabase();
  let seen = 0;
  const onProgress = () => {
    seen++;
    if (seen === 3) controller.abort();
  };
  await expect(
    readDatasetFile(database, file, { ...reading, signal: controller.signal, onProgress }),
  ).rejects.toMatchObject({
    code: 'aborted',
  });
  expect(seen).toBe(3);
  expect(await everything(database)).toEqual(empty);

  const full = freshDatabase();
  const write = full.write.bind(full);
  const refusing: Database = Object.create(full, {
    write: {
      value: (stores: never, work: never) =>
        (stores as string[]).includes('datasets') ? Promise.reject(new Error('no room')) : write(stores, work),
    },
  });
  await expect(readDatasetFile(refusing, file, reading)).rejects.toThrow('no room');
  expect(await everything(full)).toEqual(empty);
});

test('a hostile or damaged file is refused with the reason, and leaves nothing', async () => {
  const file = await written(await filled());
  const manifest = await manifestOf(file);
  const manifested = (change: object) =>
    tampered(file, { [inFolder('manifest.json')]: JSON.stringify({ ...manifest, ...change }) });
  const [first] = manifest.pieces;
  type Rows = { path: string; outcome: unknown }[];
  type Features = { matrix: Float32Array; hashes: string[]; dimensions: number };
  const refused: readonly (readonly [what: string, file: File | Promise<File>, reason: RegExp])[] = [
    ['no archive', new File(['hello'], 'x.likeness.zip'), /not a whole ZIP archive/],
    ['cut off', asFile(file.slice(0, file.size / 2)), /not a whole ZIP archive/],
    ['photos', tampered(file, { [inFolder('manifest.json')]: null }), /has no manifest/],
    ['another manifest', tampered(file, { [inFolder('manifest.json')]: '{}' }), /not that of a data set/],
    ['a newer version', manifested({ version: 2 }), /version 2, and this page reads version 1/],
    ['a name that leads out', tampered(file, { '../evil.txt': 'x' }), /leads out of the archive/],
    ['another id', manifested({ dataset: { ...manifest.dataset, id: '../../x' } }), /manifest is damaged/],
    ['an unknown field', manifested({ dataset: { ...manifest.dataset, handles: [] } }), /manifest is damaged/],
    ['a piece elsewhere', manifested({ pieces: [{ ...first, name: '../x' }] }), /manifest is damaged/],
    ['a piece twice', manifested({ pieces: [first, first] }), /named twice/],
    ['a piece missing', tampered(file, { [inFolder(first.name)]: null }), /lacks the part pieces\/000000\.bin/],
    ['no pieces', manifested({ pieces: [] }), /list of images is not whole/],
    ['bytes', tampered(file, { [inFolder(first.name)]: 'not packed at all' }), /is damaged/],
    ['an image twice', withPiece(file, 'files', (rows: Rows) => [...rows, ...rows]), /lists an image twice/],
    [
      'a file without a name',
      withPiece(file, 'files', (rows: Rows) => rows.map((row) => ({ ...row, path: '' }))),
      /damaged/,
    ],
    [
      'rows too short',
      withPiece(file, 'features', (part: Features) => ({ ...part, matrix: part.matrix.slice(1) })),
      /rows of another length/,
    ],
    [
      'no numbers',
      withPiece(file, 'features', (part: Features) => ({ ...part, matrix: part.matrix.fill(Number.NaN) })),
      /not finite/,
    ],
    [
      'others’ features',
      withPiece(file, 'features', (part: Features) => ({ ...part, hashes: fakeHashes(99).slice(-COUNT) })),
      /not in its list/,
    ],
    [
      'a page as a picture',
      withPiece(file, 'thumbnails', (rows: object[]) => rows.map((row) => ({ ...row, type: 'text/html' }))),
      /damaged/,
    ],
    [
      'a head of another shape',
      withPiece(file, 'head', ({ key, result }: { key: string; result: { heads: object[] } }) => ({
        key,
        result: { ...result, heads: [{ ...head, bias: new Float32Array(3) }] },
      })),
      /another shape/,
    ],
    [
      'neighbours of others',
      withPiece(file, 'run', (run: object) => ({
        ...run,
        test: { ...judged, neighbours: { ...judged.neighbours, k: 1 } },
      })),
      /neighbours of other queries/,
    ],
  ];
  const { outcomes, neighbours } = judged;
  const scores = run.result.test;
  const withRun = (change: { result?: object; test?: object; madeAt?: number }) =>
    withPiece(file, 'run', (piece: object) => ({
      ...piece,
      run: {
        ...run,
        ...(change.madeAt === undefined ? {} : { madeAt: change.madeAt }),
        result: { ...run.result, test: { ...scores, ci95: undefined, ...change.result } },
      },
      test: { outcomes, neighbours, ...change.test },
    }));
  const tooMuch = { topk: { 1: -3, 10: 1 } };
  const forged: readonly (readonly [what: string, file: Promise<File>, reason: RegExp])[] = [
    ['a share below 0', withRun({ result: tooMuch }), /a share that is none/],
    ['a share above 1', withRun({ result: { mrr: 7 } }), /a share that is none/],
    ['a k that is none', withRun({ result: { topk: { 1: 1, 1e9: 1 } } }), /a k that is none/],
    ['other figures than its queries’', withRun({ result: { topk: { 1: 0.5, 10: 1 } } }), /its queries do not give/],
    ['figures of other queries', withRun({ result: { queries: 2, skipped: 0 } }), /of other queries than its own/],
    ['more queries than images', withRun({ result: { queries: 1e9 } }), /more queries than images/],
    ['a time before all times', withRun({ madeAt: -5 }), /a time that cannot be/],
    [
      'an unknown metric',
      withRun({ result: { metrics: { fame: { value: 1, interval: null, macro: null } } } }),
      /a metric that there is not/,
    ],
    [
      'an interval upside down',
      withRun({ result: { metrics: { top10: { value: 1, interval: [1, 0], macro: null } } } }),
      /values of top10/,
    ],
    [
      'a neighbour that there is not',
      withRun({ test: { neighbours: { ...neighbours, rows: Int32Array.of(1, 99, 0, -1) } } }),
      /a neighbour that there is not/,
    ],
    [
      'a similarity of 7',
      withRun({ test: { neighbours: { ...neighbours, similarities: Float32Array.of(7, 0.5, 0.1, -Infinity) } } }),
      /no cosine/,
    ],
    [
      'a precision of −300',
      withRun({ test: { outcomes: { ...outcomes, apAtR: Float64Array.of(-300, 0) } } }),
      /a precision that is no share/,
    ],
    [
      'a head of images that there are not',
      withPiece(file, 'head', ({ key, result }: { key: string; result: { split: object } }) => ({
        key,
        result: { ...result, split: { ...result.split, fit: Int32Array.of(0, 2e9) } },
      })),
      /not in its list/,
    ],
    [
      'zeros',
      withPiece(file, 'features', (part: Features) => ({ ...part, matrix: part.matrix.fill(0) })),
      /rows of zeros/,
    ],
    [
      'rows of a length that would take gigabytes',
      withPiece(file, 'features', (part: Features) => ({
        ...part,
        dimensions: 65_536,
        hashes: [],
        matrix: new Float32Array(),
      })),
      /damaged/,
    ],
  ];
  const empty = await everything(freshDatabase());
  for (const [what, made, reason] of [...refused, ...forged]) {
    const database = freshDatabase();
    const outcome = await readDatasetFile(database, await made, reading).then(
      () => 'imported',
      (error: Error) => error.message,
    );
    expect([what, outcome]).toEqual([what, expect.stringMatching(reason)]);
    expect([what, await everything(database)]).toEqual([what, empty]);
    expect(await getDataset(database, ID)).toBeNull();
  }
});

test('features of a file are used for its own data set alone, until a sample is computed again', async () => {
  const file = await written(await filled());
  const usable = { featuresKey: KEY, weights: { features: DIMENSIONS, label: 'ViT' } };
  const record = (hash: string): ReadImage => ({
    ...{ hash, datasetId: 'other', path: hash, split: 'gallery', file: hash, className: null },
    ...{ bytes: 1, width: 1, height: 1 },
  });
  const images = new Map(hashes.map((hash) => [hash, record(hash)]));
  for (const factor of [1, -1]) {
    const database = freshDatabase();
    await readDatasetFile(database, file, reading);
    expect(await usableHashes(database, KEY, ID)).toEqual(new Set(hashes));
    expect(await usableHashes(database, KEY, 'other')).toEqual(new Set());
    const computed: string[] = [];
    await checkImported(
      database,
      usable,
      images,
      async (some) => {
        computed.push(...some.map(({ hash }) => hash));
        const { matrix } = await getFeatures(
          database,
          KEY,
          some.map(({ hash }) => hash),
          DIMENSIONS,
        );
        const rows = some.map(({ hash }, i) => ({
          hash,
          features: matrix.slice(i * DIMENSIONS, (i + 1) * DIMENSIONS).map((value) => factor * value),
        }));
        await putFeatures(database, KEY, rows.slice(0, 3));
      },
      { stage: () => {} },
    );
    expect(computed).toHaveLength(COUNT);
    expect(await importedFeatures(database, KEY)).toEqual([]);
    // Equal: all of them count as computed here. Others: none is left but those that were computed here.
    expect((await usableHashes(database, KEY, 'other')).size).toBe(factor === 1 ? COUNT : 3);
  }
});
