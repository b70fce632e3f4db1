import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/math/random.ts';
import { normaliseRows } from '../../../src/math/vectors.ts';
import { drawMap } from '../../../src/workers/draw-map.ts';
import type { MapLayout, MapReport } from '../../../src/workers/map-protocol.ts';

const D = 16;

/** Unit rows about two directions, in turn. */
function twoClusters(points: number, spread = 0.3): Float32Array<ArrayBuffer> {
  const random = seededRandom(8);
  const rows = Float32Array.from({ length: points * D }, (_, at) => {
    const cluster = Math.floor(at / D) % 2;
    return (at % D === cluster ? 1 : 0) + (spread * random.gaussian()) / Math.sqrt(D);
  });
  return normaliseRows(rows, D);
}

function drawn(embeddings: Float32Array, seed = 0): { reports: MapReport[]; map: MapLayout } {
  const steps = drawMap(embeddings, D, seed);
  const reports: MapReport[] = [];
  for (;;) {
    const step = steps.next();
    if (step.done) return { reports, map: step.value };
    reports.push(step.value);
  }
}

/** Mean distance of the even from the even points, and from the odd ones. */
function distances({ coordinates }: MapLayout): { within: number; between: number } {
  const sums = { within: 0, between: 0 };
  const n = coordinates.length / 2;
  for (let i = 0; i < n; i += 2) {
    for (let j = 0; j < n; j++) {
      const away = Math.hypot(
        (coordinates[2 * i] ?? 0) - (coordinates[2 * j] ?? 0),
        (coordinates[2 * i + 1] ?? 0) - (coordinates[2 * j + 1] ?? 0),
      );
      sums[j % 2 === 0 ? 'within' : 'between'] += away;
    }
  }
  return { within: sums.within / (n / 2) ** 2, between: sums.between / (n / 2) ** 2 };
}

describe('drawMap', () => {
  it('separates two clusters, and keeps each together', () => {
    const { within, between } = distances(drawn(twoClusters(120)).map);
    expect(between).toBeGreaterThan(3 * within);
  });

  it('draws the same map for the same seed, another for another', () => {
    const embeddings = twoClusters(60);
    expect(drawn(embeddings, 3).map).toEqual(drawn(embeddings, 3).map);
    expect(drawn(embeddings, 3).map).not.toEqual(drawn(embeddings, 4).map);
  });

  it('shows the principal components first, then counts neighbours and epochs to their end', () => {
    const { reports, map } = drawn(twoClusters(60));
    const stages = reports.map(({ stage }) => stage);
    expect([...new Set(stages)]).toEqual(['components', 'neighbours', 'layout']);
    const first = reports.find(({ layout }) => layout !== null);
    expect(first).toMatchObject({ stage: 'components', layout: { method: 'pca', settled: false } });
    expect(distances(first?.layout ?? map).between).toBeGreaterThan(2 * distances(first?.layout ?? map).within);
    expect(reports.filter(({ stage }) => stage === 'neighbours').at(-1)).toMatchObject({ done: 60, total: 60 });
    expect(reports.at(-1)).toMatchObject({ stage: 'layout', done: 500, total: 500 });
    expect(map).toMatchObject({ method: 'umap', settled: true });
    expect(map.coordinates).toHaveLength(120);
    expect(map.coordinates.every(Number.isFinite)).toBe(true);
  });

  it('moves equal images apart, and none out of the world', () => {
    const { map } = drawn(normaliseRows(new Float32Array(40 * D).fill(1), D));
    expect(map.coordinates.every((value) => Number.isFinite(value) && Math.abs(value) < 100)).toBe(true);
    expect(new Set(map.coordinates).size).toBe(80);
  });

  it('shows the components alone of fewer points than have neighbourhoods', () => {
    const { reports, map } = drawn(twoClusters(4));
    expect(map).toMatchObject({ method: 'pca', settled: true });
    expect(map.coordinates).toHaveLength(8);
    expect(reports.some(({ stage }) => stage !== 'components')).toBe(false);
    expect(drawn(twoClusters(5)).map.method).toBe('umap');
  });
});
