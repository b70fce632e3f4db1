import { RUN_COLOURS } from './palette.ts';

/** What a figure of a training needs of each epoch; shares between 0 and 1. */
export interface TrainedEpoch {
  readonly phase: 'fit' | 'refit';
  /** From 1. */
  readonly epoch: number;
  readonly loss: number;
  readonly accuracy: number;
  /** Null in the refit, and without validation rows. */
  readonly validation: {
    readonly loss: number;
    readonly accuracy: number;
    readonly topk: Readonly<Record<string, number>>;
  } | null;
  /** The best epoch so far. */
  readonly best: boolean;
}

export interface Curve {
  readonly name: string;
  /** CSS colour; never the only difference between two curves of a training. */
  readonly colour: string;
  /** As stroke-dasharray; null for a solid line. */
  readonly dash: string | null;
  readonly points: readonly { readonly epoch: number; readonly value: number }[];
}

export interface CurveChart {
  /** With its unit. */
  readonly title: string;
  /** What the axis counts in. */
  readonly unit: 'loss' | 'share';
  readonly curves: readonly Curve[];
}

/** The epoch of the first fit whose head is kept, or would be; null before the first and without validation. */
export function bestEpoch<Epoch extends TrainedEpoch>(epochs: readonly Epoch[]): Epoch | null {
  return epochs.findLast(({ phase, best, validation }) => phase === 'fit' && best && validation !== null) ?? null;
}

const FIT = { name: 'fit', colour: RUN_COLOURS[4], dash: null } as const;
const VALIDATION = { name: 'validation', colour: RUN_COLOURS[1], dash: '5 3' } as const;
const REFIT = { name: 'refit', colour: RUN_COLOURS[7], dash: '1.5 3' } as const;
const TOP_KS = [
  { name: 'top-1', k: '1', colour: RUN_COLOURS[2], dash: null },
  { name: 'top-5', k: '5', colour: RUN_COLOURS[3], dash: '8 3 2 3' },
  { name: 'top-10', k: '10', colour: RUN_COLOURS[8], dash: '2 2' },
] as const;

/** Loss, accuracy and retrieval by epoch; curves without a point are left out, and so are charts without a curve. */
export function curveCharts(epochs: readonly TrainedEpoch[]): CurveChart[] {
  const fit = epochs.filter(({ phase }) => phase === 'fit');
  const refit = epochs.filter(({ phase }) => phase === 'refit');
  const curve = (
    { name, colour, dash }: Omit<Curve, 'points'>,
    of: readonly TrainedEpoch[],
    value: (epoch: TrainedEpoch) => number | undefined,
  ): Curve[] => {
    const points = of.flatMap((epoch) => {
      const figure = value(epoch);
      return figure === undefined ? [] : [{ epoch: epoch.epoch, value: figure }];
    });
    return points.length === 0 ? [] : [{ name, colour, dash, points }];
  };
  const charts: CurveChart[] = [
    {
      title: 'Loss',
      unit: 'loss',
      curves: [
        ...curve(FIT, fit, ({ loss }) => loss),
        ...curve(VALIDATION, fit, ({ validation }) => validation?.loss),
        ...curve(REFIT, refit, ({ loss }) => loss),
      ],
    },
    {
      title: 'Accuracy of the classifier (%)',
      unit: 'share',
      curves: [
        ...curve(FIT, fit, ({ accuracy }) => accuracy),
        ...curve(VALIDATION, fit, ({ validation }) => validation?.accuracy),
        ...curve(REFIT, refit, ({ accuracy }) => accuracy),
      ],
    },
    {
      title: 'Validation top-k accuracy (%)',
      unit: 'share',
      curves: TOP_KS.flatMap((top) => curve(top, fit, ({ validation }) => validation?.topk[top.k])),
    },
  ];
  return charts.filter(({ curves }) => curves.length > 0);
}
