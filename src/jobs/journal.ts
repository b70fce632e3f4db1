import { type AppError, toAppError } from '../errors.ts';
import type { Locks } from './locks.ts';
import type { createRunner, JobContext, JobIdentity, Line, StageOptions } from './runner.ts';

/** A job as it is written down: when it starts, at every stage, and when it ends. */
export interface JournalEntry {
  readonly job: unknown;
  /** `started` without a tab that works on it: it was interrupted. */
  readonly state: 'started' | 'finished' | 'cancelled' | 'failed';
  /** The name that the screen gave to what was being done. */
  readonly stage: string;
  /** Written every few seconds: what storage holds is the truth, this is for the user. */
  readonly progress: { readonly done: number; readonly total: number; readonly unit: string } | null;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly changedAt: number;
}

/** Names an entry: a job of the same scope and name that is started again replaces it. */
export interface JournalKey {
  readonly scope: string | null;
  readonly name: string;
}

/** Where jobs are written down. */
export interface Journal {
  put(key: JournalKey, entry: JournalEntry): Promise<void>;
  /** What was started in a scope (null: in none) and has not ended, the oldest first; the content is not checked. */
  started(scope: string | null): Promise<readonly JournalEntry[]>;
}

/** What must be known of a job that is written down. */
export interface JobTraits<Screen> {
  readonly screen: Screen;
  readonly scope: string | null;
  /** A job of the same name in the same scope, started again, is the same entry of the journal. */
  readonly name: string;
  /** What only one tab works on at a time. What belongs to a scope has the scope's name as its lock. */
  readonly lock: string;
  /** Starts without being asked: where another tab has the lock, nothing is said. */
  readonly quiet?: boolean;
}

/** What the work of a started job is given. */
export interface StartedJob {
  /** Aborted when it is cancelled, or left to another tab. */
  readonly signal: AbortSignal;
  /** Shows it on its screen while it works; resolves to whether it came to its end. */
  run(options: StageOptions, work: (context: JobContext) => Promise<void>): Promise<boolean>;
}

export interface StarterOptions<Job, Screen> {
  readonly journal: Journal;
  readonly locks: Locks;
  readonly runner: ReturnType<typeof createRunner<Job, Screen>>;
  traitsOf(job: Job): JobTraits<Screen>;
  busyElsewhere(lock: string): AppError;
  onStarted(job: Job): void;
  onEnded(job: Job, finished: boolean): void;
}

interface Underway<Job, Screen> extends JobIdentity<Job, Screen> {
  readonly job: Job;
  readonly traits: JobTraits<Screen>;
  /** Equal texts, equal jobs. */
  readonly content: string;
  readonly controller: AbortController;
  /** It is to be resumed later, here or in another tab. */
  left: boolean;
  ended: Promise<boolean>;
}

