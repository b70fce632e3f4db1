import type * as v from 'valibot';
import type { StoreApi } from 'zustand/vanilla';
import type { AppError } from '../errors.ts';
import { createEvents } from '../events.ts';
import { createInterrupted, type InterruptedState, type Shown } from './interrupted.ts';
import { createStarter, type JobTraits, type Journal, type StartedJob } from './journal.ts';
import { createLocks } from './locks.ts';
import { createOtherTab, type OtherTabState, type TakeOverSteps } from './other-tab.ts';
import {
  createRunner,
  type Failure,
  type FailureOptions,
  type JobContext,
  type JobIdentity,
  type JobsState,
  type RecordedError,
  type Remedy,
  type RunOptions,
} from './runner.ts';

/** A job that is written down, with all that is needed to resume it; plain data. */
export interface JobData {
  readonly kind: string;
}

/** What those who know the domain hand in. */
export interface JobsOptions<Job extends JobData, Screen> extends FailureOptions {
  /** Starts the names of locks and of the channel between tabs. */
  readonly name: string;
  /** All kinds of job; refuses what is none. */
  readonly schema: v.GenericSchema<unknown, Job>;
  traitsOf(job: Job): JobTraits<Screen>;
  /** The kinds in the order in which interrupted jobs are resumed. */
  readonly order: readonly Job['kind'][];
  readonly journal: Journal;
  /** The failure where another tab has a lock. */
  busyElsewhere(lock: string): AppError;
}

export type JobEvent<Job> =
  /** This tab has started a job, or it has ended, however it did. */
  | { readonly kind: 'started'; readonly scope: string | null; readonly job: Job }
  | { readonly kind: 'ended'; readonly scope: string | null; readonly job: Job; readonly finished: boolean }
  /** Another tab has stopped working in the shown scope: more may be stored than is shown. */
  | { readonly kind: 'ended-elsewhere'; readonly scope: string };

export interface Jobs<Job extends JobData, Screen> {
  /** What runs, with its progress, and what failed. */
  readonly store: StoreApi<JobsState<Job, Screen>>;
  on(listener: (event: JobEvent<Job>) => void): () => void;

  /**
   * Runs one job: shows it on every screen with its progress and a way to cancel, and turns a failure into a sentence
   * on its screen. Resolves to whether it came to its end; never rejects.
   */
  run(options: RunOptions<Screen>, work: (context: JobContext) => Promise<void>): Promise<boolean>;
  /**
   * Starts a job that outlives the tab: written down from its start to its end, under the lock by which one tab at a time
   * works on a thing. Who asks for the very same job while it is under way waits for the same end; the same entry with
   * other content starts after it. Resolves to whether it came to its end.
   */
  start(job: Job, work: (started: StartedJob) => Promise<boolean>): Promise<boolean>;
  /** Makes a change under these locks; resolves to false where another tab has one of them, and says so while that is so. */
  exclusively(locks: readonly string[], change: () => Promise<void>): Promise<boolean>;
  /** Takes a lock where no other tab has it. Call what it resolves to when done; null where another tab has it. */
  hold(lock: string): Promise<(() => void) | null>;
  /** Cancels the jobs that match, also those that wait or are not shown yet. */
  cancel(matches: (job: JobIdentity<Job, Screen>) => boolean): void;
  /** Stops the started jobs of a scope without calling them cancelled: they are interrupted, and can be resumed. */
  leave(scope: string): void;
  /** Resolves to true once nothing runs and nothing is being written down, to false where that takes longer. */
  idle(withinMs?: number): Promise<boolean>;

  /** Shows a failure on its screen; what concerns storing as a whole, on every screen. */
  fail(screen: Screen, error: unknown, remedy?: Remedy | null): void;
  /** Says on every screen what went otherwise than planned, while the work goes on. The same sentence is shown once. */
  warn(error: AppError, where?: Pick<Failure<Screen>, 'about' | 'until'>): void;
  /** Says on every screen why what was asked for is not done, until `stands` resolves to false. */
  refuse(error: AppError, stands: () => Promise<boolean>): void;
  dismiss(failureId: number): void;
  /** Takes back the failures by this error, of those that are meant: its cause is gone. */
  mended(code: AppError['code'], isMeant?: (failure: Failure<Screen>) => boolean): void;
  /** Keeps an error for the diagnostic report without showing it, and hands it back. */
  record(error: AppError): AppError;
  lastErrors(): readonly RecordedError[];

