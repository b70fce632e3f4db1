/** The central types: what travels between folders and threads. No behaviour. */

import type { Preprocessing } from './models/specs/architecture.ts';
import type { ArchitectureName } from './models/specs/architectures.ts';

export type { Interpolation } from './models/specs/architecture.ts';
export type { ArchitectureName, Preprocessing };

export type Split = 'training' | 'query' | 'gallery';

/** What a user may make of a folder: a split, or nothing. */
export type Role = Split | 'ignore';

/** One image of a data set. Identified by `datasetId` and `path`. */
export interface ImageRecord {
  readonly datasetId: string;
  /** As dropped: '/' separators, no leading slash; unique in its data set, compared code unit by code unit. */
  readonly path: string;
  readonly split: Split;
  /** Path relative to its split's folder: the name that ground truth, rankings and exports use. */
  readonly file: string;
  /** Null where the label is unknown. */
  readonly className: string | null;
  /** File size in bytes. */
  readonly bytes: number;
  /** SHA-256 of the file's bytes, lower-case hex; null until the file has been read. */
  readonly hash: string | null;
  /** Upright size in pixels; null until the file has been read. */
  readonly width: number | null;
  readonly height: number | null;
}

export type ProblemKind =
  | 'not-an-image'
  | 'undecodable'
  | 'empty-file'
  | 'unreadable'
  | 'outside-roles'
  | 'no-class'
  | 'duplicate'
  | 'conflicting-label'
  | 'leak'
  | 'single-image-class'
  | 'empty-class'
  | 'not-embedded'
  | 'changed'
  | 'ground-truth'
  | 'ground-truth-refused'
  | 'looks-like-split'
  | 'nested-classes'
  | 'similar-classes'
  | 'classes-apart'
  | 'archive';

/** Something about the dropped files that the user should know. */
export interface Problem {
  readonly kind: ProblemKind;
  /** `skipped`: the file is not part of the data set. `warning`: it is kept. */
  readonly severity: 'skipped' | 'warning';
  /** The file (or class folder) concerned. */
  readonly path: string;
  /** One sentence for the user: what is the matter. */
  readonly reason: string;
  /** One short phrase: what was done ("skipped", "kept; counts twice in training"). */
  readonly action: string;
}

/** A top-level folder (or one below `test/`) whose role the user may re-assign. */
export interface RoleFolder {
  /** Path prefix without trailing slash; '' for files outside any folder. */
  readonly path: string;
  readonly role: Role;
  readonly images: number;
}

export interface Dataset {
  readonly id: string;
  readonly name: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  /** Union of the class names of all splits, sorted. */
  readonly classes: readonly string[];
  readonly folders: readonly RoleFolder[];
  readonly problems: readonly Problem[];
  /** Images per split, before and after reading alike. */
  readonly counts: Readonly<Record<Split, number>>;
  /** Images whose bytes have been read (hashed, decoded once, thumbnail stored). */
  readonly read: number;
  /** The task that comes with the app: its pictures are drawn here, and can be drawn again whenever they are read. */
  readonly demo?: true;
}

/** Everything that turns an image into features: a network, or the descriptor that needs no weights. */
export type BackboneName = ArchitectureName | 'colour-gradient';

/** Whatever has features: a backbone, or vectors that the user imported, which nothing here computes. */
export type FeaturesName = BackboneName | 'own-vectors';

