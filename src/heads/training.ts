import type { TrainingSplit } from '../data/splits.ts';
import type { AdamState } from './adam.ts';
import type { OpenArithmetic } from './arithmetic.ts';
import type { Head } from './head.ts';
import type { Parameters } from './parameters.ts';
import type { Calibration } from './posterior.ts';
import type { Recipe } from './recipe.ts';

/** What a head is trained from. Several members are trained together against one shared classifier. */
export interface TrainingJob {
  /** Features of all of training/, [n, dimensions] each, in the same order. Read, never written. */
  readonly members: readonly { readonly features: Float32Array; readonly dimensions: number }[];
  /** [n] class numbers, from 0. */
  readonly labels: Int32Array;
  /** Number of classes. */
  readonly classes: number;
  readonly recipe: Recipe;
}

/** `fit` learns from the fit rows and watches the validation rows; `refit` then learns from all rows. */
export type Phase = 'fit' | 'refit';

/** Why the first fit ended. */
export type FitEnd = 'patience' | 'epochs' | 'stopped';

/** Figures of the validation rows after an epoch; shares between 0 and 1. */
export interface ValidationReport {
  /** Cross-entropy (without label smoothing) over validation gallery and query, summed over the members. */
  readonly loss: number;
  /** Share of them that the classifier gets right. */
  readonly accuracy: number;
  /** k → share of validation queries with an image of their class among the first k of the validation gallery. */
  readonly topk: Readonly<Record<string, number>>;
}

export interface EpochReport {
  readonly phase: Phase;
  /** From 1. */
  readonly epoch: number;
  /** Epochs that the phase takes at most (fit), or exactly (refit). */
  readonly epochs: number;
  /** Mean over the epoch's images of the loss that was minimised, summed over the members, while learning. */
  readonly loss: number;
  /** Share that the classifier got right while learning. */
  readonly accuracy: number;
  /** Null in the refit, and where no class is large enough to be validated. */
  readonly validation: ValidationReport | null;
  /** The best epoch so far: its head is the one that is kept. */
  readonly best: boolean;
  readonly milliseconds: number;
}

export interface BestEpoch {
  readonly epoch: number;
  /** Null where nothing is validated: the latest epoch is then the best. */
  readonly validationLoss: number | null;
  readonly parameters: Parameters;
}

/**
 * Where training stands between two epochs, and all that it needs to go on; random numbers follow from seed and epoch.
 * Plain arrays and records, to be stored as they are.
 */
export interface TrainingState {
  readonly recipe: Recipe;
  readonly phase: Phase;
  /** Finished epochs of the phase. */
  readonly epoch: number;
  readonly parameters: Parameters;
  readonly adam: AdamState;
  /** Null before the first epoch of the first fit has ended. */
  readonly best: BestEpoch | null;
  /** Why the first fit ended; null while it lasts. */
  readonly ended: FitEnd | null;
  readonly history: readonly EpochReport[];
}

/** A state that training no longer writes to; others should not either. */
export type Checkpoint = TrainingState;

export interface TrainingOptions {
  readonly arithmetic: OpenArithmetic;
  /** Cancels after the step under way: train rejects with AppError 'aborted', after passing on its last checkpoint. */
  readonly signal: AbortSignal;
  /** Stops by hand, after the epoch under way: train resolves with the best epoch of the first fit, without refit. */
  readonly stop?: AbortSignal;
  readonly onEpoch?: (report: EpochReport) => void;
  /** Called after an epoch that lowered the validation loss, and after epochs of the refit. */
  readonly onCheckpoint?: (checkpoint: Checkpoint) => void;
  /** Least time between two checkpoints (12 MB for ResNet-50); the last one is never held back. 0 unless told. */
  readonly checkpointMs?: number;
  readonly resumeFrom?: Checkpoint | null;
  /** Awaited after each step: lets messages in. */
  readonly breathe?: () => Promise<void>;
}

export interface TrainingResult {
  /** A head a member, for raw features: of the refit, or else of the best epoch of the first fit. */
  readonly heads: readonly Head[];
  /** Heads of the first fit's best epoch, which has not seen the validation rows: for validation figures. */
  readonly fitHeads: readonly Head[];
  /** Whether `heads` are the refit's. */
  readonly refit: boolean;
  /** Rows of training/ by part; without validation rows, all are in fit. */
  readonly split: TrainingSplit;
  /** Epochs of the first fit. */
  readonly epochs: number;
  readonly bestEpoch: number;
  /** Null where no class is large enough to be validated; then all `epochs` of the recipe were used. */
  readonly bestValidationLoss: number | null;
  readonly ended: FitEnd;
  readonly history: readonly EpochReport[];
  /** The class posterior's calibration where it came in a head's file: the images that it was fitted on are not here. */
  readonly calibration?: Calibration;
  /** Its classes' names where it came in a file: they need not be those of the data set. */
  readonly classes?: readonly string[];
}
