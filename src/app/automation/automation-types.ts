/**
 * What `npm run evaluate` asks of the page, as `window.likeness`; there when the page's address has the search
 * parameter `automation`. Everything that travels is plain data of bounded size.
 */

import type { OpenChoice } from '../../core/run-classes.ts';
import type { NameRule } from '../../data/file-name-classes.ts';
import type { ErrorCode } from '../../errors.ts';
import type { RankedQuery } from '../../exports/rankings.ts';
import type {
  Classifier,
  Environment,
  ReportChoice,
  ReportDataset,
  RunIdentity,
  RunResult,
} from '../../exports/report.ts';
import type { Variant } from '../../models/specs/variants.ts';
import type { IndexKind } from '../../search/backends.ts';
import type { BackboneName, EngineChoice, Preprocessing, Split } from '../../types.ts';

/** Errors lose their code between page and driver, so the answer carries it. */
export type Answer<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly code: ErrorCode; readonly message: string };

/** One run to be made. */
export interface RunRequest extends RunIdentity {
  /** Train once more on all of training/ for the best number of epochs; only fine-tuned runs heed it. */
  readonly refit: boolean;
  /** Input size of all backbones, where it is not their weights' own. */
  readonly size: number | null;
  /** Whether features are the mean of those of image and mirror image. */
  readonly flip: boolean;
  /** Sets of weights of the members, one each, in place of what architecture, size and flip name; null where they do. */
  readonly weightsIds: readonly string[] | null;
  /** How many images of each split are taken, the first by path; null for all. */
  readonly limit: number | null;
  /** Ascending, each from 1 to 100. */
  readonly ks: readonly number[];
  readonly index: IndexKind;
  /** For rankings by class: whether the gallery may hold classes that training/ lacks. */
  readonly open: OpenChoice;
}

/** What is to be chosen among the weights that are here; with `flip`, each also with features of image and mirror image. */
export interface BestRequest extends Pick<RunRequest, 'refit' | 'size' | 'flip' | 'limit' | 'ks' | 'index' | 'open'> {
  /** The k of the top-k accuracy that it is chosen for. */
  readonly k: number;
  readonly classifier: Classifier;
  /** Milliseconds of trying after which the best so far is chosen. */
  readonly budgetMs: number;
}

export interface BestAnswer {
  /** The winner: a run that can be made. */
  readonly run: RunRequest;
  readonly choice: ReportChoice;
  /** Models that failed and were left, in one sentence each; null where none did. */
  readonly setback: { readonly code: ErrorCode; readonly message: string } | null;
}

/** A matrix that can be fetched: a run's embeddings, or raw features. Both exist once a run that needs them was made. */
export type MatrixSource =
  | { readonly kind: 'embeddings'; readonly run: RunIdentity; readonly split: Split }
  | { readonly kind: 'features'; readonly backbone: BackboneName; readonly split: Split };

export interface MatrixShape {
  /** File names relative to the split's folder, in row order. */
  readonly files: readonly string[];
  readonly dimensions: number;
}

/** A file that the app's own server serves. */
export interface PartFileRequest {
  readonly path: string;
  /** Relative to the page's address. */
  readonly address: string;
}

/** What features a backbone gives: equal `features`, equal numbers. */
export interface PartModel {
  readonly architecture: BackboneName;
  /** Id of the set of weights. */
  readonly weights: string;
  /** Hash of model.safetensors; null for the descriptor, which has none. */
  readonly sha256: string | null;
  readonly preprocessing: Preprocessing;
  /** Names weights and preprocessing by content. */
  readonly features: string;
  readonly dimensions: number;
}

export interface PartShape {
  /** In the order of the files, without those that failed. */
  readonly rows: readonly { readonly path: string; readonly hash: string; readonly thumbnailBytes: number }[];
  readonly dimensions: number;
  readonly failures: readonly { readonly path: string; readonly reason: string }[];
}

export interface Automation {
  /**
   * Waits until what was dropped has been read to the end (hashes, sizes, problems), and answers with it; an error
   * where nothing usable was found.
   */
  settle(): Promise<Answer<ReportDataset>>;
  /**
   * Gives folders roles, named by their path or the end of it; answers with the data set as it is then, and with an error
   * where a name is no folder's or several folders'.
   */
  setRoles(roles: readonly (readonly [folder: string, role: 'query' | 'gallery'])[]): Promise<Answer<ReportDataset>>;
  /**
   * Takes classes from file names by that rule, or by the first one that is offered; answers with the data set as it is then, and
   * with an error where it is not offered.
   */
  setNameClasses(rule: NameRule | 'auto'): Promise<Answer<ReportDataset>>;
  /** As actions.addGroundTruth; answers with the data set as it is then. */
  setGroundTruth(text: string, name: string): Promise<Answer<ReportDataset>>;
  /** Before the first run. */
  setEngine(engine: EngineChoice): Promise<Answer<null>>;
  /**
   * Downloads what is not cached (weights of the architecture on the app's own origin before the hub's), embeds,
   * indexes, ranks all queries and scores them.
   */
  run(request: RunRequest): Promise<Answer<RunResult>>;
  /** Chooses the best model of all weights on the app's own origin, or else of those in the cache, on validation alone. */
  best(request: BestRequest): Promise<Answer<BestAnswer>>;
  /** The engine as it is in use; after the runs. */
  environment(): Promise<Answer<Environment>>;
  /** The run's rankings, the first max(ks) of each query: `count` queries from query number `start`; fewer at the end. */
  rankings(run: RunIdentity, start: number, count: number): Promise<Answer<readonly RankedQuery[]>>;
  matrix(source: MatrixSource): Promise<Answer<MatrixShape>>;
  /** Rows start … start + count − 1 as little-endian float32, in base64. */
  matrixRows(source: MatrixSource, start: number, count: number): Promise<Answer<string>>;
  /** Downloads the weights of a backbone where they are not cached, and tells what they are. */
  partModel(backbone: BackboneName, variant: Variant): Promise<Answer<PartModel>>;
  /** Embeds files of the app's own server without a data set; kept until the next call, and nowhere else. */
  embedFiles(backbone: BackboneName, variant: Variant, files: readonly PartFileRequest[]): Promise<Answer<PartShape>>;
  /** Its rows as matrixRows has them. */
  partRows(start: number, count: number): Promise<Answer<string>>;
  /** Bytes `start` … `end − 1` of its WebP thumbnails, which lie one behind another, in base64. */
  partThumbnails(start: number, end: number): Promise<Answer<string>>;
  /** What happens now, as one line for a user ("Embedding with ResNet-50: 312 of 849 images, 12/s"); null when idle. */
  status(): string | null;
}

declare global {
  interface Window {
    likeness?: Automation;
  }
}
