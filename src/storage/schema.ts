import type { DBSchema, IDBPDatabase, IDBPTransaction, StoreNames } from 'idb';
import type { Choices } from '../data/choices.ts';
import type { FileMark } from '../data/file-bytes.ts';
import type { GroundTruth } from '../data/ground-truth.ts';
import type { Checkpoint, TrainingResult } from '../heads/training.ts';
import type { CachedWeights, Dataset, Problem, QueryNeighbours, QueryOutcomes, ScoredSplit, Split } from '../types.ts';

/** A data set as it is kept: what was found, and what the user said about it. Its images follow from these and its files. */
export interface StoredDataset extends Pick<Dataset, 'id' | 'name' | 'createdAt' | 'demo'> {
  /** Number of images, for lists of data sets. */
  readonly images: number;
  /** Folders without any image. */
  readonly emptyFolders: readonly string[];
  /** What was found wrong while listing. */
  readonly sourceProblems: readonly Problem[];
  /** Roles that the user gave by hand, by folder. */
  readonly roles: Choices['roles'];
  /** What else the user decided. */
  readonly choices?: Pick<Choices, 'namesAsClasses' | 'mergedClasses' | 'classesByHand'> &
    Partial<Omit<Choices, 'roles'>>;
  /** Where the browser gave handles: with them the files can be read again after a reload. */
  readonly handles?: readonly FileSystemHandle[];
  readonly groundTruth: StoredGroundTruth | null;
}

/** Labels from a file (or several, by `name` for people). */
export type StoredGroundTruth = {
  readonly name: string;
  /** The user added it: it counts, whatever lies in the folder when that is dropped again. */
  readonly byHand?: true;
} & (
  | { readonly labels: GroundTruth }
  // As it comes in a data set's file, and as earlier versions stored it: read once, then stored as labels.
  | { readonly text: string }
);

/** One file that may be an image, whatever role its folder has, and what happened to it when it was read. */
export interface StoredFile {
  readonly datasetId: string;
  readonly path: string;
  /** Null where the browser tells the size only with the contents, and they were not read yet. */
  readonly bytes: number | null;
  /** Mark of the file that was read: one that differs is read again. Missing where an earlier version read it. */
  readonly mark?: FileMark;
  /** Null until the file has been read. */
  readonly outcome:
    | { readonly ok: true; readonly hash: string; readonly width: number; readonly height: number }
    | { readonly ok: false; readonly kind: 'undecodable' | 'empty-file' | 'unreadable'; readonly reason: string }
    | null;
}

export interface StoredThumbnail {
  /** Bytes and not a Blob: browsers write every Blob to a file of its own, which is slow for thousands of small ones. */
  readonly bytes: ArrayBuffer;
  readonly type: string;
  readonly width: number;
  readonly height: number;
}

/** A run's queries one by one on one split, and the images and labels that the positions count. */
export interface JudgedRun {
  readonly subject: string;
  readonly outcomes: QueryOutcomes;
  readonly neighbours: QueryNeighbours;
}

/** What one matrix of embeddings was made from; its rows lie in `embeddingRows`. */
export interface StoredEmbeddings {
  /** Digest of the images' hashes in row order: another digest, another matrix. */
  readonly digest: string;
  readonly dimensions: number;
  readonly rows: number;
}

/** A built HNSW index as bytes. It knows of which vectors it is, and is not believed where it is read. */
export interface StoredIndex {
  /** As of the embeddings. */
  readonly digest: string;
  readonly bytes: ArrayBuffer;
}

/** 8-bit codes of one block of embeddings (search/codes/held-codes.ts). They know of which rows they are, and are not believed where they are read. */
export interface StoredCodes {
  /** As of the embeddings. */
  readonly digest: string;
  /** A file, as large blocks of embeddings are: what the search worker reads need not pass through the page. */
  readonly file: Blob;
}

/** An image from outside a data set that was searched with. */
export interface StoredQuery {
  readonly hash: string;
  readonly name: string;
  readonly blob: Blob;
  /** Milliseconds since the epoch. */
  readonly addedAt: number;
}

/** One job that the user started, and how far it came: written when it starts, at every stage, and when it ends. */
export interface StoredEntry {
  /** The job, in the words of app/jobs/jobs.ts, which also checks it. */
  readonly task: unknown;
  /** `begun` and `begunAt` are stored names, which users' databases hold. A started job that no tab works on was interrupted. */
  readonly state: 'begun' | 'finished' | 'cancelled' | 'failed';
  /** The name that the screen gave to what was being done. */
  readonly stage: string;
  /** Written every few seconds: what storage holds is the truth, this is for the user. */
  readonly progress: { readonly done: number; readonly total: number; readonly unit: string } | null;
  /** Milliseconds since the epoch. */
  readonly begunAt: number;
  readonly changedAt: number;
}

