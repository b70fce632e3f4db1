import * as v from 'valibot';
import { wantedRunsSchema } from '../core/plan.ts';
import type { EntryKey } from '../storage/journal.ts';
import type { Screen } from './activity.ts';

/**
 * What a person can begin that takes long and is written down in the journal, with all that is needed to go on.
 * `subject` is the digest of the images and labels that are scored.
 */
export const taskSchema = v.variant('kind', [
  v.object({ kind: v.literal('read'), datasetId: v.string() }),
  v.object({ kind: v.literal('download'), weightsId: v.string() }),
  v.object({ kind: v.literal('embed'), datasetId: v.string(), weightsIds: v.pipe(v.array(v.string()), v.readonly()) }),
  v.object({ kind: v.literal('compare'), datasetId: v.string(), wanted: wantedRunsSchema }),
  v.object({ kind: v.literal('rescore'), datasetId: v.string(), subject: v.string() }),
]);
export type Task = v.InferOutput<typeof taskSchema>;

/** In the order in which interrupted tasks are gone on with: what is read can be embedded, what is embedded compared. */
export const TASK_ORDER: readonly Task['kind'][] = ['read', 'download', 'embed', 'compare', 'rescore'];

/** A task of the same kind begun again on the same data set is the same entry. */
export function entryKey(task: Task): EntryKey {
  return task.kind === 'download'
    ? { datasetId: '', task: `download ${task.weightsId}` }
    : { datasetId: task.datasetId, task: task.kind };
}

export function screenOf({ kind }: Task): Screen {
  return kind === 'read' ? 'data' : kind === 'download' || kind === 'embed' ? 'models' : 'comparison';
}

/** What only one tab works on at a time. */
export function lockOf(task: Task): string {
  return task.kind === 'download' ? `weights ${task.weightsId}` : task.datasetId;
}
