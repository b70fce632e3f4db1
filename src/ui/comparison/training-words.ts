import type { EpochReport, TrainingView } from '../../state/comparison.ts';
import { formatAmount, formatLoss, formatShare } from '../format.ts';

export const fitReports = (reports: readonly EpochReport[]): EpochReport[] =>
  reports.filter(({ phase }) => phase === 'fit');

export const refitReports = (reports: readonly EpochReport[]): EpochReport[] =>
  reports.filter(({ phase }) => phase === 'refit');

/** The epoch of the first fit whose head is kept, or would be; null before the first and without validation. */
export function bestEpoch(reports: readonly EpochReport[]): EpochReport | null {
  return fitReports(reports).findLast(({ best, validation }) => best && validation !== null) ?? null;
}

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

export interface Curve {
  readonly name: string;
  /** CSS colour; never the only difference between two curves of a chart. */
  readonly colour: string;
  /** As stroke-dasharray; empty for a solid line. */
  readonly dash: string;
  readonly points: readonly { readonly epoch: number; readonly value: number }[];
}

export interface CurveChart {
  readonly title: string;
  /** What the axis counts in. */
  readonly unit: 'loss' | 'share';
  readonly curves: readonly Curve[];
}

const FIT = 'var(--curve-fit)';
const VALIDATION = 'var(--curve-validation)';
const REFIT = 'var(--ink-quiet)';
const DASHED = '5 3';
const DOTTED = '1.5 3';

/** Loss, accuracy and retrieval by epoch; curves without a point are left out, and so are charts without a curve. */
export function curveCharts(reports: readonly EpochReport[]): CurveChart[] {
  const fit = fitReports(reports);
  const refit = refitReports(reports);
  const curve = (
    name: string,
    colour: string,
    dash: string,
    of: readonly EpochReport[],
    value: (report: EpochReport) => number | undefined,
  ): Curve[] => {
    const points = of.flatMap((report) => {
      const figure = value(report);
      return figure === undefined ? [] : [{ epoch: report.epoch, value: figure }];
    });
    return points.length === 0 ? [] : [{ name, colour, dash, points }];
  };
  const charts: CurveChart[] = [
    {
      title: 'Loss',
      unit: 'loss',
      curves: [
        ...curve('fit', FIT, '', fit, ({ loss }) => loss),
        ...curve('validation', VALIDATION, DASHED, fit, ({ validation }) => validation?.loss),
        ...curve('refit', REFIT, DOTTED, refit, ({ loss }) => loss),
      ],
    },
    {
      title: 'Accuracy of the classifier, %',
      unit: 'share',
      curves: [
        ...curve('fit', FIT, '', fit, ({ accuracy }) => accuracy),
        ...curve('validation', VALIDATION, DASHED, fit, ({ validation }) => validation?.accuracy),
        ...curve('refit', REFIT, DOTTED, refit, ({ accuracy }) => accuracy),
      ],
    },
    {
      title: 'Validation top-k accuracy, %',
      unit: 'share',
      curves: [
        ...curve('top-1', VALIDATION, '', fit, ({ validation }) => validation?.topk['1']),
        ...curve('top-5', VALIDATION, DASHED, fit, ({ validation }) => validation?.topk['5']),
        ...curve('top-10', VALIDATION, DOTTED, fit, ({ validation }) => validation?.topk['10']),
      ],
    },
  ];
  return charts.filter(({ curves }) => curves.length > 0);
}

export function formatFigure(value: number, unit: CurveChart['unit']): string {
  return unit === 'loss' ? formatLoss(value) : formatShare(value);
}

/** What a chart shows, for those who do not see it. */
export function chartSummary({ title, unit, curves }: CurveChart, best: EpochReport | null): string {
  const each = curves.map(({ name, points }) => {
    const ends = [points[0], points.at(-1)].flatMap((point) =>
      point === undefined ? [] : [formatFigure(point.value, unit)],
    );
    return `${name} from ${ends.join(' to ')}`;
  });
  const mark = best === null ? '' : ` The best epoch is ${best.epoch}.`;
  return `${title} by epoch: ${each.join('; ')}.${mark} The table shows all.`;
}