/** Starts jobs that are written down: each once at a time, under its lock, in the journal from its start to its end. */
export function createStarter<Job, Screen>(options: StarterOptions<Job, Screen>) {
  const { journal, locks, runner, traitsOf, busyElsewhere, onStarted, onEnded } = options;
  /** What this tab works on, or has waiting, in the order in which it was asked for. */
  const underway = new Set<Underway<Job, Screen>>();

  const sameEntry = ({ scope, name }: JobTraits<Screen>): Underway<Job, Screen>[] =>
    [...underway].filter(({ traits }) => traits.scope === scope && traits.name === name);

  /**
   * Resolves to whether the job came to its end. Who asks for the very same job waits for the same end; the same entry
   * with other content starts after it.
   */
  function start(job: Job, work: (started: StartedJob) => Promise<boolean>): Promise<boolean> {
    const traits = traitsOf(job);
    const content = JSON.stringify(job);
    const before = sameEntry(traits).at(-1);
    // One that was cancelled a moment ago will not come to its end.
    if (before?.content === content && !before.controller.signal.aborted) return before.ended;
    const { screen, scope } = traits;
    const ended = Promise.resolve(false);
    const controller = new AbortController();
    const mine: Underway<Job, Screen> = { screen, scope, job, traits, content, controller, left: false, ended };
    underway.add(mine);
    mine.ended = inOrder(mine, before, work);
    return mine.ended;
  }

  async function inOrder(
    mine: Underway<Job, Screen>,
    before: Underway<Job, Screen> | undefined,
    work: (started: StartedJob) => Promise<boolean>,
  ): Promise<boolean> {
    try {
      if (before) await before.ended.catch(() => {});
      // Cancelled while it waited. What was left is written down, or refused by another tab's lock, which says so.
      if (mine.controller.signal.aborted && !mine.left) return false;
      return await underLock(mine, work);
    } finally {
      underway.delete(mine);
    }
  }

  async function underLock(
    mine: Underway<Job, Screen>,
    work: (started: StartedJob) => Promise<boolean>,
  ): Promise<boolean> {
    const { job, traits, controller } = mine;
    const { screen, scope, lock, quiet = false } = traits;
    const release = await locks.hold(lock);
    if (!release) {
      if (!quiet) refuse(lock);
      return false;
    }
    let finished = false;
    try {
      const line = await openLine(journal, traits, job, controller, runner.record);
      onStarted(job);
      try {
        // A job left before it could start can be resumed too.
        if (!controller.signal.aborted) {
          finished = await work({
            signal: controller.signal,
            run: (shown, inside) => runner.run({ ...shown, screen, scope }, inside, line),
          });
        }
      } finally {
        await line.close({ finished, left: mine.left });
      }
    } finally {
      release();
      underway.delete(mine);
      onEnded(job, finished);
    }
    return finished;
  }

  /** Says that another tab has the lock, for as long as it does. */
  function refuse(lock: string): void {
    runner.refuse(busyElsewhere(lock), () => locks.heldElsewhere(lock));
  }

  /** Makes a change under these locks; resolves to false where another tab has one of them, and says so while that is so. */
  async function exclusively(wanted: readonly string[], change: () => Promise<void>): Promise<boolean> {
    const [first, ...others] = wanted;
    if (first === undefined) {
      await change();
      return true;
    }
    const release = await locks.hold(first);
    if (!release) {
      refuse(first);
      return false;
    }
    try {
      return await exclusively(others, change);
    } finally {
      release();
    }
  }

  return {
    start,
    exclusively,
    isUnderway: (job: Job): boolean => sameEntry(traitsOf(job)).length > 0,
    cancel(matches: (job: JobIdentity<Job, Screen>) => boolean): void {
      for (const mine of underway) if (matches(mine)) mine.controller.abort();
    },
    /** Stops all work under this lock without calling it cancelled: it is to be resumed. */
    leave(lock: string): void {
      for (const mine of underway) {
        if (mine.traits.lock !== lock) continue;
        mine.left = true;
        mine.controller.abort();
      }
    },
    busy: (): boolean => underway.size > 0,
    /** Resolves once all that is under way now has ended. */
    async ended(): Promise<void> {
      await Promise.allSettled([...underway].map((mine) => mine.ended));
    },
  };
}

/** Progress is written this often: what was computed is known from storage, the journal only says so at once. */
const PROGRESS_EVERY_MS = 3000;

interface OpenLine<Job> extends Line<Job> {
  /** Writes how it ended; a job that is to be resumed stays started. */
  close(how: { readonly finished: boolean; readonly left: boolean }): Promise<void>;
}

/** Writes down that the job was started; resolves when that is stored, so that no crash can come before it. */
async function openLine<Job>(
  journal: Journal,
  key: JournalKey,
  job: Job,
  controller: AbortController,
  record: (error: AppError) => void,
): Promise<OpenLine<Job>> {
  const startedAt = Date.now();
  let entry: JournalEntry = { job, state: 'started', stage: '', progress: null, startedAt, changedAt: startedAt };
  let ending: 'cancelled' | 'failed' = 'cancelled';
  let unit = '';
  let writing = Promise.resolve();
  const write = (part: Partial<JournalEntry>): Promise<void> => {
    entry = { ...entry, ...part, changedAt: Date.now() };
    const now = entry;
    // The work itself goes on: it is refused by the storage soon enough where that has no room, and then says so.
    writing = writing.then(() => journal.put(key, now)).catch((error) => record(toAppError(error)));
    return writing;
  };
  await write({});
  return {
    job,
    controller,
    stage(name, newUnit = unit) {
      unit = newUnit;
      if (name !== entry.stage) void write({ stage: name, progress: null });
    },
    progress({ done, total }) {
      if (Date.now() - entry.changedAt >= PROGRESS_EVERY_MS) void write({ progress: { done, total, unit } });
    },
    failed() {
      ending = 'failed';
    },
    close: ({ finished, left }) => write({ state: finished ? 'finished' : left ? 'started' : ending }),
  };
}
