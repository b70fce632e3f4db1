import type { EpochReport } from '../../app/comparison/comparison.ts';
import type { Column } from '../components/VirtualTable.tsx';
import { formatLoss, formatShare } from '../format.ts';

const share = (value: number | undefined): string => (value === undefined ? '–' : formatShare(value));

const figure = (
  key: string,
  title: string,
  cell: (report: EpochReport) => string,
  width = '72px',
): Column<EpochReport> => ({ key, title, width, numeric: true, cell });

/** The table behind the curves; `best` is the epoch of the first fit that is kept. */
export function epochColumns(best: number | null): readonly Column<EpochReport>[] {
  return [
    {
      key: 'epoch',
      title: 'Epoch',
      width: '88px',
      cell: ({ phase, epoch }) =>
        phase === 'refit' ? `${epoch}, refit` : epoch === best ? `${epoch}, best` : String(epoch),
    },
    figure('loss', 'Loss, fit', ({ loss }) => formatLoss(loss)),
    figure(
      'validation-loss',
      'Loss, validation',
      ({ validation }) => (validation ? formatLoss(validation.loss) : '–'),
      '92px',
    ),
    figure('accuracy', 'Accuracy, fit', ({ accuracy }) => formatShare(accuracy), '88px'),
    figure('validation-accuracy', 'Accuracy, validation', ({ validation }) => share(validation?.accuracy), '92px'),
    ...['1', '5', '10'].map((k) =>
      figure(`top-${k}`, `Top-${k}`, ({ validation }) => share(validation?.topk[k]), '72px'),
    ),
  ];
}
