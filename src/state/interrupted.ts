import * as v from 'valibot';
import { createStore } from 'zustand/vanilla';
import { toAppError } from '../errors.ts';
import { storedHashes } from '../storage/features.ts';
import { begunEntries } from '../storage/journal.ts';
import type { StoredEntry } from '../storage/schema.ts';
import { datasetStore } from './datasets.ts';
import { recordError } from './last-errors.ts';
import { database } from './session.ts';
import { lockOf, TASK_ORDER, type Task, taskSchema } from './tasks.ts';
import { isUnderway } from './underway.ts';
import { findWeightsById, usableWeights } from './weights.ts';
import { heldElsewhere } from './work-locks.ts';

/** What was begun and is worked on by no tab: the page was reloaded, closed, or crashed. */
export interface Interrupted {
  readonly task: Task;
  readonly stage: string;
  readonly progress: StoredEntry['progress'];
  readonly begunAt: number;
  /** Whether images must be read for it, or only what is stored. */
  readonly needsFiles: boolean;
}

export interface InterruptedState {
  /** Of the open data set and of weights, in the order in which they are gone on with. */
  readonly entries: readonly Interrupted[];
}

export const interruptedStore = createStore<InterruptedState>()(() => ({ entries: [] }));

const entrySchema = v.object({
  task: taskSchema,
  stage: v.string(),
  progress: v.nullable(v.object({ done: v.number(), total: v.number(), unit: v.string() })),
  begunAt: v.number(),
});

/** Looks into the journal; whenever a data set was opened, and whenever a task has begun or ended. */
export async function refreshInterrupted(): Promise<void> {
  try {
    const datasetId = datasetStore.getState().dataset?.id;
    const begun = [
      ...(datasetId === undefined ? [] : await begunEntries(database, datasetId)),
      ...(await begunEntries(database, '')),
    ];
    const entries: Interrupted[] = [];
    for (const entry of begun) {
      // A newer version of the app may have other tasks.
      const parsed = v.safeParse(entrySchema, entry);
      if (!parsed.success) continue;
      const { task, stage, progress, begunAt } = parsed.output;
      if (isUnderway(task) || (await heldElsewhere(lockOf(task)))) continue;
      entries.push({ task, stage, progress, begunAt, needsFiles: await needsFiles(task) });
    }
    const order = ({ task }: Interrupted) => TASK_ORDER.indexOf(task.kind);
    entries.sort((a, b) => order(a) - order(b));
    if (datasetStore.getState().dataset?.id === datasetId) interruptedStore.setState({ entries });
  } catch (error) {
    // Whatever else needs the storage says so on its screen.
    recordError(toAppError(error));
  }
}

/** Whether what was begun for a data set, here or in another tab, still reads images. */
export async function workNeedsFiles(datasetId: string): Promise<boolean> {
  for (const { task } of await begunEntries(database, datasetId)) {
    const parsed = v.safeParse(taskSchema, task);
    if (parsed.success && (await needsFiles(parsed.output))) return true;
  }
  return false;
}

async function needsFiles(task: Task): Promise<boolean> {
  const { images } = datasetStore.getState();
  if (task.kind === 'read') return true;
  if (task.kind === 'download' || task.kind === 'rescore') return false;
  if (images.some(({ hash }) => hash === null)) return true;
  for (const id of weightsOf(task)) {
    const weights = findWeightsById(id);
    const usable = weights && usableWeights(weights);
    const stored = usable ? await storedHashes(database, usable.featuresKey) : new Set<string>();
    if (images.some(({ hash }) => hash !== null && !stored.has(hash))) return true;
  }
  return false;
}

/** The sets of weights that a task computes features with. */
function weightsOf(task: Extract<Task, { kind: 'embed' | 'compare' }>): ReadonlySet<string> {
  if (task.kind === 'embed') return new Set(task.weightsIds);
  const { singles, ensembles } = task.wanted;
  const ticked = singles.filter(({ frozen, finetuned }) => frozen || finetuned);
  const members = ensembles.flatMap((ensemble) => (ensemble.combine.length > 0 ? ensemble.members : []));
  return new Set([...ticked, ...members].map(({ weightsId }) => weightsId));
}
