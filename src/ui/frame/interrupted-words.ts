import type { Interrupted } from '../../state/interrupted.ts';
import type { Task } from '../../state/tasks.ts';
import { formatAmount, formatBytesOf, formatCount } from '../format.ts';

/** "Interrupted: embedding with ResNet-50, at 312 / 849 images." `labelOf` names a set of weights. */
export function interruptedSentence(entries: readonly Interrupted[], labelOf: (weightsId: string) => string): string {
  return `Interrupted: ${entries.map((entry) => whatStopped(entry, labelOf)).join('; ')}.`;
}

function whatStopped({ task, stage, progress }: Interrupted, labelOf: (weightsId: string) => string): string {
  const name = taskName(task, labelOf);
  // A comparison has many stages; of the others the name says enough.
  const at = task.kind === 'compare' && stage !== '' ? ` at “${stage}”` : '';
  return progress === null ? `${name}${at}` : `${name}${at}, ${amount(progress)}`;
}

function amount({ done, total, unit }: NonNullable<Interrupted['progress']>): string {
  return unit === 'bytes'
    ? formatBytesOf(done, total > 0 ? total : null)
    : `${formatCount(done)} / ${formatCount(total)} ${unit}`;
}

function taskName(task: Task, labelOf: (weightsId: string) => string): string {
  switch (task.kind) {
    case 'read':
      return 'reading images';
    case 'download':
      return `downloading ${labelOf(task.weightsId)}`;
    case 'embed':
      return `embedding with ${task.weightsIds.map(labelOf).join(' and ')}`;
    case 'compare': {
      const { singles, ensembles } = task.wanted;
      const alone = singles.reduce((sum, { frozen, finetuned }) => sum + Number(frozen) + Number(finetuned), 0);
      const combined = ensembles.reduce((sum, { combine }) => sum + combine.length, 0);
      return `comparing ${formatAmount(alone + combined, 'model')}`;
    }
    case 'rescore':
      return 'scoring with the new labels';
  }
}
