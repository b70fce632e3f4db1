import { type Random, seededRandom } from '../math/random.ts';
import type { Rankings } from '../math/topk.ts';

/** UMAP's own default: 15 with the point itself. */
export const UMAP_NEIGHBOURS = 14;
/** Half the width of the field in which UMAP's learning rate is at home. */
const HALF_WIDTH = 10;
/** Lets points that coincide in the principal components move apart. */
const NOISE = 1e-3;
/**
 * Of 1 / (1 + a d²), which fits UMAP's curve for its default min_dist of 0.1 and spread of 1. The reference fits an exponent
 * too (0.9 in place of 1): a power for every pair takes half of the time, and the maps look alike.
 */
const A = 1.56;
/** Points that a point is pushed off for each one that it is drawn to. */
const NEGATIVES = 5;
const LEARNING_RATE = 1;
/** Up to this many points get more epochs: their layout is a matter of a second anyhow. */
const FEW = 4000;
/** No coordinate moves farther at once. */
const MOST_MOVED = 4;

export interface UmapLayout {
  readonly epochs: number;
  /** Moves the points by one epoch; number of epochs done. */
  step(): number;
  /** Where they are now, row-major [n, 2]; the caller owns it. */
  coordinates(): Float32Array<ArrayBuffer>;
}

/**
 * UMAP (McInnes, Healy & Melville 2018) over neighbours [n, k] (cosine; at least two a point, without the point itself) and
 * from the places `start` [n, 2]: starting at the principal components keeps the large distances meaningful and runs with
 * several seeds alike (Kobak & Linderman 2021). With the sampling of the reference implementation (five negative samples an
 * edge), in typed arrays: a map of 10,000 points takes seconds.
 */
export function umapLayout(neighbours: Rankings, start: Float32Array, seed: number): UmapLayout {
  const n = neighbours.rows.length / neighbours.k;
  const random = seededRandom(seed, 1);
  const edges = fuzzyEdges(neighbours, n);
  const epochs = n <= FEW ? 500 : 200;
  const places = placed(start, n, random);
  const due = Float64Array.from(edges.weights, (weight) => 1 / weight);
  const every = due.slice();
  let epoch = 0;
  return {
    epochs,
    step() {
      const rate = LEARNING_RATE * (1 - epoch / epochs);
      epoch++;
      for (let edge = 0; edge < due.length; edge++) {
        if ((due[edge] as number) > epoch) continue;
        due[edge] = (due[edge] as number) + (every[edge] as number);
        const head = edges.heads[edge] as number;
        attract(places, head, edges.tails[edge] as number, rate);
        for (let i = 0; i < NEGATIVES; i++) repel(places, head, random.below(n), rate);
      }
      return epoch;
    },
    coordinates: () => Float32Array.from(places),
  };
}

function placed(start: Float32Array, n: number, random: Random): Float64Array {
  const largest = start.reduce((most, value) => Math.max(most, Math.abs(value)), 0) || 1;
  return Float64Array.from(
    { length: 2 * n },
    (_, i) => ((start[i] ?? 0) / largest) * HALF_WIDTH + NOISE * random.gaussian(),
  );
}

/** Moves both ends of an edge together. */
function attract(places: Float64Array, head: number, tail: number, rate: number): void {
  const dx = (places[2 * head] as number) - (places[2 * tail] as number);
  const dy = (places[2 * head + 1] as number) - (places[2 * tail + 1] as number);
  const squared = dx * dx + dy * dy;
  if (squared === 0) return;
  const pull = (-2 * A) / (A * squared + 1);
  const [x, y] = [rate * clamped(pull * dx), rate * clamped(pull * dy)];
  places[2 * head] = (places[2 * head] as number) + x;
  places[2 * head + 1] = (places[2 * head + 1] as number) + y;
  places[2 * tail] = (places[2 * tail] as number) - x;
  places[2 * tail + 1] = (places[2 * tail + 1] as number) - y;
}

/** Moves a point off another one. */
function repel(places: Float64Array, point: number, other: number, rate: number): void {
  if (point === other) return;
  const dx = (places[2 * point] as number) - (places[2 * other] as number);
  const dy = (places[2 * point + 1] as number) - (places[2 * other + 1] as number);
  const squared = dx * dx + dy * dy;
  // Points in one place are parted by what draws them to others.
  if (squared === 0) return;
  const push = 2 / ((0.001 + squared) * (A * squared + 1));
  places[2 * point] = (places[2 * point] as number) + rate * clamped(push * dx);
  places[2 * point + 1] = (places[2 * point + 1] as number) + rate * clamped(push * dy);
}

