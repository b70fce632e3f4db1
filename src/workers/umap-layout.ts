import { UMAP } from 'umap-js';
import { seededRandom } from '../math/random.ts';
import type { Rankings } from '../math/topk.ts';

/** UMAP's own default: 15 with the point itself. */
export const UMAP_NEIGHBOURS = 14;
/** Half the width of the field in which UMAP's learning rate is at home. */
const HALF_WIDTH = 10;
/** Lets points that coincide in the principal components move apart. */
const NOISE = 1e-3;

export interface UmapLayout {
  readonly epochs: number;
  /** Moves the points by one epoch; number of epochs done. */
  step(): number;
  /** Where they are now, row-major [n, 2]; the caller owns it. */
  coordinates(): Float32Array<ArrayBuffer>;
}

/**
 * UMAP (McInnes, Healy & Melville 2018) by umap-js, over the neighbours that exact search found (cosine; at least two
 * a point, without the point itself) and from the places `start` [n, 2]: beginning at the principal components keeps the
 * large distances meaningful and runs with several seeds alike (Kobak & Linderman 2021). What comes before the first
 * step takes seconds with 10,000 points and cannot be interrupted.
 */
export function umapLayout({ rows, similarities, k }: Rankings, start: Float32Array, seed: number): UmapLayout {
  const n = rows.length / k;
  const random = seededRandom(seed, 1);
  const indices: number[][] = [];
  const distances: number[][] = [];
  for (let row = 0; row < n; row++) {
    // umap-js takes the first for the point itself and leaves it out of the sums.
    indices.push([row, ...rows.subarray(row * k, (row + 1) * k)]);
    // Rounding brings the cosine of equals above 1.
    distances.push([0, ...similarities.subarray(row * k, (row + 1) * k)].map((s, i) => (i ? Math.max(0, 1 - s) : 0)));
  }
  const umap = new UMAP({ nNeighbors: k + 1, random: random.uniform });
  umap.setPrecomputedKNN(indices, distances);
  // With the neighbours given, it asks nothing of the vectors but their number.
  const epochs = umap.initializeFit(Array.from({ length: n }, () => []));
  const places = umap.getEmbedding();
  const largest = start.reduce((most, value) => Math.max(most, Math.abs(value)), 0) || 1;
  places.forEach((place, row) => {
    for (let c = 0; c < 2; c++) {
      place[c] = ((start[row * 2 + c] ?? 0) / largest) * HALF_WIDTH + NOISE * random.gaussian();
    }
  });
  return {
    epochs,
    step: () => umap.step(),
    coordinates: () => Float32Array.from({ length: n * 2 }, (_, at) => places[at >> 1]?.[at & 1] ?? 0),
  };
}
