import { AppError, toAppError } from '../../errors.ts';
import { usableHashes } from '../../storage/imported.ts';
import { rescore } from '../comparison/rescore.ts';
import { database } from '../context.ts';
import { reopenDataset } from '../dataset/datasets.ts';
import { allowReading, unlockFiles } from '../dataset/open.ts';
import { continueReading } from '../dataset/read.ts';
import { embed } from '../models/embed.ts';
import { downloadWeights } from '../models/rows.ts';
import { findWeightsById, usableWeights } from '../models/weights.ts';
import { openedWorkspace } from '../opened.ts';
import type { Workspace } from '../workspace.ts';
import { type Job, jobs } from './jobs.ts';

/** From now on the open data set is shown again when another tab has worked on it; called once at start. */
export function watchJobs(): void {
  jobs.on(({ kind }) => {
    if (kind === 'ended-elsewhere') void reload().catch((error) => jobs.fail('data', error));
  });
}

async function reload(): Promise<void> {
  await reopenDataset();
  await openedWorkspace().catchUp.settled();
}

/**
 * Goes on with everything that was interrupted, one job after the other, until one of them does not come to its end.
 * Each asks storage what is missing: nothing is computed twice.
 */
export async function continueInterrupted(): Promise<void> {
  const interrupted = jobs.interrupted.store.getState().jobs;
  const locked = openedWorkspace().dataset.getState().files === 'locked';
  if (locked && interrupted.some(({ needsInput }) => needsInput) && !(await unlockFiles(openedWorkspace()))) return;
  await jobs.interrupted.resume(resumed);
}

function resumed(job: Job): Promise<boolean> {
  switch (job.kind) {
    case 'read':
      return continueReading(openedWorkspace());
    case 'download':
      return downloadWeights(openedWorkspace(), job.weightsId);
    case 'embed':
      return embed(openedWorkspace(), job.weightsIds);
    case 'compare':
      return import('../comparison/run-comparison.ts').then(({ runComparison }) =>
        runComparison(openedWorkspace(), job.wanted),
      );
    case 'best':
      return import('../comparison/best.ts').then(({ chooseBest }) =>
        chooseBest(openedWorkspace(), job.k, job.budgetMs),
      );
    case 'rescore':
      return rescore(openedWorkspace());
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
    jobs.refuse(toAppError(error), async () => jobs.otherTab.store.getState().working !== null);
  }
}

async function obtainFiles(): Promise<void> {
  if (await allowReading(openedWorkspace())) return;
  throw new AppError(
    'files-gone',
    'The other tab reads images, and this one has no access to their folder. Nothing was changed there. Open the folder here, then take over.',
  );
}

/** Whether a job of the open data set still reads images. */
export async function needsFiles(workspace: Workspace, job: Job): Promise<boolean> {
  const { dataset, images } = workspace.dataset.getState();
  if (job.kind === 'read') return true;
  if (job.kind === 'download' || job.kind === 'best' || job.kind === 'rescore') return false;
  if (images.some(({ hash }) => hash === null)) return true;
  for (const id of weightsOf(job)) {
    const weights = findWeightsById(id);
    const usable = weights && usableWeights(weights);
    const stored = usable ? await usableHashes(database, usable.featuresKey, dataset?.id ?? '') : new Set<string>();
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
