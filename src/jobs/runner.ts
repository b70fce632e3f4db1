import { createStore, type StoreApi } from 'zustand/vanilla';
import { type AppError, isAborted, sentenceOf, toAppError } from '../errors.ts';
import type { Progress } from '../types.ts';

/** What tells jobs apart: by these, some of them can be cancelled. */
export interface JobIdentity<Job, Screen> {
  readonly screen: Screen;
  /** Whose job it is, as the open data set's: all jobs of a scope can be cancelled together. Null: of no scope. */
  readonly scope: string | null;
  /** As the journal knows it; null where it is not written down. */
  readonly job: Job | null;
}

/** Which part of a job runs, of several that are done one after the other. */
export interface Part {
  /** What the parts are: "model". */
  readonly noun: string;
  /** From 1. */
  readonly number: number;
  readonly of: number;
  /** That it will take to do what follows what is being reported; null where that is not known. */
  readonly secondsAfter: number | null;
}

/** A job that runs now. */
export interface RunningJob<Job, Screen> extends JobIdentity<Job, Screen> {
  readonly id: number;
  /** What is being done now, as "Downloading ResNet-50". */
  readonly stage: string;
  /** What progress counts. */
  readonly unit: string;
  /** Null until the first report of a stage. */
  readonly progress: Progress | null;
  /** Null of a job that has no parts: then `progress` is that of all of it. */
  readonly part: Part | null;
  /** Whether it was asked to stop, which takes until what it is in the middle of is done. */
  readonly stopping: boolean;
  readonly cancel: () => void;
}

/** The one button that does what is to be done after a failure. */
export interface Remedy {
  readonly label: string;
  readonly run: () => void;
  /** False once other work has done what failed: the failure is then taken back. */
  readonly needed?: () => boolean;
}

/** A failure, or something that went otherwise than planned, shown where it happened until dismissed. */
export interface Failure<Screen> {
  readonly id: number;
  /** Null: on every screen. */
  readonly screen: Screen | null;
  /** `wrong`: something ended. `warning`: it goes on, otherwise than planned. */
  readonly tone: 'wrong' | 'warning';
  /** What happened, what was kept, what to do. */
  readonly message: string;
  readonly remedy: Remedy | null;
  /** The error that ended it. */
  readonly code?: AppError['code'];
  /** The scope that it is about: it goes when that is left. */
  readonly about?: string;
  /** The scope that it is to be said outside of: it goes when that is shown. */
  readonly until?: string;
}

export interface JobsState<Job, Screen> {
  readonly running: readonly RunningJob<Job, Screen>[];
  readonly failures: readonly Failure<Screen>[];
}

/** An error as the diagnostic report knows it. */
export interface RecordedError {
  readonly at: string;
  readonly code: string;
  /** May hold names of files. */
  readonly message: string;
  /** What lies below, the nearest first; may hold names of files. */
  readonly causes: readonly string[];
}

/** What a job is shown as. */
export interface StageOptions {
  /** Its first stage. */
  readonly stage: string;
  readonly unit: string;
  /** The button that is shown when it fails; what helps may depend on how it failed. */
  readonly remedy?: Remedy | ((error: AppError) => Remedy) | null;
}

export interface RunOptions<Screen> extends StageOptions {
  readonly screen: Screen;
  readonly scope?: string | null;
}

/** What a job is given to do its work with. */
export interface JobContext {
  readonly signal: AbortSignal;
  report(progress: Progress): void;
  /** Names what is being done now, where a job has several stages. */
  stage(name: string, unit?: string): void;
  /** Says which part of the job runs from now on, so that it is seen whole. */
  part(part: Part): void;
}

/** A job's line in the journal while it is worked on: where its stages and its progress are written down as well. */
export interface Line<Job> {
  readonly job: Job;
  /** Aborts all of the job, not only what is shown now. */
  readonly controller: AbortController;
  stage(name: string, unit?: string): void;
  progress(progress: Progress): void;
  failed(): void;
}

export interface FailureOptions {
  /** A better remedy for this error than the job's own; `again` is what the job's own would do. */
  remedyFor(error: AppError, again: () => void): Remedy | null;
  /** Shows what the error says of storing as a whole, on every screen. True where that has said it all. */
  noticeTrouble(error: AppError): boolean;
}

/** Screens are told of progress at most this often; the eye sees no more, and rendering costs time. */
const REPORT_EVERY_MS = 150;
/** How often it is asked whether the obstacle to a job is still there. */
const LOOK_EVERY_MS = 1000;
/** Errors that the diagnostic report names. */
const ERRORS_KEPT = 20;

