import { AppError } from '../../errors.ts';
import { storedHashes } from '../../storage/features.ts';
import { datasetStore } from '../datasets.ts';
import { type Job, jobs } from '../jobs.ts';
import { database } from '../session.ts';
import { findWeightsById, usableWeights } from '../weights.ts';
import { continueReading } from './data.ts';
import { reopenDataset } from './datasets.ts';
import { embed } from './embed.ts';
import { downloadWeights } from './models.ts';
import { allowReading, unlockFiles } from './open-data.ts';
import { refreshScreens } from './refresh.ts';
import { rescore } from './rescore.ts';
import { runComparison } from './run-comparison.ts';

/** From now on interrupted jobs and other tabs' work are told of whichever data set is open; called once at start. */
export function watchJobs(): void {
  jobs.on(({ kind }) => {
    if (kind === 'ended-elsewhere') void reload().catch((error) => jobs.fail('data', error));
  });
  let shown: string | null = null;
  datasetStore.subscribe(({ dataset }) => {
    const id = dataset?.id ?? null;
    if (id === shown) return;
    shown = id;
    void jobs.show(id === null ? null : { scope: id, needsInput: needsFiles });
  });
}

async function reload(): Promise<void> {
  await reopenDataset();
  await refreshScreens();
}

/**
 * Goes on with everything that was interrupted, one job after the other, until one of them does not come to its end.
 * Each asks storage what is missing: nothing is computed twice.
 */
export async function continueInterrupted(): Promise<void> {
  const interrupted = jobs.interrupted.store.getState().jobs;
  const locked = datasetStore.getState().files === 'locked';
  if (locked && interrupted.some(({ needsInput }) => needsInput) && !(await unlockFiles())) return;
  await jobs.interrupted.resume(resumed);
}

function resumed(job: Job): Promise<boolean> {
  switch (job.kind) {
    case 'read':
      return continueReading();
    case 'download':
      return downloadWeights(job.weightsId);
    case 'embed':
      return embed(job.weightsIds);
    case 'compare':
      return runComparison(job.wanted);
    case 'rescore':
      return rescore();
  }
}

/** Leaves it at that: what was computed stays, and the user is not asked again. */
export async function forgetInterrupted(): Promise<void> {
  await jobs.interrupted.forget();
}

/** The other tab stops after its batch, and this one resumes what it has started. */
export async function takeOver(): Promise<void> {
  try {
    await jobs.otherTab.takeOver({ obtainInput: obtainFiles, reload, resume: continueInterrupted });
  } catch (error) {
    jobs.fail('data', error);
  }
}

async function obtainFiles(): Promise<void> {
  if (await allowReading()) return;
  throw new AppError(
    'files-gone',
    'The other tab reads images, and this one has no access to their folder. Nothing was changed there. Drop the folder here, then take over.',
  );
}

/** Whether a job of the open data set still reads images. */
async function needsFiles(job: Job): Promise<boolean> {
  const { images } = datasetStore.getState();
  if (job.kind === 'read') return true;
  if (job.kind === 'download' || job.kind === 'rescore') return false;
  if (images.some(({ hash }) => hash === null)) return true;
  for (const id of weightsOf(job)) {
    const weights = findWeightsById(id);
    const usable = weights && usableWeights(weights);
    const stored = usable ? await storedHashes(database, usable.featuresKey) : new Set<string>();
    if (images.some(({ hash }) => hash !== null && !stored.has(hash))) return true;
  }
  return false;
}

/** The sets of weights that a job computes features with. */
function weightsOf(job: Extract<Job, { kind: 'embed' | 'compare' }>): ReadonlySet<string> {
  if (job.kind === 'embed') return new Set(job.weightsIds);
  const { singles, ensembles } = job.wanted;
  const ticked = singles.filter(({ frozen, finetuned }) => frozen || finetuned);
  const members = ensembles.flatMap((ensemble) => (ensemble.combine.length > 0 ? ensemble.members : []));
  return new Set([...ticked, ...members].map(({ weightsId }) => weightsId));
}