  /**
   * From now on the tab shows this scope: `interrupted` and `otherTab` are about it. Null: no scope, and nothing is shown
   * until the next refresh; the journal is not read, since all that is stored may just have been deleted.
   */
  show(shown: Shown<Job> | null): Promise<void>;
  readonly interrupted: {
    readonly store: StoreApi<InterruptedState<Job>>;
    /** For when what jobs need of the user has changed; jobs that start and end are seen without it. */
    refresh(): Promise<void>;
    /** Resumes them one after the other, until one does not come to its end. */
    resume(one: (job: Job) => Promise<boolean>): Promise<void>;
    /** Leaves it at that: what was computed stays, and the user is not asked again. */
    forget(): Promise<void>;
  };
  readonly otherTab: {
    readonly store: StoreApi<OtherTabState>;
    /** The other tab stops after its batch, and this one resumes what it has started. Rejects where it could not. */
    takeOver(steps: TakeOverSteps): Promise<void>;
  };
  /** Cancels everything and stops listening; for tests. */
  close(): void;
}

/** All that runs, can be cancelled, is resumed after a reload, and is not done by two tabs at once. */
export function createJobs<Job extends JobData, Screen>(options: JobsOptions<Job, Screen>): Jobs<Job, Screen> {
  const { name, schema, traitsOf, order, journal, busyElsewhere } = options;
  const runner = createRunner<Job, Screen>(options);
  const locks = createLocks(`${name}-work`);
  const { on, tell } = createEvents<JobEvent<Job>>();
  let shown: Shown<Job> | null = null;
  const starter = createStarter<Job, Screen>({
    journal,
    locks,
    runner,
    traitsOf,
    busyElsewhere,
    onStarted(job) {
      void interrupted.refresh();
      tell({ kind: 'started', scope: traitsOf(job).scope, job });
    },
    onEnded: (job, finished) => tell({ kind: 'ended', scope: traitsOf(job).scope, job, finished }),
  });
  const interrupted = createInterrupted<Job, Screen>({
    journal,
    schema,
    traitsOf,
    orderOf: ({ kind }) => order.indexOf(kind),
    isUnderway: starter.isUnderway,
    heldElsewhere: locks.heldElsewhere,
    shown: () => shown,
    record: runner.record,
    fail: runner.fail,
  });
  const otherTab = createOtherTab<Job>({
    channel: `${name}-tabs`,
    locks,
    shownScope: () => shown?.scope ?? null,
    runningUnder: (lock) => runner.store.getState().running.filter(({ job }) => job && traitsOf(job).lock === lock),
    onProgress: (listener) => runner.store.subscribe(listener),
    leave: starter.leave,
    needsInput: interrupted.needsInput,
    onEndedElsewhere(scope) {
      void interrupted.refresh();
      tell({ kind: 'ended-elsewhere', scope });
    },
  });

  function cancel(matches: (job: JobIdentity<Job, Screen>) => boolean): void {
    starter.cancel(matches);
    for (const job of runner.store.getState().running) if (matches(job)) job.cancel();
  }

  async function idle(withinMs?: number): Promise<boolean> {
    const whenIdle = async () => {
      while (starter.busy() || runner.store.getState().running.length > 0) {
        await starter.ended();
        await runner.nothingRuns();
      }
      return true;
    };
    if (withinMs === undefined) return whenIdle();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<boolean>((resolve) => {
      timer = setTimeout(() => resolve(false), withinMs);
    });
    return Promise.race([whenIdle(), late]).finally(() => clearTimeout(timer));
  }

  return {
    store: runner.store,
    on,
    run: (shownAs, work) => runner.run(shownAs, work),
    start: (job, work) => starter.start(job, work).finally(interrupted.refresh),
    exclusively: starter.exclusively,
    hold: locks.hold,
    cancel,
    leave: starter.leave,
    idle,
    fail: runner.fail,
    warn: runner.warn,
    refuse: runner.refuse,
    dismiss: runner.dismiss,
    mended: runner.mended,
    record: runner.record,
    lastErrors: runner.lastErrors,
    async show(next) {
      shown = next;
      void otherTab.look();
      // What was reported before belongs to another scope.
      interrupted.clear();
      if (next) await interrupted.refresh();
    },
    interrupted: {
      store: interrupted.store,
      refresh: interrupted.refresh,
      resume: interrupted.resume,
      forget: interrupted.forget,
    },
    otherTab: { store: otherTab.store, takeOver: otherTab.takeOver },
    close() {
      cancel(() => true);
      otherTab.close();
    },
  };
}
