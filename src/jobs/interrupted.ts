import * as v from 'valibot';
import { createStore, type StoreApi } from 'zustand/vanilla';
import { type AppError, toAppError } from '../errors.ts';
import type { JobTraits, Journal, JournalEntry } from './journal.ts';

/** What the tab shows: its interrupted jobs, and what other tabs do with it, are told. */
export interface Shown<Job> {
  readonly scope: string;
  /** Whether the job cannot go on without something that the user must give, as files that are to be read. */
  needsInput(job: Job): Promise<boolean>;
}

/** What was started and is worked on by no tab: the page was reloaded, closed, or crashed. */
export interface Interrupted<Job> {
  readonly job: Job;
  readonly stage: string;
  readonly progress: JournalEntry['progress'];
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly needsInput: boolean;
}

export interface InterruptedState<Job> {
  /** Those of the scope on screen, and those of no scope, in the order in which they are resumed. */
  readonly jobs: readonly Interrupted<Job>[];
  /** Which of them is worked on, from 1, while they are resumed one after the other. */
  readonly resuming: { readonly number: number; readonly of: number } | null;
}

export interface InterruptedOptions<Job, Screen> {
  readonly journal: Journal;
  /** Refuses what is no job: a newer version of the app may write down other kinds. */
  readonly schema: v.GenericSchema<unknown, Job>;
  /** Below what else it is resumed: smaller first. */
  orderOf(job: Job): number;
  traitsOf(job: Job): JobTraits<Screen>;
  isUnderway(job: Job): boolean;
  heldElsewhere(lock: string): Promise<boolean>;
  shown(): Shown<Job> | null;
  record(error: AppError): void;
  fail(screen: Screen, error: unknown): void;
}

/** Finds in the journal what was interrupted, to resume it or to leave it at that. */
export function createInterrupted<Job, Screen>(options: InterruptedOptions<Job, Screen>) {
  const { journal, schema, orderOf, traitsOf, isUnderway, heldElsewhere, shown, record, fail } = options;
  const store: StoreApi<InterruptedState<Job>> = createStore<InterruptedState<Job>>()(() => ({
    jobs: [],
    resuming: null,
  }));
  const entrySchema = v.object({
    job: schema,
    stage: v.string(),
    progress: v.nullable(v.object({ done: v.number(), total: v.number(), unit: v.string() })),
    startedAt: v.number(),
  });
  let newest = 0;

  /** Looks into the journal. Where looks overlap, the newest is shown. */
  async function refresh(): Promise<void> {
    const turn = ++newest;
    try {
      const now = shown();
      const jobs: Interrupted<Job>[] = [];
      for (const entry of [...(now ? await journal.started(now.scope) : []), ...(await journal.started(null))]) {
        const parsed = v.safeParse(entrySchema, entry);
        if (!parsed.success) continue;
        const { job } = parsed.output;
        if (isUnderway(job) || (await heldElsewhere(traitsOf(job).lock))) continue;
        jobs.push({ ...parsed.output, needsInput: (await now?.needsInput(job)) ?? false });
      }
      jobs.sort((a, b) => orderOf(a.job) - orderOf(b.job));
      if (turn === newest) store.setState({ jobs });
    } catch (error) {
      // Whatever else needs the storage says so on its screen.
      record(toAppError(error));
    }
  }

  /** Resumes them one after the other, until one does not come to its end. Each asks storage what is missing. */
  async function resume(one: (job: Job) => Promise<boolean>): Promise<void> {
    const { jobs, resuming } = store.getState();
    if (resuming !== null) return;
    try {
      for (const [at, { job }] of jobs.entries()) {
        store.setState({ resuming: { number: at + 1, of: jobs.length } });
        if (!(await one(job))) break;
      }
    } finally {
      await refresh();
      store.setState({ resuming: null });
    }
  }

  /** Leaves it at that: what was computed stays, and the user is not asked again. */
  async function forget(): Promise<void> {
    for (const { job, stage, progress, startedAt } of store.getState().jobs) {
      const entry = { job, stage, progress, startedAt, state: 'cancelled', changedAt: Date.now() } as const;
      const traits = traitsOf(job);
      await journal.put(traits, entry).catch((error) => fail(traits.screen, error));
    }
    await refresh();
  }

  /** Whether what was started in the shown scope, here or in another tab, still needs something of the user's. */
  async function needsInput(): Promise<boolean> {
    const now = shown();
    if (!now) return false;
    for (const { job } of await journal.started(now.scope)) {
      const parsed = v.safeParse(schema, job);
      if (parsed.success && (await now.needsInput(parsed.output))) return true;
    }
    return false;
  }

  /** Shows nothing, without looking into the journal; looks under way no longer count. */
  function clear(): void {
    newest++;
    store.setState({ jobs: [] });
  }

  return { store, clear, refresh, resume, forget, needsInput };
}
