import type { Interrupted, Job, RunningJob } from '../../app/jobs/jobs.ts';
import { formatAmount, formatBytesOf, formatCount, formatProgressShare, formatRate, timeLeftIn } from '../format.ts';

type Shown = Pick<RunningJob, 'stage' | 'progress' | 'part'>;

/** "Model 2 of 4: Embedding with ResNet-50"; the stage alone of a job that is no sequence. */
export function stageOf({ stage, part }: Pick<Shown, 'stage' | 'part'>): string {
  if (part === null || part.of < 2) return stage;
  const noun = part.noun.charAt(0).toUpperCase() + part.noun.slice(1);
  return `${noun} ${formatCount(part.number)} of ${formatCount(part.of)}: ${stage}`;
}

/** "1,204 / 1,679 images", "12 of 98 MB"; empty before the first report. */
export function doneOfTotal({ progress, unit }: Pick<RunningJob, 'progress' | 'unit'>): string {
  return progress === null ? '' : amount({ ...progress, unit });
}

function amount({ done, total, unit }: NonNullable<Interrupted['progress']>): string {
  return unit === 'bytes'
    ? formatBytesOf(done, total > 0 ? total : null)
    : `${formatCount(done)} / ${formatCount(total)} ${unit}`;
}

export function rateOf({ progress, unit }: RunningJob): string {
  return progress === null || progress.rate === null ? '' : formatRate(progress.rate, unit);
}

/** Time left of the whole job: "3.2 min left". Where the time of later parts is unknown, says which part is meant. */
export function timeLeftOf({ progress, part }: Pick<Shown, 'progress' | 'part'>): string {
  if (progress === null || progress.secondsLeft === null) return '';
  if (part === null) return timeLeftIn(progress.secondsLeft, progress);
  if (part.secondsAfter === null) return `${timeLeftIn(progress.secondsLeft, progress)} in this step`;
  return timeLeftIn(progress.secondsLeft + part.secondsAfter, progress);
}

/** How much of all of the job is done, between 0 and 1; null while that is not known. */
export function shareOf({ progress, part }: Pick<Shown, 'progress' | 'part'>): number | null {
  const own = progress === null || progress.total === 0 ? null : progress.done / progress.total;
  return part === null || part.of < 2 ? own : (part.number - 1 + (own ?? 0)) / part.of;
}

/** For screen readers: "Embedding with ResNet-50, 43 %". */
export function spokenJob(job: Shown): string {
  const share = shareOf(job);
  return share === null ? stageOf(job) : `${stageOf(job)}, ${formatProgressShare(share)}`;
}

/** What is known of a set of weights. */
export interface KnownModels {
  labelOf(weightsId: string): string;
  /** How many of the images are embedded with it; null before they are counted. */
  embeddedWith(weightsId: string): { readonly done: number; readonly total: number } | null;
}

/** "Interrupted: embedding with ResNet-50, at 312 / 849 images." Of several models, those that are embedded are left out. */
export function interruptedSentence(interrupted: readonly Interrupted[], models: KnownModels): string {
  return `Interrupted: ${interrupted.map((one) => whatStopped(one, models)).join('; ')}.`;
}

function whatStopped(interrupted: Interrupted, models: KnownModels): string {
  const { job, stage } = interrupted;
  const name = jobName(job, models);
  // A comparison has many stages; of the others the name says enough.
  const at = job.kind === 'compare' && stage !== '' ? ` at “${stage}”` : '';
  const progress = progressOf(interrupted, models);
  return progress === null ? `${name}${at}` : `${name}${at}, ${amount(progress)}`;
}

/** Embedding counted only what it had to compute: what is stored of its first model that is not done is what Models says too. */
function progressOf({ job, progress }: Interrupted, { embeddedWith }: KnownModels): Interrupted['progress'] {
  if (job.kind !== 'embed') return progress;
  const counts = job.weightsIds.map(embeddedWith);
  if (counts.includes(null)) return progress;
  const first = counts.find((count) => count !== null && count.done < count.total);
  return first ? { ...first, unit: 'images' } : null;
}

/** "A", "A and B", "A, B and C". */
function listed(names: readonly string[]): string {
  const last = names.at(-1) ?? '';
  return names.length < 2 ? last : `${names.slice(0, -1).join(', ')} and ${last}`;
}

function jobName(job: Job, { labelOf, embeddedWith }: KnownModels): string {
  switch (job.kind) {
    case 'read':
      return 'reading images';
    case 'download':
      return `downloading ${labelOf(job.weightsId)}`;
    case 'embed': {
      const left = job.weightsIds.filter((id) => {
        const count = embeddedWith(id);
        return count === null || count.done < count.total;
      });
      // Where all are embedded, scores are what is left.
      return `embedding with ${listed((left.length > 0 ? left : job.weightsIds).map(labelOf))}`;
    }
    case 'compare': {
      const { singles, ensembles } = job.wanted;
      const alone = singles.reduce((sum, { frozen, finetuned }) => sum + Number(frozen) + Number(finetuned), 0);
      const combined = ensembles.reduce((sum, { combine }) => sum + combine.length, 0);
      return `comparing ${formatAmount(alone + combined, 'model')}`;
    }
    case 'best':
      return 'choosing the best model';
    case 'rescore':
      return 'scoring with the new labels';
  }
}
