import { createStore } from 'zustand/vanilla';
import type { ComparisonState } from '../comparison/comparison.ts';
import type { DatasetState } from '../dataset/dataset.ts';
import type { ModelRow } from '../models/models.ts';

/** The steps from images to a decision, in their order; each is a screen. */
export const STEPS = ['data', 'models', 'comparison', 'search', 'dashboard'] as const;
export type StepName = (typeof STEPS)[number];

export interface Step {
  readonly name: StepName;
  readonly done: boolean;
}

export interface PathState {
  /** Taken off the screens by the user. */
  readonly hidden: boolean;
  /** What was looked at with something to see, as "<data set> search". */
  readonly seen: readonly string[];
}

export const pathStore = createStore<PathState>()(() => ({ hidden: false, seen: [] }));

interface Facts {
  readonly data: Pick<DatasetState, 'dataset'>;
  readonly models: { readonly rows: readonly Pick<ModelRow, 'embedded'>[] };
  readonly comparison: Pick<ComparisonState, 'runs'>;
  readonly seen: readonly string[];
}

/** What is done for the open data set. The first step that is not is the next one. */
export function stepsOf({ data: { dataset }, models, comparison, seen }: Facts): Step[] {
  const images = dataset ? dataset.counts.training + dataset.counts.query + dataset.counts.gallery : 0;
  const done: Readonly<Record<StepName, boolean>> = {
    data: images > 0 && (dataset?.read ?? 0) >= images,
    models: images > 0 && models.rows.some(({ embedded }) => embedded >= images),
    // One model alone is no comparison.
    comparison: comparison.runs.length > 1,
    search: dataset !== null && seen.includes(seenName(dataset.id, 'search')),
    dashboard: dataset !== null && seen.includes(seenName(dataset.id, 'dashboard')),
  };
  return STEPS.map((name) => ({ name, done: done[name] }));
}

export const seenName = (datasetId: string, screen: 'search' | 'dashboard') => `${datasetId} ${screen}`;
