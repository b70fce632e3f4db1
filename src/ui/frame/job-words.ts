import type { RunningJob } from '../../app/jobs/jobs.ts';
import { formatBytesOf, formatCount, formatProgressShare, formatRate, timeLeftIn } from '../format.ts';

type Shown = Pick<RunningJob, 'stage' | 'progress' | 'part'>;

/** "Model 2 of 4: Embedding with ResNet-50"; the stage alone of a job that is no sequence. */
export function stageOf({ stage, part }: Pick<Shown, 'stage' | 'part'>): string {
  if (part === null || part.of < 2) return stage;
  const noun = part.noun.charAt(0).toUpperCase() + part.noun.slice(1);
  return `${noun} ${formatCount(part.number)} of ${formatCount(part.of)}: ${stage}`;
}

/** "1,204 / 1,679 images", "12 of 98 MB"; empty before the first report. */
export function doneOfTotal({ progress, unit }: Pick<RunningJob, 'progress' | 'unit'>): string {
  if (progress === null) return '';
  if (unit === 'bytes') return formatBytesOf(progress.done, progress.total > 0 ? progress.total : null);
  return `${formatCount(progress.done)} / ${formatCount(progress.total)} ${unit}`;
}

export function rateOf({ progress, unit }: RunningJob): string {
  return progress === null || progress.rate === null ? '' : formatRate(progress.rate, unit);
}

/** Of all of the job: "3.2 min left". Where the time of what follows is unknown, it says what it is about. */
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