/** A rectangle of an upright picture, in shares of its width and height, from the top left corner. */
export interface CropFrame {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Where a set of weights would come from. `built-in` needs none; `local` was dropped by the user; of `own` there are vectors alone. */
export type WeightsOrigin = 'built-in' | 'origin' | 'hub' | 'local' | 'own';

/** A set of weights that can be used: one row of the models screen. */
export interface Weights {
  /** Folder name in timm's hub layout, as `resnet50.tv_in1k`; `colour-gradient` for the descriptor. */
  readonly id: string;
  readonly architecture: FeaturesName;
  /** For people, as `ResNet-50`. */
  readonly label: string;
  /** What it is, in about five words. */
  readonly summary: string;
  /** Number of features D. */
  readonly features: number;
  /** Download size in bytes; null where unknown; 0 for the descriptor. */
  readonly bytes: number | null;
  /** SPDX-like name; null where unknown. */
  readonly licence: string | null;
  readonly origin: WeightsOrigin;
  /** Hub repository and revision, where it has one. */
  readonly repository: string | null;
  readonly revision: string | null;
}

/** A set of weights that is in the browser's cache, verified and ready to load. */
export interface CachedWeights {
  readonly id: string;
  readonly architecture: ArchitectureName;
  readonly bytes: number;
  /** SHA-256 of model.safetensors, lower-case hex. */
  readonly sha256: string;
  readonly preprocessing: Preprocessing;
  /** Sizes that the weights' authors name, each with its crop; the one of `preprocessing` first. */
  readonly sizes?: readonly Pick<Preprocessing, 'size' | 'cropPct'>[];
  /** The repository of the hub that it came from. */
  readonly hub?: Pick<Weights, 'licence'> & { readonly repository: string; readonly revision: string };
  /** From where it was downloaded, for people. */
  readonly from: string;
  readonly cachedAt: number;
}

export type EngineKind = 'webgpu' | 'wasm';

/** What the user or the command line asks for. */
export type EngineChoice = 'auto' | EngineKind;

export interface EngineInfo {
  readonly kind: EngineKind;
  /** The adapter's name with WebGPU ("Apple M2"); null with WASM. */
  readonly adapter: string | null;
  /** Number of backbone workers. */
  readonly workers: number;
  /** A sentence that says why this engine and not the better one; null where it is the best. */
  readonly reason: string | null;
}

/** Progress of one long operation. */
export interface Progress {
  readonly done: number;
  readonly total: number;
  /** Units a second, over the last seconds; null until known. */
  readonly rate: number | null;
  /** Null until known. */
  readonly secondsLeft: number | null;
  /** That it may end before, as a training does that stops early. */
  readonly atMost?: true;
}

/** WASM with SIMD, or for browsers without it plain JavaScript and the published hnswlib-wasm. */
export type SearchKernelKind = 'simd' | 'plain';

/** One answer of a search, best first. `similarity` is the cosine, higher is better. */
export interface Hit {
  /** Row of the gallery matrix that the index was built from. */
  readonly row: number;
  readonly similarity: number;
}

/** What a run is scored on: test/query against test/gallery, or the validation parts of training/. */
export type ScoredSplit = 'test' | 'validation';

/** What happened to the queries of one run on one split; entry i of every list is the i-th query that was asked. */
export interface QueryOutcomes {
  /** Positions among the images that are asked with, in their order: query images (test) or training images (validation). */
  readonly queries: Int32Array<ArrayBuffer>;
  /** R: gallery images of its class; 0 where the query counts nowhere. */
  readonly relevant: Int32Array<ArrayBuffer>;
  /** Rank of its first right neighbour in the whole gallery, from 1; 0 where it counts nowhere (or HNSW did not find one). */
  readonly firstHitRank: Int32Array<ArrayBuffer>;
  /** Average precision at R, between 0 and 1. */
  readonly apAtR: Float64Array<ArrayBuffer>;
  /** Share of right ones among the first R; missing in outcomes of versions that did not keep it. */
  readonly rPrecision?: Float64Array<ArrayBuffer>;
}

/** The first neighbours of the same queries, best first, row-major [queries, k]. */
export interface QueryNeighbours {
  readonly k: number;
  /** Positions among the images searched: gallery images (test) or training images (validation); −1 where there are fewer than k. */
  readonly rows: Int32Array<ArrayBuffer>;
  /** Cosines; −Infinity where there are fewer than k. */
  readonly similarities: Float32Array<ArrayBuffer>;
}

/** What a run reached by one metric. */
export interface MetricScore {
  /** Over the queries: a share between 0 and 1, or a rank from 1; null where it is beyond what was ranked. */
  readonly value: number | null;
  /** 95 %; null where it is not known. */
  readonly interval: readonly [number, number] | null;
  /** The same value class by class, averaged over the classes; null where it is not known. */
  readonly macro: number | null;
}

/** What one run reached on one set of queries; shares between 0 and 1. */
export interface Scores {
  /** Queries that count. */
  readonly queries: number;
  /** Queries left out, since their class (or its gallery image) is missing. */
  readonly skipped: number;
  /** Gallery images that were searched; missing in results of earlier versions. */
  readonly gallery?: number;
  /** k → share of queries with at least one image of their class among the first k. */
  readonly topk: Readonly<Record<string, number>>;
  readonly mapAtR: number;
  readonly mrr: number;
  /** k → 95 % Wilson interval of topk[k]. */
  readonly ci95: Readonly<Record<string, readonly [number, number]>>;
  /** By the key of each metric (metrics/registry.ts); missing in results of versions that kept the above alone. */
  readonly metrics?: Readonly<Record<string, MetricScore>>;
}

/** Labels that the user gave to clusters which a model had found. */
export interface ClusteredLabels {
  /** What the model was called then. */
  readonly model: string;
  readonly images: number;
}
