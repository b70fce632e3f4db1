/**
 * What the main thread may ask of each worker. Only transferable buffers, blobs and plain records travel, never
 * tensors. A worker file implements its interface and hands it to `serve`; the main thread reaches it by `connect`.
 */
import type { CropRule } from '../data/crop.ts';
import type { LabelsOfFile, LinkedFiles } from '../data/read-labels.ts';
import type { ThumbnailType } from '../data/white-canvas.ts';
import type { PosteriorSettings } from '../heads/posterior.ts';
import type { Rankings } from '../math/topk.ts';
import type { LabelCodes } from '../metrics/labels.ts';
import type { QueryMetrics } from '../metrics/query-metrics.ts';
import type { Share } from '../models/engines/wasm/team.ts';
import type { HubEntry } from '../models/weights/look-up.ts';
import type { IndexKind } from '../search/backends.ts';
import type { StoredVectors } from '../search/codes/held-codes.ts';
import type { GalleryShape } from '../search/held-gallery.ts';
import type { HnswSettings } from '../search/hnsw.ts';
import type { RankingName } from '../search/rankings.ts';
import type { Recall } from '../search/recall.ts';
import type {
  BackboneName,
  CachedWeights,
  CropFrame,
  EngineKind,
  Hit,
  Preprocessing,
  Scores,
  Weights,
} from '../types.ts';

/** Progress and cancellation of one call: a port, since an AbortSignal cannot be transferred. See connect.ts. */
export interface CallControl {
  readonly port: MessagePort;
}

/** What happened to one file that the image worker read. */
export type ReadOutcome =
  | {
      readonly ok: true;
      readonly hash: string;
      readonly width: number;
      readonly height: number;
      /** Encoded thumbnail. */
      readonly thumbnail: Blob;
    }
  | {
      readonly ok: false;
      /** Null where not even the bytes could be read. */
      readonly hash: string | null;
      readonly kind: 'undecodable' | 'empty-file' | 'unreadable';
      /** One sentence for the user. */
      readonly reason: string;
    };

/** The part of the preprocessing that is done on 8-bit pixels: backbones that agree on it share their crops. */
export interface CropSettings extends CropRule {
  /** The part of each image that is taken for the whole; all of it where it is left out. */
  readonly frame?: CropFrame;
}

export interface Crops {
  /** [n, size, size, 3] RGB; rows of images that failed are zero. Owned by the receiver. */
  readonly pixels: Uint8Array<ArrayBuffer>;
  /** One entry an image: null, or the sentence that says why it has no pixels. */
  readonly failures: readonly (string | null)[];
}

/** workers/image.worker.ts: bytes → hash, thumbnail, crops; tables → labels. Loads no TensorFlow.js. */
export interface ImageWorker {
  /**
   * Labels from a table or a JSON file, as far as they may be of the files at `paths`, with the lists that are joined with it. Progress messages are the share that
   * has been read. Throws AppError 'ground-truth-refused' and 'files-gone'.
   */
  labels(
    file: Blob,
    name: string,
    paths: readonly string[],
    linked: LinkedFiles | null,
    control: CallControl,
  ): Promise<LabelsOfFile>;
  read(files: readonly Blob[], thumbnailSide: number, thumbnailType?: ThumbnailType): Promise<ReadOutcome[]>;
  crops(files: readonly Blob[], settings: CropSettings): Promise<Crops>;
}

export interface OpenedEngine {
  readonly kind: EngineKind;
  readonly adapter: string | null;
}

/** workers/backbone.worker.ts: crops → features. One backbone at a time. */
export interface BackboneWorker {
  /** Sets the engine up. Throws AppError 'engine-unavailable' with the reason. */
  open(kind: EngineKind): Promise<OpenedEngine>;
  /** Loads a backbone (replacing the one before). `file` is model.safetensors, null for the descriptor. */
  load(backbone: BackboneName, file: Blob | null, preprocessing: Preprocessing, batch: number): Promise<void>;
  /**
   * Features of n crops, [n, size, size, 3] RGB, n ≤ batch (padded to the fixed batch inside). `pixels` is
   * transferred. Returns [n, D], transferred back. With a share, a single crop is computed by a team of workers that are
   * asked the same at the same time, and all return its features; throws AppError 'aborted' where one of them left.
   */
  features(pixels: Uint8Array<ArrayBuffer>, n: number, share?: Share | null): Promise<Float32Array<ArrayBuffer>>;
  /** For leak tests and diagnostics. */
  memory(): Promise<{ numTensors: number; numBytes: number }>;
  unload(): Promise<void>;
}

export interface DownloadProgress {
  readonly receivedBytes: number;
  readonly totalBytes: number | null;
}

