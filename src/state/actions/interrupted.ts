import { putEntry } from '../../storage/journal.ts';
import { onOtherDataset } from '../dataset-session.ts';
import { datasetStore } from '../datasets.ts';
import { interruptedStore, refreshInterrupted } from '../interrupted.ts';
import { fail } from '../operations.ts';
import { database } from '../session.ts';
import { entryKey, screenOf, type Task } from '../tasks.ts';
import { continueReading } from './data.ts';
import { embed } from './embed.ts';
import { downloadWeights } from './models.ts';
import { unlockFiles } from './open-data.ts';
import { rescore } from './rescore.ts';
import { runComparison } from './run-comparison.ts';

// What was interrupted of the next one is looked up when it is open.
onOtherDataset(() => interruptedStore.setState(interruptedStore.getInitialState()));

/**
 * Goes on with everything that was interrupted, one task after the other, until one of them does not come to its end.
 * Each asks storage what is missing: nothing is computed twice.
 */
export async function continueInterrupted(): Promise<void> {
  const { entries } = interruptedStore.getState();
  const locked = datasetStore.getState().files === 'locked';
  if (locked && entries.some(({ needsFiles }) => needsFiles) && !(await unlockFiles())) return;
  for (const { task } of entries) if (!(await goOn(task))) break;
  await refreshInterrupted();
}

function goOn(task: Task): Promise<boolean> {
  switch (task.kind) {
    case 'read':
      return continueReading();
    case 'download':
      return downloadWeights(task.weightsId);
    case 'embed':
      return embed(task.weightsIds);
    case 'compare':
      return runComparison(task.wanted);
    case 'rescore':
      return rescore();
  }
}

/** Leaves it at that: what was computed stays, and nobody is asked again. */
export async function forgetInterrupted(): Promise<void> {
  for (const { task, stage, progress, begunAt } of interruptedStore.getState().entries) {
    const entry = { task, stage, progress, begunAt, state: 'cancelled', changedAt: Date.now() } as const;
    await putEntry(database, entryKey(task), entry).catch((error) => fail(screenOf(task), error));
  }
  await refreshInterrupted();
}
