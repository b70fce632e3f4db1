import { AppError } from '../errors.ts';
import type { Screen } from './activity.ts';
import { refreshInterrupted } from './interrupted.ts';
import { type Entry, openEntry } from './journal.ts';
import { fail } from './operations.ts';
import { lockOf, screenOf, type Task } from './tasks.ts';
import { beginOnce } from './underway.ts';
import { hold } from './work-locks.ts';

/**
 * Does what a person began: written down in the journal from its begin to its end, and under the lock by which one tab
 * at a time works on a data set. Resolves to whether it came to its end.
 */
export function undertake(task: Task, work: (entry: Entry) => Promise<boolean>): Promise<boolean> {
  return beginOnce(task, async (signal) => {
    const release = await hold(lockOf(task));
    if (!release) {
      // Reading begins by itself wherever a folder is dropped: the other tab's progress says enough then.
      if (task.kind !== 'read') fail(screenOf(task), elsewhere(task.kind === 'download' ? 'these weights' : DATA_SET));
      return false;
    }
    const entry = await openEntry(task, signal);
    let finished = false;
    try {
      finished = await work(entry);
    } finally {
      await entry.close(finished);
      release();
    }
    return finished;
  }).finally(refreshInterrupted);
}

/** Changes what is stored of a data set; resolves to false where another tab works on it, and says so on that screen. */
export async function exclusively(datasetId: string, screen: Screen, change: () => Promise<void>): Promise<boolean> {
  const release = await hold(datasetId);
  if (!release) {
    fail(screen, elsewhere(DATA_SET));
    return false;
  }
  try {
    await change();
    return true;
  } finally {
    release();
  }
}

/** The same for what several data sets share: under the locks of all of them. */
export async function exclusivelyAll(
  datasetIds: readonly string[],
  screen: Screen,
  change: () => Promise<void>,
): Promise<boolean> {
  const [first, ...others] = datasetIds;
  if (first === undefined) {
    await change();
    return true;
  }
  let changed = false;
  await exclusively(first, screen, async () => {
    changed = await exclusivelyAll(others, screen, change);
  });
  return changed;
}

const DATA_SET = 'this data set';

const elsewhere = (what: string) =>
  new AppError(
    'busy-elsewhere',
    `Another tab of this browser works on ${what}, and two at once would do the same twice. Nothing was changed. Wait for it, or take over here.`,
  );
