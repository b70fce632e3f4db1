import { dot } from '../../src/math/similarity.ts';

/**
 * How far a map keeps neighbours (Venna & Kaski 2001): 1 where the k nearest of every point on it are its k most similar, less the
 * more strangers are drawn near. `rows` [n, dimensions] are unit rows, `places` [n, 2]; it is asked of `asked` points, evenly
 * among all, since every one would take n² similarities.
 */
export function trustworthiness(
  rows: Float32Array,
  dimensions: number,
  places: Float32Array,
  { k = 15, asked = 300 }: { k?: number; asked?: number } = {},
): number {
  const n = rows.length / dimensions;
  const points = Array.from({ length: Math.min(asked, n) }, (_, i) => Math.floor((i * n) / Math.min(asked, n)));
  const strangeness = points.map((point) => {
    const similarities = Float64Array.from({ length: n }, (_, other) =>
      other === point ? Number.POSITIVE_INFINITY : dot(rows, rows, point * dimensions, other * dimensions, dimensions),
    );
    return nearestOnMap(places, point, k).reduce((sum, near) => {
      const similarity = similarities[near] ?? 0;
      // The point itself counts one of those before it, and its rank begins at 1.
      const rank = similarities.reduce((before, one) => (one > similarity ? before + 1 : before), 0);
      return sum + Math.max(0, rank - k);
    }, 0);
  });
  const worst = (points.length * k * (2 * n - 3 * k - 1)) / 2;
  return 1 - strangeness.reduce((sum, one) => sum + one, 0) / worst;
}

function nearestOnMap(places: Float32Array, point: number, k: number): number[] {
  const distances = Float64Array.from({ length: places.length / 2 }, (_, other) =>
    other === point
      ? Number.POSITIVE_INFINITY
      : Math.hypot(
          (places[2 * other] ?? 0) - (places[2 * point] ?? 0),
          (places[2 * other + 1] ?? 0) - (places[2 * point + 1] ?? 0),
        ),
  );
  const order = Uint32Array.from(distances.keys()).sort((a, b) => (distances[a] ?? 0) - (distances[b] ?? 0));
  return [...order.subarray(0, k)];
}
