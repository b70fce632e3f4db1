import { expect, test } from 'vitest';
import { clusters } from '../../../scripts/bench/clusters.ts';
import { drawMap, type MapReport } from '../../../src/core/embedding-map.ts';
import { isAborted } from '../../../src/errors.ts';
import { cancelledWhile } from './map-cancellation.ts';

const D = 32;
const never = new AbortController().signal;

test('the map comes with its progress: components at once, layouts on the way, the same twice', async () => {
  const reports: MapReport[] = [];
  const map = await drawMap(clusters(1200, D), D, 3, never, (report) => reports.push(report));
  expect(map).toMatchObject({ method: 'umap', settled: true });
  expect(map.coordinates).toHaveLength(2400);
  expect([...new Set(reports.map(({ stage }) => stage))]).toEqual(['components', 'neighbours', 'layout']);
  const layouts = reports.flatMap(({ layout }) => layout ?? []);
  expect(layouts[0]?.method).toBe('pca');
  const onTheWay = layouts.filter(({ method }) => method === 'umap');
  expect(onTheWay.length).toBeGreaterThan(0);
  expect(onTheWay.every(({ settled, coordinates }) => !settled && coordinates.length === 2400)).toBe(true);
  const epochs = reports.filter(({ stage, total }) => stage === 'layout' && total > 0).map(({ done }) => done);
  expect(epochs).toEqual([...epochs].sort((a, b) => a - b));

  const again = await drawMap(clusters(1200, D), D, 3, never, () => {});
  expect(again.coordinates).toEqual(map.coordinates);
});

test.each(['neighbours', 'layout'] as const)('a cancellation while %s ends it there', async (stage) => {
  const { error, reportsAfter, signal } = await cancelledWhile(stage);
  expect(isAborted(error)).toBe(true);
  expect(reportsAfter).toBe(0);
  await expect(drawMap(clusters(10, D), D, 0, signal, () => {})).rejects.toThrow('Cancelled');
});

test('what does not fit is refused with a sentence', async () => {
  await expect(drawMap(new Float32Array(7), 3, 0, never, () => {})).rejects.toThrow('no matrix with rows of 3');
});
