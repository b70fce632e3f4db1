import { nearestByDescent } from './nearest-by-descent.ts';
import { principalComponents } from './pca.ts';
import { dot } from './similarity.ts';
import { emptyRankings, exactTopK, type Rankings, selectTop } from './topk.ts';
import { countRows, normaliseRows } from './vectors.ts';

/** Dimensions in which neighbours are looked for: they keep nearly all of them, at a fraction of the products. */
const REDUCED = 64;
/** Passes over the rows: no plane is needed, only directions that hold most of the variance. */
const PASSES = 3;
/** Candidates a neighbour that is asked for: the reduced space orders the nearest a little otherwise. */
const CANDIDATES = 3;
/** Up to this many rows all pairs are compared, within a second or two; of more, neighbours' neighbours. */
const ALL_PAIRS = 4000;

/** The components that neighbours are looked for among: 64, the first of them good enough for a map's first view. */
export const neighbourComponents = (embeddings: Float32Array, dimensions: number, seed: number) =>
  principalComponents(embeddings, dimensions, REDUCED, seed, PASSES);

/**
 * The k most similar of the others of each row of `embeddings` [n, dimensions], unit rows, best first, ties by row. They are
 * found among the first 64 principal components, of more than 4,000 rows by descent (nearest-by-descent.ts), and ordered by
 * their similarity in the full space, so that similarities are exact and few neighbours are missed; of fewer rows with no
 * more than 64 dimensions, none. k is at least 1 and below n. `known`: coordinates [n, 64] of neighbourComponents, where
 * they are there. Yields the share that is done; the caller owns what is returned. Throws AppError 'bad-argument' on shapes that
 * do not fit.
 */
export function* nearestByComponents(
  embeddings: Float32Array,
  dimensions: number,
  k: number,
  seed: number,
  known: Float32Array | null = null,
): Generator<number, Rankings> {
  const n = countRows(embeddings, dimensions);
  const many = n > ALL_PAIRS;
  if (!many && (dimensions <= REDUCED || n <= REDUCED)) {
    const all = nearestOthers(embeddings, dimensions, k);
    for (let step = all.next(); ; step = all.next()) {
      if (step.done) return step.value;
      yield step.value / n;
    }
  }
  let reduced = embeddings;
  if (dimensions > REDUCED) {
    let coordinates = known;
    if (coordinates === null) {
      const components = neighbourComponents(embeddings, dimensions, seed);
      let found = components.next();
      for (; !found.done; found = components.next()) yield 0;
      coordinates = found.value.coordinates;
    }
    reduced = normaliseRows(coordinates, REDUCED);
  }
  const width = reduced.length / n;
  const wanted = Math.min(n - 1, many ? 2 * k + 4 : CANDIDATES * k + 5);
  const candidates = many ? nearestByDescent(reduced, width, wanted, seed) : nearestOthers(reduced, width, wanted);
  let near = candidates.next();
  for (; !near.done; near = candidates.next()) yield 0.9 * (many ? near.value : near.value / n);
  const rankings = emptyRankings(n, k);
  const similarities = new Float32Array(wanted);
  const order = new Int32Array(Math.min(k, wanted));
  const best = new Float32Array(order.length);
  for (let row = 0; row < n; row++) {
    // In row order, so that ties fall as they would among all.
    const others = near.value.rows.slice(row * wanted, (row + 1) * wanted).sort();
    const missing = others.lastIndexOf(-1) + 1;
    for (let i = missing; i < wanted; i++) {
      const other = others[i] as number;
      similarities[i] = dot(embeddings, embeddings, row * dimensions, other * dimensions, dimensions);
    }
    const kept = selectTop(similarities.subarray(missing), order, best);
    for (let rank = 0; rank < kept; rank++) {
      rankings.rows[row * k + rank] = others[missing + (order[rank] as number)] as number;
      rankings.similarities[row * k + rank] = best[rank] as number;
    }
    if (row % 1000 === 0) yield 0.9 + (0.1 * row) / n;
  }
  return rankings;
}

/**
 * For each of `embeddings` [n, dimensions], unit rows, the k most similar of the others, best first, ties by row. Yields
 * the number of rows done; the caller owns what is returned. Throws AppError 'bad-argument' on shapes that do not fit.
 */
export function* nearestOthers(embeddings: Float32Array, dimensions: number, k: number): Generator<number, Rankings> {
  const n = countRows(embeddings, dimensions);
  // One more, since most rows find themselves first; but not among enough equals of a lower row.
  const all = yield* exactTopK(embeddings, embeddings, dimensions, k + 1);
  const rows = new Int32Array(n * k).fill(-1);
  const similarities = new Float32Array(n * k).fill(Number.NEGATIVE_INFINITY);
  for (let row = 0; row < n; row++) {
    let kept = 0;
    for (let i = row * (k + 1); i < (row + 1) * (k + 1) && kept < k; i++) {
      const other = all.rows[i] as number;
      if (other === row || other < 0) continue;
      rows[row * k + kept] = other;
      similarities[row * k + kept] = all.similarities[i] as number;
      kept += 1;
    }
  }
  return { rows, similarities, k };
}
