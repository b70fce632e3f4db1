import * as v from 'valibot';
import { readDatasetFile } from '../../src/core/dataset-file/read.ts';
import { storedRunSchema } from '../../src/core/run-choice.ts';
import { defaultRecipe } from '../../src/heads/recipe.ts';
import { COLOUR_GRADIENT } from '../../src/models/colour-gradient.ts';
import { openDatabase } from '../../src/storage/database.ts';
import { getFiles } from '../../src/storage/datasets.ts';
import { getFeatures, listFeaturesKeys, storedHashes } from '../../src/storage/features.ts';
import { installMemory } from '../../src/storage/open-connection.ts';
import { getRuns } from '../../src/storage/runs.ts';
import { type DatasetParts, forgedDataset } from './forged.ts';
import type { Target } from './readers.ts';

/** As a browser keeps it, in memory. */
await installMemory();

const ID = '0123456789abcdef';
const IMAGES = 6;
const DIMENSIONS = COLOUR_GRADIENT.features;
const { size, cropPct, interpolation, mean, std } = COLOUR_GRADIENT.preprocessing;
const KEY = `colour-gradient@1/${size}/${cropPct}/${interpolation}/${mean}/${std}`;
const hashes = Array.from({ length: IMAGES }, (_, at) => at.toString(16).repeat(64));
const wave = (length: number, by: number) => Float32Array.from({ length }, (_, at) => 1.5 + Math.sin(at * by));

const outcomes = {
  subject: 's',
  queries: Int32Array.of(0, 2),
  relevant: Int32Array.of(1, 0),
  firstHitRank: Int32Array.of(1, 0),
  apAtR: Float64Array.of(1, 0),
  rPrecision: Float64Array.of(1, 0),
};
const neighbours = {
  subject: 's',
  k: 2,
  rows: Int32Array.of(1, 3, 0, -1),
  similarities: Float32Array.of(0.9, 0.5, 0.1, Number.NEGATIVE_INFINITY),
};
const run = v.parse(storedRunSchema, {
  subject: 's',
  madeAt: 5,
  choice: {
    members: [{ weightsId: 'colour-gradient', head: 'frozen' }],
    combine: null,
    recipe: defaultRecipe('cosine'),
    loaded: null,
  },
  imagesPerSecond: 3,
  colour: 1,
  result: {
    ...{
      model: 'colour-gradient',
      head: 'frozen',
      classifier: null,
      combine: null,
      seed: 0,
      weights: ['colour-gradient'],
    },
    test: { queries: 1, skipped: 1, topk: { 1: 1, 10: 1 }, mapAtR: 1, mrr: 1 },
    validation: null,
    training: null,
    timing: { extractMs: 1, imagesPerSecond: null, trainMs: 0, indexBuildMs: 0, queryMsP50: 1 },
  },
});
// Small: what a number means does not hang on how many there are.
const head = {
  dimensions: 2,
  projection: wave(512 * 2, 1),
  bias: wave(512, 2),
  classifier: { weight: wave(512 * 2, 3), bias: new Float32Array() },
};

const pieces: readonly (readonly [kind: string, value: unknown])[] = [
  [
    'files',
    hashes.map((hash, at) => ({
      path: `set/gallery/a/${at}.jpg`,
      bytes: at === 0 ? null : 100 + at,
      outcome:
        at < 5
          ? { ok: true, hash, width: 30, height: 20 }
          : { ok: false, kind: 'undecodable', reason: 'It is cut off.' },
    })),
  ],
  [
    'thumbnails',
    hashes
      .slice(0, 2)
      .map((hash) => ({ hash, type: 'image/webp', width: 3, height: 2, bytes: Uint8Array.of(1, 2, 3) })),
  ],
  ['features', { key: KEY, dimensions: DIMENSIONS, hashes: hashes.slice(0, 5), matrix: wave(5 * DIMENSIONS, 0.7) }],
  [
    'head',
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
          { phase: 'fit', epoch: 1, epochs: 9, loss: 1, accuracy: 0.5, validation: null, best: true, milliseconds: 4 },
        ],
      },
    },
  ],
  ['run', { id: 'r', run, test: { outcomes, neighbours }, validation: null }],
];
const parts: DatasetParts = {
  manifest: {
    ...{ format: 'likeness-dataset', version: 1, writtenAt: '2026-01-01T00:00:00.000Z' },
    dataset: {
      ...{ id: ID, name: 'set', createdAt: 1, images: IMAGES, emptyFolders: ['set/empty'] },
      sourceProblems: [{ kind: 'archive', severity: 'skipped', path: 'x', reason: 'It is a link.', action: 'skipped' }],
      roles: [['set/gallery', 'gallery']],
      choices: {
        namesAsClasses: [],
        mergedClasses: [['a', 'b']],
        classesByHand: [['set/gallery/a/0.jpg', 'c']],
        excluded: [],
      },
      groundTruth: { name: 'truth.csv', text: 'split,file,class\ngallery,0.jpg,c\n' },
    },
    weights: [],
    pieces: pieces.map(([kind], at) => ({ kind, name: `pieces/${String(at).padStart(6, '0')}.bin` })),
  },
  pieces: pieces.map(([, value]) => value),
};

function must(holds: boolean, what: string): void {
  if (!holds) throw new Error(`Let through: ${what}.`);
}

const isShare = (value: number) => value >= 0 && value <= 1 + 1e-6;
let opened = 0;

/** Whole files with forged numbers: what is taken is bounded and agrees with itself, and what is refused leaves nothing behind. */
export const datasetFile: Target = {
  name: 'data-set file',
  codes: ['archive-refused'],
  make: (random) => forgedDataset(parts, random),
  async read(bytes) {
    const name = `fuzz ${opened++}`;
    const database = openDatabase(name);
    try {
      const options = { signal: new AbortController().signal, onProgress: () => {} };
      const id = await readDatasetFile(database, new File([bytes], 'set.zip'), options).catch(
        async (error: unknown) => {
          must((await listFeaturesKeys(database)).length === 0, 'features of a file that was refused');
          throw error;
        },
      );
      const files = await getFiles(database, id);
      must(files.length > 0 && new Set(files.map(({ path }) => path)).size === files.length, 'an image twice');
      for (const key of await listFeaturesKeys(database)) {
        const stored = [...(await storedHashes(database, key))];
        const { matrix } = await getFeatures(database, key, stored, DIMENSIONS);
        must(matrix.every(Number.isFinite), 'features that are not finite');
      }
      for (const { result } of (await getRuns(database, id, storedRunSchema)).values()) {
        for (const scores of [result.test, result.validation]) {
          if (!scores) continue;
          must([scores.mapAtR, scores.mrr, ...Object.values(scores.topk)].every(isShare), 'a share that is none');
          must(scores.queries <= files.length, 'more queries than images');
        }
      }
    } finally {
      database.close();
      indexedDB.deleteDatabase(name);
    }
  },
};