/** `subject` names the images and labels that the positions count: with other ones they mean nothing. */
export type StoredOutcomes = QueryOutcomes & { readonly subject: string };
export type StoredNeighbours = QueryNeighbours & { readonly subject: string };

export interface Schema extends DBSchema {
  datasets: { key: string; value: StoredDataset };
  files: { key: [datasetId: string, path: string]; value: StoredFile };
  thumbnails: { key: string; value: StoredThumbnail };
  features: { key: [featuresKey: string, hash: string]; value: Float32Array<ArrayBuffer> };
  /** Which of the features came in the file of which data set, and were not checked yet (storage/imported.ts). */
  imported: { key: [featuresKey: string, hash: string]; value: string };
  embeddings: { key: [datasetId: string, modelId: string, split: Split]; value: StoredEmbeddings };
  embeddingRows: {
    key: [datasetId: string, modelId: string, split: Split, block: number];
    /** Bytes where single rows are read of a block, which browsers then write to a file of its own. */
    value: Float32Array<ArrayBuffer> | Blob;
  };
  indexes: { key: [datasetId: string, modelId: string, split: Split]; value: StoredIndex };
  codes: { key: [datasetId: string, modelId: string, split: Split, block: number]; value: StoredCodes };
  heads: { key: [datasetId: string, headsKey: string]; value: TrainingResult };
  checkpoints: { key: [datasetId: string, headsKey: string]; value: Checkpoint };
  queries: { key: string; value: StoredQuery; indexes: { addedAt: number } };
  weights: { key: string; value: CachedWeights };
  settings: { key: string; value: unknown };
  runs: { key: [datasetId: string, runId: string]; value: unknown };
  outcomes: { key: [datasetId: string, runId: string, split: ScoredSplit]; value: StoredOutcomes };
  neighbours: { key: [datasetId: string, runId: string, split: ScoredSplit]; value: StoredNeighbours };
  /** The data set's id is empty for what belongs to none. */
  journal: { key: [datasetId: string, task: string]; value: StoredEntry };
}

export type StoreName = StoreNames<Schema>;
export type Connection = IDBPDatabase<Schema>;
export type Transaction<Names extends StoreName> = IDBPTransaction<Schema, Names[], 'readwrite'>;

/** Brings a database from version i to version i + 1, inside the one transaction of the upgrade. */
export type Migration = (
  connection: Connection,
  transaction: IDBPTransaction<Schema, StoreName[], 'versionchange'>,
) => void;

/** The i-th entry makes version i + 1. Published entries never change: a new layout is a new entry. */
export const migrations: readonly Migration[] = [
  (connection) => {
    connection.createObjectStore('datasets', { keyPath: 'id' });
    connection.createObjectStore('files', { keyPath: ['datasetId', 'path'] });
    connection.createObjectStore('thumbnails');
    connection.createObjectStore('features');
    connection.createObjectStore('embeddings');
    connection.createObjectStore('embeddingRows');
    connection.createObjectStore('heads');
    connection.createObjectStore('checkpoints');
    const queries = connection.createObjectStore('queries', { keyPath: 'hash' });
    queries.createIndex('addedAt', 'addedAt');
    connection.createObjectStore('weights', { keyPath: 'id' });
    connection.createObjectStore('settings');
    connection.createObjectStore('runs');
  },
  // A run's queries one by one. Apart from the runs, since lists of runs are read often and these are large.
  (connection) => {
    connection.createObjectStore('outcomes');
    connection.createObjectStore('neighbours');
  },
  // What was started and has not ended: recovery after a reload or a crash is derived from it.
  (connection) => {
    connection.createObjectStore('journal');
  },
  // HNSW indexes: building one takes minutes for 100,000 images, reading it less than a second.
  (connection) => {
    connection.createObjectStore('indexes');
  },
  // Features of data sets' files: others could have forged them.
  (connection) => {
    connection.createObjectStore('imported');
  },
  // 8-bit codes of large galleries: a quarter of what they are made of, and made of it in ten seconds and more.
  (connection) => {
    connection.createObjectStore('codes');
  },
];
