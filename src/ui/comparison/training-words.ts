import type { EpochReport, TrainingView } from '../../app/comparison/comparison.ts';
import { bestEpoch } from '../../figures/training-epochs.ts';
import { formatAmount, formatShare } from '../format.ts';

const fitReports = (reports: readonly EpochReport[]): EpochReport[] => reports.filter(({ phase }) => phase === 'fit');

const refitReports = (reports: readonly EpochReport[]): EpochReport[] =>
  reports.filter(({ phase }) => phase === 'refit');

/** How far the training is, or why it ended, and what is kept of it; `live`: it is under way. */
export function trainingSentence({ reports, ended }: TrainingView, live: boolean): string {
  const last = fitReports(reports).at(-1);
  if (last === undefined) return live ? 'The first epoch is under way.' : 'It was interrupted in the first epoch.';
  if (ended === null && !live) {
    return `Interrupted after epoch ${reports.at(-1)?.epoch ?? last.epoch}; running again goes on from the last checkpoint.`;
  }
  const parts = [fitSentence(last, bestEpoch(reports), ended), refitSentence(reports, ended)];
  return parts.filter((part) => part !== null).join(' ');
}

function fitSentence(last: EpochReport, best: EpochReport | null, ended: TrainingView['ended']): string {
  const { epoch, epochs } = last;
  const kept = best === null ? 'the last is kept, since no class is large enough to be validated' : keptWords(best);
  switch (ended) {
    case null:
      return best === null
        ? `Epoch ${epoch} of ${epochs}; no class is large enough to be validated.`
        : `Epoch ${epoch} of at most ${epochs}; epoch ${best.epoch} has the lowest validation loss so far.`;
    case 'patience': {
      const waited = formatAmount(epoch - (best?.epoch ?? epoch), 'epoch');
      return `Stopped after epoch ${epoch}: no lower validation loss for ${waited}; ${kept}.`;
    }
    case 'epochs':
      return `All ${formatAmount(epoch, 'epoch')} were used; ${kept}.`;
    case 'stopped':
      return `Stopped by hand after epoch ${epoch}; ${kept}.`;
  }
}

function keptWords({ epoch, validation }: EpochReport): string {
  const accuracy = validation === null ? '' : `, with ${formatShare(validation.accuracy)} % validation accuracy`;
  return `epoch ${epoch} is kept${accuracy}`;
}

function refitSentence(reports: readonly EpochReport[], ended: TrainingView['ended']): string | null {
  const last = refitReports(reports).at(-1);
  if (last === undefined) return null;
  return ended === null || last.epoch < last.epochs
    ? `Refit on all training images: epoch ${last.epoch} of ${last.epochs}.`
    : `Refit on all training images for ${formatAmount(last.epochs, 'epoch')}.`;
}
