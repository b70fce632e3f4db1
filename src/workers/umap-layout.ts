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
/** Edges whose random points are drawn at a time. */
const DRAWN_TOGETHER = 1024;
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
  const every = Float64Array.from(edges.weights, (weight) => 1 / weight);
  const turns = { due: every.slice(), every };
  let epoch = 0;
  return {
    epochs,
    step() {
      const rate = LEARNING_RATE * (1 - epoch / epochs);
      epoch++;
      move(places, edges, turns, epoch, rate, random);
      return epoch;
    },
    coordinates: () => places.slice(),
  };
}

function placed(start: Float32Array, n: number, random: Random): Float32Array<ArrayBuffer> {
  const largest = start.reduce((most, value) => Math.max(most, Math.abs(value)), 0) || 1;
  return Float32Array.from(
    { length: 2 * n },
    (_, i) => ((start[i] ?? 0) / largest) * HALF_WIDTH + NOISE * random.gaussian(),
  );
}

/**
 * One epoch: draws both ends of the edges whose turn it is together, and pushes the first off points drawn by chance.
 * In one function, with the first end in variables: a call for each pair takes twice as long.
 */
function move(
  places: Float32Array,
  { heads, tails }: Edges,
  turns: Turns,
  epoch: number,
  rate: number,
  random: Random,
): void {
  const { due, every } = turns;
  const drawn = new Uint32Array(DRAWN_TOGETHER * NEGATIVES);
  let next = drawn.length;
  for (let edge = 0; edge < due.length; edge++) {
    if ((due[edge] as number) > epoch) continue;
    due[edge] = (due[edge] as number) + (every[edge] as number);
    const head = 2 * (heads[edge] as number);
    const tail = 2 * (tails[edge] as number);
    let x = places[head] as number;
    let y = places[head + 1] as number;
    const dx = x - (places[tail] as number);
    const dy = y - (places[tail + 1] as number);
    const pull = (-2 * A) / (A * (dx * dx + dy * dy) + 1);
    const px = rate * clamped(pull * dx);
    const py = rate * clamped(pull * dy);
    x += px;
    y += py;
    places[tail] = (places[tail] as number) - px;
    places[tail + 1] = (places[tail + 1] as number) - py;
    if (next + NEGATIVES > drawn.length) {
      random.fillBelow(drawn, places.length / 2);
      next = 0;
    }
    for (let i = 0; i < NEGATIVES; i++) {
      const other = 2 * (drawn[next + i] as number);
      const ox = x - (places[other] as number);
      const oy = y - (places[other + 1] as number);
      const squared = ox * ox + oy * oy;
      // Points in one place are parted by what draws them to others.
      if (other === head || squared === 0) continue;
      const push = 2 / ((0.001 + squared) * (A * squared + 1));
      x += rate * clamped(push * ox);
      y += rate * clamped(push * oy);
    }
    next += NEGATIVES;
    places[head] = x;
    places[head + 1] = y;
  }
}

const clamped = (move: number): number => Math.max(-MOST_MOVED, Math.min(MOST_MOVED, move));

/** When each edge has its turn: the next epoch, and the epochs from one to the next. */
interface Turns {
  readonly due: Float64Array;
  readonly every: Float64Array;
}

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
