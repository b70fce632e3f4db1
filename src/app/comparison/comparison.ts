import { createStore } from 'zustand/vanilla';
import type { BestFound } from '../../core/best-model.ts';
import type { EnsembleChoice, SingleChoice, Stage } from '../../core/plan.ts';
import type { ChoiceStep } from '../../core/run-choice.ts';
import type { RunRow } from '../../core/run-name.ts';
import { isWithin } from '../../core/scored-images.ts';
import { SMALLEST_DIVIDED_CLASS } from '../../data/splits.ts';
import type { Combination } from '../../heads/ensemble.ts';
import { defaultRecipe, type Recipe } from '../../heads/recipe.ts';
import type { EpochReport, FitEnd } from '../../heads/training.ts';
import type { ImageRecord, Split } from '../../types.ts';
import type { MemberChoice, RunChoice } from './runs.ts';

export { defaultRecipe } from '../../heads/recipe.ts';
export type {
  ChoiceStep,
  Combination,
  EnsembleChoice,
  EpochReport,
  FitEnd,
  MemberChoice,
  Recipe,
  RunChoice,
  RunRow,
  SingleChoice,
  Stage,
};

/** A training as it is watched, or as it went. */
export interface TrainingView {
  /** "ResNet-50, cosine, seed 0". */
  readonly label: string;
  /** Epochs of the first fit and of the refit. */
  readonly reports: readonly EpochReport[];
  /** Why the first fit ended, `interrupted` where the training did not come to its end; null while it is under way. */
  readonly ended: FitEnd | 'interrupted' | null;
}

/** The choice of the best model, under way or as it went. */
export interface BestView {
  /** The k of the top-k accuracy that is chosen for. */
  readonly k: number;
  /** `stopped`: cancelled, or it failed; what was found until then is kept. */
  readonly state: 'running' | 'done' | 'stopped';
  /** The last is the best so far. */
  readonly path: readonly ChoiceStep[];
  /** Null until it has come to its end. */
  readonly found: Pick<BestFound, 'interval' | 'tried' | 'complete'> | null;
  /** The run that is best so far. */
  readonly runId: string | null;
  /** Digest of the images and labels that it was chosen with. */
  readonly subject: string;
  /** Whether images or labels are others by now: then nothing of it counts. */
  readonly outdated: boolean;
}

export interface ComparisonState {
  readonly singles: readonly SingleChoice[];
  /** Imported vectors on which no head can be trained: they are of training images of fewer than two classes. */
  readonly frozenOnly: readonly string[];
  readonly ensembles: readonly EnsembleChoice[];
  readonly recipe: Recipe;
  /** Fine-tuned runs are made with the seeds recipe.seed … recipe.seed + seeds − 1. */
  readonly seeds: number;
  readonly stages: readonly Stage[];
  readonly running: boolean;
  /** The latest last. */
  readonly trainings: readonly TrainingView[];
  readonly runs: readonly RunRow[];
  /** What was scored with other labels or images, and counts no longer: stored until it is made again. */
  readonly outdated: readonly RunChoice[];
  /** The latest choice, also from an earlier visit; null where none was ever asked for. */
  readonly best: BestView | null;
}

/** Whether anything can be scored: somewhere, images of a known class are asked with and searched. */
export function canScore(images: readonly ImageRecord[]): boolean {
  const isLabelled = (wanted: Split) => images.some(({ split, className }) => split === wanted && className !== null);
  return isLabelled('training') || (isLabelled('query') && isLabelled('gallery')) || isWithin(images);
}

/** Fine-tuning tells classes apart: it needs training images of two. */
export function canFineTune(images: readonly ImageRecord[]): boolean {
  let first: string | null = null;
  for (const { split, className } of images) {
    if (split !== 'training' || className === null) continue;
    if (first !== null && first !== className) return true;
    first = className;
  }
  return false;
}

/** The best is chosen on held-out training images: some class must have enough of them to be divided. */
export function canChooseBest(images: readonly ImageRecord[]): boolean {
  const sizes = new Map<string, number>();
  for (const { split, className } of images) {
    if (split !== 'training' || className === null) continue;
    const size = (sizes.get(className) ?? 0) + 1;
    if (size === SMALLEST_DIVIDED_CLASS) return true;
    sizes.set(className, size);
  }
  return false;
}

export const createComparisonStore = () =>
  createStore<ComparisonState>()(() => ({
    singles: [],
    frozenOnly: [],
    ensembles: [],
    recipe: defaultRecipe('cosine'),
    seeds: 1,
    stages: [],
    running: false,
    trainings: [],
    runs: [],
    outdated: [],
    best: null,
  }));
