import { seededRandom } from './random.ts';
import type { Rankings } from './topk.ts';
import { countRows } from './vectors.ts';

/** Trees that start the search: points that several of them part are found by the descent. */
const TREES = 6;
/** Rows of a leaf, all of which are compared with each other. */
const LEAF = 48;
/** Neighbours of a row that take part in one round, in each direction. */
const JOINED = 14;
const MOST_ROUNDS = 6;
/** Ends the descent: the share of all neighbours that a round has changed. */
const SETTLED = 0.002;
/** Rows between two chances to stop. */
const ROWS_A_STEP = 500;

/**
 * About the k most similar of the others of each row of `vectors` [n, dimensions], unit rows, best first: the neighbours of
 * neighbours are tried until few are better than those known (Dong, Charikar & Li 2011), starting from the leaves of random
 * projection trees (Dasgupta & Freund 2008). Where exact search compares n²/2 pairs, it compares some hundreds a row, and
 * misses a few per cent of the neighbours. k is at least 1 and below n. Yields the share that is done; the caller owns what
 * is returned. Equal input and seed give equal neighbours. Throws AppError 'bad-argument' on shapes that do not fit.
 */
export function* nearestByDescent(
  vectors: Float32Array,
  dimensions: number,
  k: number,
  seed: number,
): Generator<number, Rankings> {
  const n = countRows(vectors, dimensions);
  const rows = new Int32Array(n * k).fill(-1);
  const similarities = new Float32Array(n * k).fill(Number.NEGATIVE_INFINITY);
  /** 1: not compared yet with the others of its row. */
  const fresh = new Uint8Array(n * k);
  const random = seededRandom(seed, 2);

  const similarity = (a: number, b: number): number => {
    let s0 = 0;
    let s1 = 0;
    let s2 = 0;
    let s3 = 0;
    const from = a * dimensions;
    const other = b * dimensions;
    let i = 0;
    for (; i < dimensions - 3; i += 4) {
      s0 += (vectors[from + i] as number) * (vectors[other + i] as number);
      s1 += (vectors[from + i + 1] as number) * (vectors[other + i + 1] as number);
      s2 += (vectors[from + i + 2] as number) * (vectors[other + i + 2] as number);
      s3 += (vectors[from + i + 3] as number) * (vectors[other + i + 3] as number);
    }
    for (; i < dimensions; i++) s0 += (vectors[from + i] as number) * (vectors[other + i] as number);
    return s0 + s1 + s2 + s3;
  };

  /** Puts `other` among the neighbours of `row` where it is nearer than the last of them. */
  const offer = (row: number, other: number, near: number): number => {
    const start = row * k;
    const end = start + k;
    if (near <= (similarities[end - 1] as number)) return 0;
    for (let i = start; i < end; i++) if (rows[i] === other) return 0;
    let at = end - 1;
    for (; at > start && (similarities[at - 1] as number) < near; at--) {
      rows[at] = rows[at - 1] as number;
      similarities[at] = similarities[at - 1] as number;
      fresh[at] = fresh[at - 1] as number;
    }
    rows[at] = other;
    similarities[at] = near;
    fresh[at] = 1;
    return 1;
  };
  const compare = (a: number, b: number): number => {
    const near = similarity(a, b);
    return offer(a, b, near) + offer(b, a, near);
  };

  const steps = TREES + MOST_ROUNDS;
  for (let tree = 0; tree < TREES; tree++) {
    let done = 0;
    for (const leaf of leaves(vectors, dimensions, random)) {
      for (let i = 0; i < leaf.length; i++) {
        for (let j = 0; j < i; j++) compare(leaf[i] as number, leaf[j] as number);
      }
      done += leaf.length;
      yield (tree + done / n) / steps;
    }
  }

  for (let round = 0; round < MOST_ROUNDS; round++) {
    const [young, old] = sampled(rows, fresh, n, k, random);
    let changed = 0;
    for (let row = 0; row < n; row++) {
      if (row % ROWS_A_STEP === 0) yield (TREES + round + row / n) / steps;
      const [from, to] = [young.start[row] as number, young.start[row + 1] as number];
      const [oldFrom, oldTo] = [old.start[row] as number, old.start[row + 1] as number];
      for (let i = from; i < to; i++) {
        const a = young.rows[i] as number;
        for (let j = from; j < i; j++) {
          const b = young.rows[j] as number;
          if (a !== b) changed += compare(a, b);
        }
        for (let j = oldFrom; j < oldTo; j++) {
          const b = old.rows[j] as number;
          if (a !== b) changed += compare(a, b);
        }
      }
    }
    if (changed <= SETTLED * n * k) break;
  }
  return { rows, similarities, k };
}

