import * as v from 'valibot';
import { wantedRunsSchema } from '../../core/plan.ts';
import { AppError } from '../../errors.ts';
import type { Interrupted as InterruptedJob } from '../../jobs/interrupted.ts';
import { createJobs } from '../../jobs/jobs.ts';
import type { JobTraits, Journal } from '../../jobs/journal.ts';
import type { Remedy, RunningJob as Running, Failure as ShownFailure, JobsState as State } from '../../jobs/runner.ts';
import { inMegabytes } from '../../numerals.ts';
import { putEntry, startedEntries } from '../../storage/journal.ts';
import { context, database, onEngineTrouble } from '../context.ts';
import { engineStore } from '../engine.ts';
import { settingsStore } from '../settings/settings.ts';
import { noticeTrouble } from '../settings/storage-trouble.ts';

export type { StartedJob } from '../../jobs/journal.ts';
export type { RemoteJob } from '../../jobs/other-tab.ts';
export type { JobContext, Remedy } from '../../jobs/runner.ts';

export type Screen = 'data' | 'models' | 'comparison' | 'search' | 'dashboard' | 'settings';

/**
 * What the user can start that takes long and is written down in the journal, with all that is needed to resume it.
 * `subject` is the digest of the images and labels that are scored.
 */
const jobSchema = v.variant('kind', [
  v.object({ kind: v.literal('read'), datasetId: v.string() }),
  v.object({ kind: v.literal('download'), weightsId: v.string() }),
  v.object({ kind: v.literal('embed'), datasetId: v.string(), weightsIds: v.pipe(v.array(v.string()), v.readonly()) }),
  v.object({ kind: v.literal('compare'), datasetId: v.string(), wanted: wantedRunsSchema }),
  v.object({ kind: v.literal('best'), datasetId: v.string(), k: v.number(), budgetMs: v.number() }),
  v.object({ kind: v.literal('rescore'), datasetId: v.string(), subject: v.string() }),
]);
export type Job = v.InferOutput<typeof jobSchema>;
export type Failure = ShownFailure<Screen>;
export type RunningJob = Running<Job, Screen>;
export type JobsState = State<Job, Screen>;
export type Interrupted = InterruptedJob<Job>;

const SCREENS = {
  read: 'data',
  download: 'models',
  embed: 'models',
  compare: 'comparison',
  best: 'comparison',
  rescore: 'comparison',
} as const satisfies Record<Job['kind'], Screen>;

function traitsOf(job: Job): JobTraits<Screen> {
  const screen = SCREENS[job.kind];
  if (job.kind === 'download') {
    const { weightsId } = job;
    return { screen, scope: null, name: `download ${weightsId}`, lock: `${WEIGHTS}${weightsId}` };
  }
  // Reading starts by itself wherever a folder is dropped: what another tab says of its own is enough then.
  return { screen, scope: job.datasetId, name: job.kind, lock: job.datasetId, quiet: job.kind === 'read' };
}

/** Starts the names of locks that are no data set's. */
const WEIGHTS = 'weights ';
/** One import at a time, in all tabs. */
export const IMPORT_LOCK = 'import';

function busyElsewhere(lock: string): AppError {
  if (lock === IMPORT_LOCK) {
    return new AppError('busy-elsewhere', 'Another data set is being imported. Wait for it, then import this one.');
  }
  const what = lock.startsWith(WEIGHTS) ? 'these weights' : 'this data set';
  return new AppError(
    'busy-elsewhere',
    `Another tab of this browser works on ${what}, and two at once would do the same twice. Nothing was changed. Wait for it, or take over here.`,
  );
}

/** The journal as it is stored, in the words that the first versions of the app wrote. */
const journal: Journal = {
  put: ({ scope, name }, { job, state, startedAt, ...rest }) =>
    putEntry(
      database,
      { datasetId: scope ?? '', task: name },
      { ...rest, task: job, state: state === 'started' ? 'begun' : state, begunAt: startedAt },
    ),
  async started(scope) {
    const entries = await startedEntries(database, scope ?? '');
    return entries.map(({ task, stage, progress, begunAt, changedAt }) => ({
      job: task,
      state: 'started',
      stage,
      progress,
      startedAt: begunAt,
      changedAt,
    }));
  },
};

/**
 * The button for a failure that has one of its own: to download the weights that are missing, and do it again; to go on with
 * WASM where the graphics card failed, which is asked, since it is slower. Null for others.
 */
export function remedyFor(error: AppError, again: () => void): Remedy | null {
  return downloadFor(error, again) ?? wasmFor(error, again);
}

/** What downloads a set of weights, and resolves to whether it came; null before the start. */
let download: ((weightsId: string) => Promise<boolean>) | null = null;

/** Downloads are jobs themselves: what makes them is told from above. */
export function downloadBy(by: (weightsId: string) => Promise<boolean>): void {
  download = by;
}

function downloadFor({ code, weightsId }: AppError, again: () => void): Remedy | null {
  const weights = code === 'weights-missing' && weightsId !== null ? context.weights.find(weightsId) : null;
  if (!weights || !download) return null;
  const by = download;
  const size = weights.bytes === null ? '' : ` (${inMegabytes(weights.bytes)})`;
  const run = async () => {
    if (await by(weights.id)) again();
  };
  return { label: `Download ${weights.label}${size}`, run: () => void run() };
}

function wasmFor({ code }: AppError, again: () => void): Remedy | null {
  const onCard = engineStore.getState().engine?.kind === 'webgpu';
  if (!(onCard && (code === 'engine-lost' || code === 'engine-memory' || code === 'engine-unavailable'))) return null;
  const run = () => {
    settingsStore.setState({ wasmInstead: true });
    again();
  };
  return { label: 'Go on with WASM', run };
}

/** All that takes long, on all screens: it outlives the data set that is open. */
export const jobs = createJobs<Job, Screen>({
  name: 'likeness',
  schema: jobSchema,
  traitsOf,
  // What is read can be embedded, what is embedded compared.
  order: ['read', 'download', 'embed', 'compare', 'best', 'rescore'],
  journal,
  remedyFor,
  noticeTrouble,
  busyElsewhere,
});

onEngineTrouble((error) => jobs.warn(error));
