/** Figures of small, counted data, for drawing. */
import { cutoffFigure } from '../../../src/figures/cutoff-curve.ts';
import type { Figure } from '../../../src/figures/figure.ts';
import { similarityFigures } from '../../../src/figures/similarity-distribution.ts';
import { topKFigure } from '../../../src/figures/topk-curve.ts';
import { trainingFigure } from '../../../src/figures/training-curves.ts';
import { precisionCurve } from '../../../src/metrics/cutoff.ts';

/** What may be in a run's name, and must be text everywhere. */
export const NASTY = 'A & B <i>"x"</i>, fine-tuned, seed 0';

const shares = Float64Array.of(0.5, 0.625, 0.75);
const band = { lower: Float64Array.of(0.4, 0.5, 0.7), upper: Float64Array.of(0.6, 0.7, 0.8) };

export const topK: Figure = topKFigure(
  [
    { label: NASTY, colour: 1, shares, band },
    { label: 'Second', colour: 0, shares: Float64Array.of(0.25, 0.5, 1), band: { lower: shares, upper: shares } },
    { label: 'Quiet', colour: 2, shares: Float64Array.of(0.1, 0.2, 0.3), band: null },
  ],
  'test',
);

export const similarities: readonly Figure[] = similarityFigures(
  [
    { id: 'a', label: NASTY, right: Int32Array.of(0, 1, 3), wrong: Int32Array.of(2, 1, 0) },
    { id: 'b', label: 'Second', right: Int32Array.of(0, 0, 0), wrong: Int32Array.of(1, 0, 1) },
  ],
  { first: 4, perUnit: 10, count: 3 },
  10,
  'test',
);

export const cutoff: Figure = cutoffFigure(
  NASTY,
  0,
  precisionCurve({
    similarities: Float32Array.of(0.875, 0.75, 0.625, 0.5),
    right: Uint8Array.of(1, 1, 0, 0),
  }),
  10,
);

const epoch = (at: number, best: boolean) => ({
  phase: 'fit' as const,
  epoch: at,
  loss: 3 / at,
  accuracy: at / 4,
  validation: { loss: 3.5 / at, accuracy: at / 5, topk: { '1': at / 6, '5': at / 5, '10': at / 4 } },
  best,
});

export const training: Figure = trainingFigure('training-1', NASTY, [
  epoch(1, true),
  epoch(2, true),
  epoch(3, false),
  { ...epoch(1, false), phase: 'refit', validation: null },
]);

export const figures: readonly Figure[] = [topK, ...similarities, cutoff, training];