type Random = ReturnType<typeof seededRandom>;

/** Random projection tree: each node is parted in the middle between two of its rows, or in halves where that parts nothing. */
function* leaves(vectors: Float32Array, dimensions: number, random: Random): Generator<Int32Array> {
  const n = vectors.length / dimensions;
  const order = Int32Array.from({ length: n }, (_, row) => row);
  const open: [from: number, to: number][] = [[0, n]];
  for (let node = open.pop(); node; node = open.pop()) {
    const [from, to] = node;
    if (to - from <= LEAF) {
      yield order.slice(from, to);
      continue;
    }
    const a = (order[from + random.below(to - from)] as number) * dimensions;
    const b = (order[from + random.below(to - from)] as number) * dimensions;
    const sides = new Float64Array(to - from);
    for (let i = from; i < to; i++) {
      const row = (order[i] as number) * dimensions;
      let side = 0;
      for (let d = 0; d < dimensions; d++) {
        side += (vectors[row + d] as number) * ((vectors[a + d] as number) - (vectors[b + d] as number));
      }
      sides[i - from] = side;
    }
    const members = order.slice(from, to);
    let left = from;
    let right = to;
    members.forEach((row, i) => {
      if ((sides[i] as number) > 0) order[left++] = row;
      else order[--right] = row;
    });
    // Equal rows lie on one side.
    const middle = left === from || left === to ? (from + to) >> 1 : left;
    open.push([middle, to], [from, middle]);
  }
}

/** Lists of rows, one a row: those of row r lie from start[r] to start[r + 1]. */
interface Lists {
  readonly start: Int32Array;
  readonly rows: Int32Array;
}

/**
 * For each row, some neighbours and some rows that it is a neighbour of: the new ones, which count as known from now on,
 * and the others. A sample of the backward ones, since some rows are everybody's neighbour.
 */
function sampled(
  rows: Int32Array,
  fresh: Uint8Array,
  n: number,
  k: number,
  random: Random,
): [young: Lists, old: Lists] {
  const taken = [new Uint8Array(n * k), new Uint8Array(n * k)] as const;
  for (let row = 0; row < n; row++) {
    const counts = [0, 0];
    for (let i = row * k; i < (row + 1) * k && (rows[i] as number) >= 0; i++) {
      const kind = fresh[i] === 1 ? 0 : 1;
      if ((counts[kind] as number) >= JOINED) continue;
      counts[kind] = (counts[kind] as number) + 1;
      (taken[kind] as Uint8Array)[i] = 1;
      fresh[i] = 0;
    }
  }
  return [listsOf(rows, taken[0], n, k, random), listsOf(rows, taken[1], n, k, random)];
}

function listsOf(rows: Int32Array, taken: Uint8Array, n: number, k: number, random: Random): Lists {
  const forward = new Int32Array(n);
  const backward = new Int32Array(n);
  for (let i = 0; i < taken.length; i++) {
    if (taken[i] === 0) continue;
    const row = Math.floor(i / k);
    const other = rows[i] as number;
    forward[row] = (forward[row] as number) + 1;
    backward[other] = (backward[other] as number) + 1;
  }
  const start = new Int32Array(n + 1);
  for (let row = 0; row < n; row++) {
    start[row + 1] = (start[row] as number) + (forward[row] as number) + Math.min(JOINED, backward[row] as number);
  }
  const lists = new Int32Array(start[n] as number);
  const filled = start.slice(0, n);
  const put = (row: number, other: number) => {
    const at = filled[row] as number;
    lists[at] = other;
    filled[row] = at + 1;
  };
  const seen = new Int32Array(n);
  for (let i = 0; i < taken.length; i++) if (taken[i] === 1) put(Math.floor(i / k), rows[i] as number);
  // Reservoir sampling (Vitter 1985) of the backward ones.
  for (let i = 0; i < taken.length; i++) {
    if (taken[i] === 0) continue;
    const row = Math.floor(i / k);
    const other = rows[i] as number;
    const count = seen[other] as number;
    seen[other] = count + 1;
    if (count < JOINED) put(other, row);
    else {
      const place = random.below(count + 1);
      if (place < JOINED) lists[(start[other + 1] as number) - JOINED + place] = row;
    }
  }
  return { start, rows: lists };
}
