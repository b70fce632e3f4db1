import { toAppError } from '../errors.ts';
import { putEntry } from '../storage/journal.ts';
import type { StoredEntry } from '../storage/schema.ts';
import type { Progress } from '../types.ts';
import { recordError } from './last-errors.ts';
import { database } from './session.ts';
import { entryKey, type Task } from './tasks.ts';

/** Progress is written this often: what was computed is known from storage, the journal only says so at once. */
const PROGRESS_EVERY_MS = 3000;

/** A task's line in the journal while it is worked on. */
export interface Entry {
  /** Aborted when the task is to be left to another tab. */
  readonly signal: AbortSignal;
  stage(name: string, unit?: string): void;
  progress(progress: Progress): void;
  /** Why it did not come to its end; written when the entry is closed. */
  ended(how: 'cancelled' | 'failed'): void;
}

export interface OpenEntry extends Entry {
  /** Writes how it ended; a task that was left to another tab stays begun. */
  close(finished: boolean): Promise<void>;
}

/** Writes down that the task was begun; resolves when that is stored, so that no crash can come before it. */
export async function openEntry(task: Task, signal: AbortSignal): Promise<OpenEntry> {
  const begunAt = Date.now();
  let entry: StoredEntry = { task, state: 'begun', stage: '', progress: null, begunAt, changedAt: begunAt };
  let ending: StoredEntry['state'] = 'cancelled';
  let unit = '';
  let writing = Promise.resolve();
  const write = (part: Partial<StoredEntry>): Promise<void> => {
    entry = { ...entry, ...part, changedAt: Date.now() };
    const now = entry;
    // The work itself goes on: it is refused by the storage soon enough where that has no room, and then says so.
    writing = writing
      .then(() => putEntry(database, entryKey(task), now))
      .catch((error) => void recordError(toAppError(error)));
    return writing;
  };
  await write({});
  return {
    signal,
    stage(name, newUnit = unit) {
      unit = newUnit;
      if (name !== entry.stage) void write({ stage: name, progress: null });
    },
    progress({ done, total }) {
      if (Date.now() - entry.changedAt >= PROGRESS_EVERY_MS) void write({ progress: { done, total, unit } });
    },
    ended(how) {
      ending = how;
    },
    close: (finished) => write({ state: finished ? 'finished' : signal.aborted ? 'begun' : ending }),
  };
}
