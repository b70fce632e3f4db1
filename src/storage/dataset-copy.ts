import type { TrainingResult } from '../heads/training.ts';
import type { CachedWeights, ScoredSplit } from '../types.ts';
import { eachInBatches, under } from './batches.ts';
import type { Database } from './database.ts';
import type { FeaturesRow } from './features.ts';
import type { StoredDataset, StoredFile, StoredNeighbours, StoredOutcomes, StoredThumbnail } from './schema.ts';

/** A run's queries one by one on one split, as they are stored. */
export interface JudgedRows {
  readonly outcomes: StoredOutcomes;
  readonly neighbours: StoredNeighbours;
}

export interface RunRows extends Readonly<Record<ScoredSplit, JudgedRows | null>> {
  readonly id: string;
  readonly run: unknown;
}

/** All of a data set that is stored under its own id and cannot be made of the rest. */
export interface DatasetRows {
  readonly dataset: StoredDataset;
  readonly files: readonly StoredFile[];
  readonly heads: readonly { readonly key: string; readonly result: TrainingResult }[];
  readonly runs: readonly RunRows[];
  /** Weights of its models. What was cached here before is known better than from a file, and stays. */
  readonly weights: readonly CachedWeights[];
}

/** The names of a data set's heads and runs. */
export function rowNames(database: Database, datasetId: string): Promise<{ heads: string[]; runs: string[] }> {
  return database.read(async (connection) => ({
    heads: (await connection.getAllKeys('heads', under(datasetId))).map(([, key]) => key),
    runs: (await connection.getAllKeys('runs', under(datasetId))).map(([, id]) => id),
  }));
}

export function getRunRows(database: Database, datasetId: string, id: string): Promise<RunRows> {
  return database.read(async (connection) => {
    const judged = async (split: ScoredSplit): Promise<JudgedRows | null> => {
      const outcomes = await connection.get('outcomes', [datasetId, id, split]);
      const neighbours = await connection.get('neighbours', [datasetId, id, split]);
      return outcomes && neighbours && outcomes.subject === neighbours.subject ? { outcomes, neighbours } : null;
    };
    const run = await connection.get('runs', [datasetId, id]);
    return { id, run, test: await judged('test'), validation: await judged('validation') };
  });
}

/** Writes a whole data set, or, when it fails, nothing of it. */
export function putDatasetRows(database: Database, rows: DatasetRows): Promise<void> {
  const { dataset, files, heads, runs, weights } = rows;
  const { id } = dataset;
  return database.write(
    ['datasets', 'files', 'heads', 'runs', 'outcomes', 'neighbours', 'weights'],
    async (transaction) => {
      await eachInBatches(files, (file) => transaction.objectStore('files').put(file));
      await eachInBatches(heads, ({ key, result }) => transaction.objectStore('heads').put(result, [id, key]));
      for (const { id: runId, run, ...judged } of runs) {
        await transaction.objectStore('runs').put(run, [id, runId]);
        for (const split of ['test', 'validation'] as const) {
          const of = judged[split];
          if (!of) continue;
          await transaction.objectStore('outcomes').put(of.outcomes, [id, runId, split]);
          await transaction.objectStore('neighbours').put(of.neighbours, [id, runId, split]);
        }
      }
      const known = transaction.objectStore('weights');
      await eachInBatches(weights, async (one) => {
        if ((await known.getKey(one.id)) === undefined) await known.put(one);
      });
      await transaction.objectStore('datasets').put(dataset);
    },
  );
}

/**
 * Adds features of images that have none, marked as those of this data set's file; what is here already was computed here, and
 * stays.
 */
export function addFeatures(
  database: Database,
  featuresKey: string,
  rows: readonly FeaturesRow[],
  datasetId: string,
): Promise<void> {
  return database.write(['features', 'imported'], (transaction) => {
    const store = transaction.objectStore('features');
    return eachInBatches(rows, async ({ hash, features }) => {
      if ((await store.getKey([featuresKey, hash])) !== undefined) return;
      await store.put(features, [featuresKey, hash]);
      await transaction.objectStore('imported').put(datasetId, [featuresKey, hash]);
    });
  });
}

/** Likewise. */
export function addThumbnails(
  database: Database,
  rows: readonly (StoredThumbnail & { readonly hash: string })[],
): Promise<void> {
  return database.write(['thumbnails'], (transaction) => {
    const store = transaction.objectStore('thumbnails');
    return eachInBatches(rows, async ({ hash, ...thumbnail }) => {
      if ((await store.getKey(hash)) === undefined) await store.put(thumbnail, hash);
    });
  });
}

export function getThumbnails(
  database: Database,
  hashes: readonly string[],
): Promise<(StoredThumbnail & { readonly hash: string })[]> {
  return database.read(async (connection) => {
    const { store } = connection.transaction('thumbnails');
    const found: (StoredThumbnail & { hash: string })[] = [];
    await eachInBatches(hashes, async (hash) => {
      const thumbnail = await store.get(hash);
      if (thumbnail) found.push({ hash, ...thumbnail });
    });
    return found;
  });
}

/** Number of features that rows of this key have; null where there are none. */
export async function featuresLength(database: Database, featuresKey: string): Promise<number | null> {
  const first = await database.read((connection) => connection.get('features', under(featuresKey)));
  return first?.length ?? null;
}