/** Shows jobs while they run, with progress and a way to cancel them, and their failures with a remedy. */
export function createRunner<Job, Screen>({ remedyFor, noticeTrouble }: FailureOptions) {
  const store: StoreApi<JobsState<Job, Screen>> = createStore<JobsState<Job, Screen>>()(() => ({
    running: [],
    failures: [],
  }));
  const kept: RecordedError[] = [];
  let nextId = 1;

  /** Resolves to whether the work came to its end. `line` is the job's line in the journal, where it has one. */
  async function run(
    { screen, scope = null, stage, unit, remedy = null }: RunOptions<Screen>,
    work: (context: JobContext) => Promise<void>,
    line: Line<Job> | null = null,
  ): Promise<boolean> {
    const controller = line?.controller ?? new AbortController();
    const { signal } = controller;
    const id = nextId++;
    const cancel = () => controller.abort();
    const about = { id, screen, scope, job: line?.job ?? null };
    const running = { ...about, stage, unit, progress: null, part: null, stopping: signal.aborted, cancel };
    const change = (part: Partial<RunningJob<Job, Screen>>) =>
      store.setState((state) => ({ running: state.running.map((job) => (job.id === id ? { ...job, ...part } : job)) }));
    store.setState((state) => ({
      running: [...state.running, running],
      // A new attempt takes the place of what failed before on this screen.
      failures: state.failures.filter((failure) => failure.screen !== screen),
    }));
    line?.stage(stage, unit);
    signal.addEventListener('abort', () => change({ stopping: true }), { once: true });
    let reported = 0;
    try {
      signal.throwIfAborted();
      await work({
        signal,
        report(progress) {
          const now = performance.now();
          if (now - reported < REPORT_EVERY_MS && progress.done < progress.total) return;
          reported = now;
          change({ progress });
          line?.progress(progress);
        },
        stage(name, newUnit) {
          change({ stage: name, progress: null, ...(newUnit ? { unit: newUnit } : {}) });
          line?.stage(name, newUnit);
        },
        part(part) {
          change({ part });
        },
      });
      dropNeedless();
      return true;
    } catch (error) {
      if (isAborted(error)) return false;
      line?.failed();
      const known = toAppError(error);
      const own = typeof remedy === 'function' ? remedy(known) : remedy;
      fail(screen, known, own && { ...own, ...remedyFor(known, own.run) });
      return false;
    } finally {
      store.setState((state) => ({ running: state.running.filter((job) => job.id !== id) }));
    }
  }

  /** Shows a failure on its screen; what concerns storing as a whole, on every screen. */
  function fail(screen: Screen, error: unknown, remedy: Remedy | null = null): void {
    const known = record(toAppError(error));
    if (noticeTrouble(known)) return;
    show({ id: nextId++, screen, tone: 'wrong', message: sentenceOf(known), remedy, code: known.code });
  }

  /** Says on every screen what went otherwise than planned, while the work goes on. The same sentence is shown once. */
  function warn(error: AppError, where: Pick<Failure<Screen>, 'about' | 'until'> = {}): void {
    const { message } = record(error);
    const { failures } = store.getState();
    if (failures.some((known) => known.tone === 'warning' && known.message === message)) return;
    show({ id: nextId++, screen: null, tone: 'warning', message, remedy: null, ...where });
  }

  /**
   * Says why what was asked for is not done: on every screen, since it can be asked for on any, and until `stands` resolves to
   * false. Asked for again, it is said again, once.
   */
  function refuse(error: AppError, stands: () => Promise<boolean>): void {
    const { message } = record(error);
    const id = nextId++;
    const same = (failure: Failure<Screen>) => failure.screen === null && failure.message === message;
    store.setState(({ failures }) => ({ failures: failures.filter((failure) => !same(failure)) }));
    show({ id, screen: null, tone: 'wrong', message, remedy: null });
    const look = async () => {
      if (!store.getState().failures.some((failure) => failure.id === id)) return;
      if (await stands().catch(() => false)) lookAgain();
      else dismiss(id);
    };
    const lookAgain = () => setTimeout(() => void look(), LOOK_EVERY_MS);
    lookAgain();
  }

  function show(failure: Failure<Screen>): void {
    store.setState(({ failures }) => ({ failures: [...failures, failure] }));
  }

  function nothingRuns(): Promise<void> {
    return new Promise((resolve) => {
      if (store.getState().running.length === 0) return resolve();
      const stop = store.subscribe(({ running }) => {
        if (running.length > 0) return;
        stop();
        resolve();
      });
    });
  }

  /** The work that just ended may have done what failed before. */
  function dropNeedless(): void {
    const { failures } = store.getState();
    const standing = failures.filter(({ remedy }) => remedy?.needed?.() !== false);
    if (standing.length < failures.length) store.setState({ failures: standing });
  }

  function dismiss(id: number): void {
    store.setState(({ failures }) => ({ failures: failures.filter((failure) => failure.id !== id) }));
  }

  /** The cause of this error is fixed: removes the failures that report it, of those that are meant. */
  function mended(code: AppError['code'], isMeant: (failure: Failure<Screen>) => boolean = () => true): void {
    const stands = (failure: Failure<Screen>) => failure.code !== code || !isMeant(failure);
    store.setState(({ failures }) => ({ failures: failures.filter(stands) }));
  }

  /** Keeps the error for the diagnostic report, and hands it back. */
  function record(error: AppError): AppError {
    const causes: string[] = [];
    for (let { cause } = error as Error; cause instanceof Error && causes.length < 5; { cause } = cause) {
      causes.push(`${cause.name}: ${cause.message}`);
    }
    kept.push({ at: new Date().toISOString(), code: error.code, message: error.message, causes });
    if (kept.length > ERRORS_KEPT) kept.shift();
    return error;
  }

  return {
    store,
    run,
    nothingRuns,
    fail,
    warn,
    refuse,
    dismiss,
    mended,
    record,
    lastErrors: (): readonly RecordedError[] => kept,
  };
}