/** workers/weights.worker.ts: finds, downloads, verifies and caches sets of weights. */
export interface WeightsWorker {
  /** False where the browser keeps no files for this page: what is downloaded then lasts until the tab is closed. */
  lasting(): Promise<boolean>;
  /**
   * Weights that the app's own origin lists in models/index.json (none where the file is missing). `base` is the
   * page's document.baseURI: a worker does not know from which folder the app was loaded.
   */
  listOrigin(base: string): Promise<Weights[]>;
  listCached(): Promise<CachedWeights[]>;
  /**
   * Downloads, or continues a download. `base` as for listOrigin. Progress messages are DownloadProgress. Resolves when
   * verified and cached.
   */
  download(weights: Weights, base: string, control: CallControl): Promise<CachedWeights>;
  /** Bytes of an unfinished download that are kept for continuing; 0 where there is none. */
  partial(id: string): Promise<number>;
  /**
   * What a repository of the hub holds and whether it can run here, before anything is downloaded; `text` as a user types
   * or pastes it.
   */
  lookUp(text: string): Promise<HubEntry>;
  /** Caches a dropped model.safetensors (config null: the architecture is recognised by its tensors). */
  importFile(file: File, config: Blob | null, control: CallControl): Promise<CachedWeights>;
  /** The cached model.safetensors; throws AppError 'weights-missing'. */
  open(id: string): Promise<Blob>;
  remove(id: string): Promise<void>;
}

export type { HnswSettings, LabelCodes, PosteriorSettings, QueryMetrics, RankingName, Rankings };

/** An order other than by similarity. */
export interface RankQueries {
  readonly ranking: RankingName;
  /** Cosines of the queries to each class by each member, [m, members · classes], as of the gallery. */
  readonly cosines: Float32Array<ArrayBuffer>;
}

export interface SearchAnswer {
  readonly hits: readonly Hit[];
  /** Milliseconds inside the index. */
  readonly ms: number;
  /** What answered (exact search while another index is being built). */
  readonly index: IndexKind;
}

/** What a run found, query by query. */
export interface Measured {
  readonly metrics: QueryMetrics;
  /** The first `keep` neighbours of every query. */
  readonly neighbours: Rankings;
}

export interface MeasureOptions {
  readonly ks: readonly number[];
  readonly keep: number;
  /** Query i is itself the gallery row own[i], and no neighbour of its own. */
  readonly own?: Int32Array<ArrayBuffer> | null;
}

/** What a worker of a team ranks its queries by, if not by similarity. */
export interface SharedOrder {
  readonly ranking: RankingName;
  readonly classes: number;
  /** p(c | query), [m, classes]. */
  readonly queries: Float32Array<ArrayBuffer>;
  /** p(c | image) of the gallery, [n, classes], in shared memory: nothing may write to it. */
  readonly gallery: Float32Array;
}

/** A worker's part of the queries, which a team compares with one gallery: that of its first worker. */
export interface QueryShare extends Share {
  /** Queries of all workers; each is asked about as many as the others, or one more. */
  readonly queries: number;
}

/**
 * workers/search.worker.ts: galleries of unit vectors, searched by the backends of search/backends.ts. `key` names a gallery. Every method throws
 * AppError 'bad-argument' for an unknown key, and for embeddings that are not rows of unit length (or zero) with the
 * gallery's dimensions. What runs when its gallery is replaced or dropped ends with AppError 'aborted'.
 */