const clamped = (move: number): number => Math.max(-MOST_MOVED, Math.min(MOST_MOVED, move));

interface Edges {
  readonly heads: Int32Array;
  readonly tails: Int32Array;
  /** Above 0, the largest 1. */
  readonly weights: Float64Array;
}

/** Halvings of the search for each point's scale. */
const HALVINGS = 64;
/** Weights below one in this many are never drawn: their turn would not come. */
const LEAST_WEIGHT = 1 / 500;

/**
 * The fuzzy union of the points' neighbourhoods: a neighbour at distance d (1 − cosine) has the weight
 * exp(−(d − ρ) / σ), ρ the distance of the nearest and σ such that the weights sum to log₂ of the number of neighbours;
 * and the weights of both directions join to v + w − v · w. Each pair is an edge in both directions, as in the reference.
 */
function fuzzyEdges({ rows, similarities, k }: Rankings, n: number): Edges {
  const directed = new Float64Array(n * k);
  const distances = new Float64Array(k);
  for (let row = 0; row < n; row++) {
    let nearest = 0;
    for (let i = 0; i < k; i++) {
      // Rounding brings the cosine of equals above 1.
      const distance = Math.max(0, 1 - (similarities[row * k + i] as number));
      distances[i] = distance;
      if (nearest === 0 && distance > 0) nearest = distance;
    }
    const sigma = scaleOf(distances, nearest, Math.log2(k + 1));
    for (let i = 0; i < k; i++) {
      if ((rows[row * k + i] as number) < 0) continue;
      const beyond = (distances[i] as number) - nearest;
      directed[row * k + i] = beyond <= 0 ? 1 : Math.exp(-beyond / sigma);
    }
  }
  const joined = new Float64Array(n * k);
  const mutual = new Uint8Array(n * k);
  let most = 0;
  for (let at = 0; at < directed.length; at++) {
    const other = rows[at] as number;
    if (other < 0) continue;
    const weight = directed[at] as number;
    const back = rows.subarray(other * k, (other + 1) * k).indexOf(Math.floor(at / k));
    const there = back < 0 ? 0 : (directed[other * k + back] as number);
    mutual[at] = back < 0 ? 0 : 1;
    joined[at] = weight + there - weight * there;
    most = Math.max(most, joined[at] as number);
  }
  // An edge of a pair that only one of them has among its neighbours comes from it, in both directions.
  const strong = (at: number) => (joined[at] as number) / most >= LEAST_WEIGHT && (rows[at] as number) >= 0;
  let count = 0;
  for (let at = 0; at < joined.length; at++) if (strong(at)) count += mutual[at] === 1 ? 1 : 2;
  const edges = { heads: new Int32Array(count), tails: new Int32Array(count), weights: new Float64Array(count) };
  let edge = 0;
  const put = (head: number, tail: number, weight: number) => {
    edges.heads[edge] = head;
    edges.tails[edge] = tail;
    edges.weights[edge] = weight;
    edge += 1;
  };
  for (let at = 0; at < joined.length; at++) {
    if (!strong(at)) continue;
    const [row, other, weight] = [Math.floor(at / k), rows[at] as number, (joined[at] as number) / most];
    put(row, other, weight);
    if (mutual[at] === 0) put(other, row, weight);
  }
  return edges;
}

/** σ of one point, by bisection. */
function scaleOf(distances: Float64Array, nearest: number, target: number): number {
  let low = 0;
  let high = Number.POSITIVE_INFINITY;
  let sigma = 1;
  for (let i = 0; i < HALVINGS; i++) {
    let sum = 0;
    for (const distance of distances) sum += distance <= nearest ? 1 : Math.exp(-(distance - nearest) / sigma);
    if (Math.abs(sum - target) < 1e-5) break;
    if (sum > target) {
      high = sigma;
      sigma = (low + high) / 2;
    } else {
      low = sigma;
      sigma = high === Number.POSITIVE_INFINITY ? 2 * sigma : (low + high) / 2;
    }
  }
  // As the reference: no point's scale vanishes beside the mean distance.
  const mean = distances.reduce((total, distance) => total + distance, 0) / distances.length;
  return Math.max(sigma, 1e-3 * mean, 1e-12);
}
