import { createStore } from 'zustand/vanilla';
import type { RunResult } from '../../exports/report.ts';
import type { Combination } from '../../heads/ensemble.ts';
import { defaultRecipe, type Recipe } from '../../heads/recipe.ts';
import type { EpochReport, FitEnd } from '../../heads/training.ts';
import type { Progress } from '../../types.ts';
import type { MemberChoice, RunChoice } from './runs.ts';

export { defaultRecipe } from '../../heads/recipe.ts';
export type { Combination, EpochReport, FitEnd, MemberChoice, Recipe, RunChoice };

/** A set of weights in the plan. */
export interface SingleChoice {
  readonly weightsId: string;
  readonly frozen: boolean;
  readonly finetuned: boolean;
}

/** Two or more members, and the ways to combine them that are ticked. */
export interface EnsembleChoice {
  readonly members: readonly MemberChoice[];
  readonly combine: readonly Combination[];
}

/** One step of the plan, in the order in which they run. */
export interface Stage {
  readonly id: string;
  readonly kind: 'download' | 'embed' | 'train' | 'evaluate';
  /** "Train the head of ResNet-50, seed 0". */
  readonly label: string;
  /** `kept`: done before, nothing to compute. */
  readonly state: 'kept' | 'waiting' | 'running' | 'done' | 'failed' | 'cancelled';
  /** Null where it cannot be known yet. */
  readonly estimateMs: number | null;
  readonly progress: Progress | null;
  /** Null until it has ended in this comparison. */
  readonly tookMs: number | null;
}

/** A training as it is watched, or as it went. */
export interface TrainingView {
  /** "ResNet-50, cosine, seed 0". */
  readonly label: string;
  /** Of the first fit and of the refit, epoch by epoch. */
  readonly reports: readonly EpochReport[];
  /** Why the first fit ended; null while it lasts. */
  readonly ended: FitEnd | null;
}

/** A finished run of the open data set, with the labels it had then. */
export interface RunRow {
  readonly id: string;
  /** "ResNet-50 + ViT-B/16, fine-tuned, mean". */
  readonly label: string;
  readonly choice: RunChoice;
  /** Slot of its colour in every figure. */
  readonly colour: number;
  readonly result: RunResult;
}

export interface ComparisonState {
  readonly singles: readonly SingleChoice[];
  readonly ensembles: readonly EnsembleChoice[];
  readonly recipe: Recipe;
  /** Fine-tuned runs are made with the seeds recipe.seed … recipe.seed + seeds − 1. */
  readonly seeds: number;
  readonly stages: readonly Stage[];
  readonly running: boolean;
  /** The latest last. */
  readonly trainings: readonly TrainingView[];
  readonly runs: readonly RunRow[];
}

export const createComparisonStore = () =>
  createStore<ComparisonState>()(() => ({
    singles: [],
    ensembles: [],
    recipe: defaultRecipe('cosine'),
    seeds: 1,
    stages: [],
    running: false,
    trainings: [],
    runs: [],
  }));
