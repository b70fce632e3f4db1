import type { Interrupted, Job } from '../../app/jobs/jobs.ts';
import { formatAmount, formatBytesOf, formatCount } from '../format.ts';

/** "Interrupted: embedding with ResNet-50, at 312 / 849 images." `labelOf` names a set of weights. */
export function interruptedSentence(
  interrupted: readonly Interrupted[],
  labelOf: (weightsId: string) => string,
): string {
  return `Interrupted: ${interrupted.map((one) => whatStopped(one, labelOf)).join('; ')}.`;
}

function whatStopped({ job, stage, progress }: Interrupted, labelOf: (weightsId: string) => string): string {
  const name = jobName(job, labelOf);
  // A comparison has many stages; of the others the name says enough.
  const at = job.kind === 'compare' && stage !== '' ? ` at “${stage}”` : '';
  return progress === null ? `${name}${at}` : `${name}${at}, ${amount(progress)}`;
}

function amount({ done, total, unit }: NonNullable<Interrupted['progress']>): string {
  return unit === 'bytes'
    ? formatBytesOf(done, total > 0 ? total : null)
    : `${formatCount(done)} / ${formatCount(total)} ${unit}`;
}

function jobName(job: Job, labelOf: (weightsId: string) => string): string {
  switch (job.kind) {
    case 'read':
      return 'reading images';
    case 'download':
      return `downloading ${labelOf(job.weightsId)}`;
    case 'embed':
      return `embedding with ${job.weightsIds.map(labelOf).join(' and ')}`;
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