export interface SearchWorker {
  /** Frees a gallery of that name, and makes room for one of that many rows. It is there once `fill` has brought them all. */
  open(key: string, rows: number, dimensions: number): Promise<void>;
  /** The next rows of a gallery that is being filled ([m, dimensions], unit rows, transferred), first to last. */
  fill(key: string, block: Float32Array<ArrayBuffer>): Promise<void>;
  /**
   * Frees a gallery of that name, and holds one as codes of 8 bits; its vectors are read where they are stored. It is searched by
   * backends of the form `codes` alone. Resolves with the blocks whose codes had to be made. Throws as `fill` does, and AppError
   * 'dataset-unusable' where the vectors cannot be read.
   */
  openCodes(key: string, stored: StoredVectors): Promise<readonly number[]>;
  /** The codes of a block of a gallery that is held so, to be kept and handed to `openCodes` the next time. */
  savedCodes(key: string, block: number): Promise<Blob>;
  /**
   * Makes room for what the images of a gallery that is there say of its classes, forgetting what was there. Rankings
   * that use classes may be asked for once `fillClasses` has brought a row an image.
   */
  openClasses(key: string, classes: number, settings: PosteriorSettings): Promise<void>;
  /** The next rows of cosines to each class by each member ([m, members · classes], transferred), first to last. */
  fillClasses(key: string, cosines: Float32Array<ArrayBuffer>): Promise<void>;
  /**
   * Builds a backend's index over the gallery; what `settings` leaves out is M 16, efConstruction 200, efSearch 64. An
   * earlier one answers until the new one is ready; a build that runs already is cancelled. Progress messages are
   * numbers of rows added.
   */
  build(key: string, index: IndexKind, settings: Partial<HnswSettings>, control: CallControl): Promise<{ ms: number }>;
  /**
   * Takes the index that `save` wrote (transferred) in place of building one. False where it is not of this gallery and
   * these settings, or damaged; what was there then stays.
   */
  load(
    key: string,
    index: IndexKind,
    saved: Uint8Array<ArrayBuffer>,
    settings: Partial<HnswSettings>,
  ): Promise<boolean>;
  /** The index as bytes, without the vectors; null where there is none, or the kernel cannot tell. */
  save(key: string, index: IndexKind): Promise<Uint8Array<ArrayBuffer> | null>;
  /** By similarity, or by another ranking: hits then come in its order, with their cosines. */
  search(
    key: string,
    query: Float32Array<ArrayBuffer>,
    k: number,
    index: IndexKind,
    by?: RankQueries | null,
  ): Promise<SearchAnswer>;
  setEfSearch(key: string, efSearch: number): Promise<void>;
  /**
   * Share of the exact k nearest that an index finds, over `queries` ([n, dimensions], n > 0); and both median latencies
   * in ms. Throws AppError 'bad-argument' while the index is not built.
   */
  recall(key: string, index: IndexKind, queries: Float32Array<ArrayBuffer>, k: number): Promise<Recall>;
  /**
   * Measures every query's full exact ranking, by similarity or by another ranking; of the rankings themselves only the first `keep`
   * neighbours are sent. `labels` come from codeLabels (metrics/labels.ts). Progress messages are numbers of queries done. With a
   * share, it is the first of a team, whose others are asked the same by `measurePassing` at the same time; where one of them leaves, it
   * goes on alone, and the memory tells that the team is dissolved.
   */
  measure(
    key: string,
    queries: Float32Array<ArrayBuffer>,
    labels: LabelCodes,
    options: MeasureOptions & { readonly by?: RankQueries | null },
    control: CallControl,
    share?: QueryShare | null,
  ): Promise<Measured>;
  /** As `measure`, in a worker of a team that does not hold the gallery. Throws AppError 'aborted' where the team ends. */
  measurePassing(
    gallery: GalleryShape,
    queries: Float32Array<ArrayBuffer>,
    labels: LabelCodes,
    options: MeasureOptions & { readonly order: SharedOrder | null },
    share: QueryShare,
  ): Promise<Measured>;
  /** What `m` queries are ranked by in the workers that do not hold the gallery. */
  orderOf(key: string, by: RankQueries, m: number): Promise<SharedOrder>;
  /**
   * Averages what was measured (metrics/scores.ts); `queryLabels` are codes as in LabelCodes, `seed` is the bootstrap's. Null where no query
   * counts.
   */
  summarise(metrics: QueryMetrics, queryLabels: Int32Array<ArrayBuffer>, seed: number): Promise<Scores | null>;
  /**
   * Rankings of all queries by an index, in the order of similarity or of another ranking (search/ranked-by.ts); `own` as for measure. Progress
   * messages are numbers of queries done. Throws AppError 'bad-argument' while the index is not built. With a share, by exact search and
   * similarity alone, as `measure`.
   */
  rank(
    key: string,
    queries: Float32Array<ArrayBuffer>,
    k: number,
    index: IndexKind,
    order: { readonly by: RankQueries | null; readonly own: Int32Array<ArrayBuffer> | null },
    control: CallControl,
    share?: QueryShare | null,
  ): Promise<Rankings>;
  /**
   * The order by another ranking of images that were found elsewhere: positions in `similarities`, their cosines with the query [n], and
   * in `cosines`, theirs to each class by each member [n, members · classes] (none where the ranking uses no classes), where they lie in
   * the order that settles ties. As `rank` orders what an index finds. Throws AppError 'bad-argument' where the cosines do not fit.
   */
  order(
    similarities: Float32Array<ArrayBuffer>,
    cosines: Float32Array<ArrayBuffer>,
    by: RankQueries,
    settings: PosteriorSettings,
  ): Promise<Int32Array<ArrayBuffer>>;
  /** As `measurePassing`. */
  rankPassing(
    gallery: GalleryShape,
    queries: Float32Array<ArrayBuffer>,
    k: number,
    own: Int32Array<ArrayBuffer> | null,
    share: QueryShare,
  ): Promise<Rankings>;
  /** Resolves when the worker can search. Throws AppError 'engine-unavailable'. */
  ready(): Promise<void>;
  /** Frees the gallery and its index. Does nothing for an unknown key. */
  drop(key: string): Promise<void>;
}
