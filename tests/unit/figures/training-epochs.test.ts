import { expect, test } from 'vitest';
import { bestEpoch, curveCharts, type TrainedEpoch } from '../../../src/figures/training-epochs.ts';

const epoch = (at: number, best: boolean, phase: TrainedEpoch['phase'] = 'fit'): TrainedEpoch => ({
  phase,
  epoch: at,
  loss: 1 / at,
  accuracy: 0.8,
  validation: phase === 'fit' ? { loss: 2, accuracy: 0.5, topk: { '1': 0.4, '10': 0.9 } } : null,
  best,
});
const fit = [epoch(1, true), epoch(2, true), epoch(3, false)];

test('the refit is drawn by itself and has no best epoch', () => {
  const all = [...fit, epoch(1, true, 'refit'), epoch(2, true, 'refit')];
  expect(bestEpoch(all)?.epoch).toBe(2);
  expect(curveCharts(all).map(({ curves }) => curves.map(({ name, points }) => [name, points.length]))).toEqual([
    [
      ['fit', 3],
      ['validation', 3],
      ['refit', 2],
    ],
    [
      ['fit', 3],
      ['validation', 3],
      ['refit', 2],
    ],
    // Top-5 was not measured.
    [
      ['top-1', 3],
      ['top-10', 3],
    ],
  ]);
  expect(curveCharts(all)[0]?.curves[0]?.points[1]).toEqual({ epoch: 2, value: 0.5 });
});

test('without validation there is no best epoch, and nothing is drawn of it', () => {
  const blind = fit.map((report) => ({ ...report, validation: null }));
  expect(bestEpoch(blind)).toBeNull();
  expect(curveCharts(blind).map(({ curves }) => curves.map(({ name }) => name))).toEqual([['fit'], ['fit']]);
  expect(curveCharts([])).toEqual([]);
});

test('no two curves of a training look alike', () => {
  const [loss, , retrieval] = curveCharts([...fit, epoch(1, false, 'refit')]);
  const looks = [...(loss?.curves ?? []), ...(retrieval?.curves ?? [])].map(({ colour, dash }) => `${colour} ${dash}`);
  expect(new Set(looks).size).toBe(5);
});
