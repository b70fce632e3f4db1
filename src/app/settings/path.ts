import { createStore } from 'zustand/vanilla';
import { kindOf } from '../../core/run-choice.ts';
import type { ComparisonState } from '../comparison/comparison.ts';
import type { DatasetState } from '../dataset/dataset.ts';
import type { ModelRow, ModelsState } from '../models/models.ts';

/** The steps from images to a decision, in their order; each is a screen. */
export const STEPS = ['data', 'models', 'comparison', 'search', 'dashboard'] as const;
export type StepName = (typeof STEPS)[number];

export interface Step {
  readonly name: StepName;
  readonly done: boolean;
}

/** Steps that are done once the user did something there: what is stored tells it of the others. */
export type NotedStep = 'comparison' | 'search' | 'dashboard';

export interface PathState {
  /** Taken off the screens by the user. */
  readonly hidden: boolean;
  /** What was run, or looked at with something to see, as "<data set> search". */
  readonly seen: readonly string[];
}

export const pathStore = createStore<PathState>()(() => ({ hidden: false, seen: [] }));

export interface PathFacts {
  readonly data: Pick<DatasetState, 'dataset'>;
  readonly models: Pick<ModelsState, 'counted'> & { readonly rows: readonly Pick<ModelRow, 'embedded'>[] };
  readonly comparison: Pick<ComparisonState, 'runs' | 'stages' | 'outdated'>;
  readonly seen: readonly string[];
  /** Whether no image has a class to compare models by. */
  readonly plain: boolean;
}

/**
 * What is done for the open data set; null while that is not known yet. The first step that is not is the next one. What has
 * no classes is not compared.
 */
export function stepsOf({ data: { dataset }, models, comparison, seen, plain }: PathFacts): Step[] | null {
  const noted = (step: NotedStep) => dataset !== null && seen.includes(seenName(dataset.id, step));
  const images = dataset ? dataset.counts.training + dataset.counts.query + dataset.counts.gallery : 0;
  const compared = isCompared({ data: { dataset }, comparison, seen });
  // Before they are counted, results tell that images were embedded.
  const embedded = models.counted ? models.rows.some((row) => row.embedded >= images) : comparison.runs.length > 0;
  if (dataset && !models.counted && !embedded) return null;
  const done: Readonly<Record<StepName, boolean>> = {
    data: images > 0 && (dataset?.read ?? 0) >= images,
    models: images > 0 && embedded,
    comparison: compared,
    search: noted('search'),
    dashboard: noted('dashboard'),
  };
  return STEPS.filter((name) => !plain || name !== 'comparison').map((name) => ({ name, done: done[name] }));
}

/**
 * Whether models were compared: a comparison came to its end here, or there are results that only one makes (embedding
 * scores each model frozen), or all that is ticked is there. Not while some of the results count no longer.
 */
function isCompared({ data: { dataset }, comparison, seen }: Omit<PathFacts, 'models' | 'plain'>): boolean {
  const { runs, stages, outdated } = comparison;
  if (!dataset || runs.length === 0 || outdated.length > 0) return false;
  if (seen.includes(seenName(dataset.id, 'comparison'))) return true;
  if (runs.some(({ choice }) => kindOf(choice) !== 'frozen')) return true;
  return runs.length > 1 && stages.length > 0 && stages.every(({ state }) => state === 'kept' || state === 'done');
}

export const seenName = (datasetId: string, step: NotedStep) => `${datasetId} ${step}`;
