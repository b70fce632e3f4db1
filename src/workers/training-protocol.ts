import type { ComparedByMember, SeenByMember } from '../heads/class-cosines.ts';
import type { Combination, MemberEmbeddings } from '../heads/ensemble.ts';
import type { Head } from '../heads/head.ts';
import type { SavedHead } from '../heads/head-file.ts';
import type { Calibration } from '../heads/posterior.ts';
import type { Checkpoint, EpochReport, TrainingJob, TrainingResult } from '../heads/training.ts';
import type { EngineKind, FeaturesName } from '../types.ts';
import type { CallControl, OpenedEngine } from './protocol.ts';

export type { Checkpoint, Combination, EpochReport, Head, MemberEmbeddings, SavedHead, TrainingJob, TrainingResult };

/** Progress messages of `train`. */
export type TrainingMessage =
  | { readonly kind: 'epoch'; readonly report: EpochReport }
  | { readonly kind: 'checkpoint'; readonly checkpoint: Checkpoint };

/** One member of an ensemble on its way to be combined: unit rows [n, dimensions]. */
export interface OwnedEmbeddings extends MemberEmbeddings {
  readonly embeddings: Float32Array<ArrayBuffer>;
}

/** Features that can be moved. */
export interface OwnedSight extends SeenByMember {
  readonly features: Float32Array<ArrayBuffer>;
}
export interface OwnedComparison extends ComparedByMember {
  readonly features: Float32Array<ArrayBuffer>;
}

/**
 * workers/training.worker.ts: features → heads, heads and features → embeddings, embeddings → ensembles. Arrays that
 * are passed in may be moved or cloned, as the caller likes; what comes back is moved and is the caller's.
 */
export interface TrainingWorker {
  /**
   * Sets the engine up. WASM trains faster than plain arrays and than WebGPU, whose matrices are too small to be worth
   * their way to the graphics card and back. Where memory can be shared it trains with `threads`, two where nothing is said, to
   * the same numbers. Throws AppError 'engine-unavailable' with the reason.
   */
  open(kind?: EngineKind, threads?: 1 | 2): Promise<OpenedEngine>;
  /**
   * heads/train.ts. One training at a time. Progress messages are TrainingMessage: every epoch, and a checkpoint when
   * the validation loss improved, at most one in two seconds. `resumeFrom` continues from a checkpoint.
   */
  train(job: TrainingJob, resumeFrom: Checkpoint | null, control: CallControl): Promise<TrainingResult>;
  /** Stops the training under way after its epoch: `train` resolves with the best epoch so far. Else does nothing. */
  stop(): Promise<void>;
  /**
   * After `train` was cancelled or failed: the state to go on from. Ask for it then, since a last progress message may be
   * lost when the call ends. Null when the last training succeeded, or had not come through its first epoch.
   */
  newestCheckpoint(): Promise<Checkpoint | null>;
  /** The best head of a training that was cancelled or came apart, from its last checkpoint, without training on. */
  finish(job: TrainingJob, checkpoint: Checkpoint): Promise<TrainingResult>;
  /** Fine-tuned embeddings of features [n, D]: unit rows [n, 512]. Throws AppError 'bad-argument' for another D. */
  embed(head: Head, features: Float32Array<ArrayBuffer>): Promise<Float32Array<ArrayBuffer>>;
  /** Frozen features [n, D] as unit rows [n, 512], for ensembles by `mean`: the backbone's seeded Gaussian projection. */
  embedFrozen(
    backbone: FeaturesName,
    features: Float32Array<ArrayBuffer>,
    dimensions: number,
    seed: number,
  ): Promise<Float32Array<ArrayBuffer>>;
  /** The ensemble's unit rows. Throws AppError 'bad-argument' where members have other images, or `mean` other sizes than 512. */
  combine(how: Combination, members: readonly OwnedEmbeddings[]): Promise<OwnedEmbeddings>;
  /** heads/class-cosines.ts: the cosines of images to each class, [n, classes]. */
  classCosines(members: readonly OwnedComparison[]): Promise<Float32Array<ArrayBuffer>>;
  /** heads/class-cosines.ts: the mean embedding of each class, [classes, d]. */
  classMeans(member: OwnedSight, labels: Int32Array<ArrayBuffer>, classes: number): Promise<Float32Array<ArrayBuffer>>;
  /** heads/posterior.ts: fits what makes posteriors of cosines [n, classes]. */
  calibrate(
    cosines: Float32Array<ArrayBuffer>,
    members: number,
    classes: number,
    labels: Int32Array<ArrayBuffer>,
  ): Promise<Calibration>;
  /** heads/head-file.ts: a .safetensors file. */
  saveHead(saved: SavedHead): Promise<Blob>;
  /** Throws AppError 'weights-refused', 'weights-mismatch' or 'files-gone'. */
  loadHead(file: Blob): Promise<SavedHead>;
  /** For leak tests and diagnostics. */
  memory(): Promise<{ numTensors: number; numBytes: number }>;
}
