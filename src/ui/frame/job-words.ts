import type { RunningJob } from '../../app/jobs/jobs.ts';
import { formatBytesOf, formatCount, formatProgressShare, formatRate, formatTimeLeft } from '../format.ts';

/** "1,204 / 1,679 images", "12 of 98 MB"; empty before the first report. */
export function doneOfTotal({ progress, unit }: Pick<RunningJob, 'progress' | 'unit'>): string {
  if (progress === null) return '';
  if (unit === 'bytes') return formatBytesOf(progress.done, progress.total > 0 ? progress.total : null);
  return `${formatCount(progress.done)} / ${formatCount(progress.total)} ${unit}`;
}

export function rateOf({ progress, unit }: RunningJob): string {
  return progress === null || progress.rate === null ? '' : formatRate(progress.rate, unit);
}

export function timeLeftOf({ progress }: Pick<RunningJob, 'progress'>): string {
  return progress === null || progress.secondsLeft === null ? '' : formatTimeLeft(progress.secondsLeft);
}

/** For screen readers: "Embedding with ResNet-50, 43 %". */
export function spokenJob({ stage, progress }: RunningJob): string {
  return progress === null || progress.total === 0
    ? stage
    : `${stage}, ${formatProgressShare(progress.done / progress.total)}`;
}
