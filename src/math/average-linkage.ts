import { AppError } from '../errors.ts';

/**
 * Groups of rows that are like one another: agglomerative clustering by average linkage (UPGMA: Sokal & Michener 1958), its tree
 * cut from the top until no group holds more than `largest` rows. `similarities` [n, n] is symmetric and is overwritten.
 * Returns each row's group, [n], owned by the caller, counted from 0 in the order of their first rows. Merges are found along
 * chains of nearest neighbours (Murtagh 1983), in O(n²). Throws AppError 'bad-argument' where the shape does not fit.
 */
export function averageLinkage(similarities: Float32Array, n: number, largest: number): Int32Array<ArrayBuffer> {
  if (similarities.length !== n * n || largest < 1) {
    throw new AppError('bad-argument', `${similarities.length} similarities are not those of ${n} rows.`);
  }
  const merges = mergesOf(similarities, n);
  merges.sort((a, b) => b.similarity - a.similarity || a.found - b.found);
  return cut(merges, n, largest);
}

interface Merge {
  /** A row of each side. */
  readonly a: number;
  readonly b: number;
  readonly similarity: number;
  readonly found: number;
}

/** The merges of the whole tree; where two clusters become one, it takes the place of the second in the matrix. */
function mergesOf(similarities: Float32Array, n: number): Merge[] {
  const sizes = new Int32Array(n).fill(1);
  const heights = new Float32Array(n).fill(Number.POSITIVE_INFINITY);
  const merges: Merge[] = [];
  const chain: number[] = [];
  while (merges.length < n - 1) {
    if (chain.length === 0) chain.push(sizes.findIndex((size) => size > 0));
    const last = chain.at(-1) as number;
    const before = chain.at(-2) ?? -1;
    const nearest = nearestTo(similarities, sizes, last, before);
    if (nearest !== before) {
      chain.push(nearest);
      continue;
    }
    chain.length -= 2;
    // Rounding must not let a merge come before those that it is made of.
    const similarity = Math.min(
      similarities[last * n + before] as number,
      heights[last] as number,
      heights[before] as number,
    );
    heights[before] = similarity;
    merges.push({ a: last, b: before, similarity, found: merges.length });
    const [own, others] = [sizes[last] as number, sizes[before] as number];
    for (let row = 0; row < n; row++) {
      if (row === last || row === before || sizes[row] === 0) continue;
      const sum = own * (similarities[last * n + row] as number) + others * (similarities[before * n + row] as number);
      similarities[before * n + row] = sum / (own + others);
      similarities[row * n + before] = sum / (own + others);
    }
    sizes[before] = own + others;
    sizes[last] = 0;
  }
  return merges;
}

/** The most similar of the other clusters; of equals the one before in the chain, or else the chain might never end. */
function nearestTo(similarities: Float32Array, sizes: Int32Array, row: number, before: number): number {
  const n = sizes.length;
  let nearest = before;
  for (let other = 0; other < n; other++) {
    if (other === row || sizes[other] === 0) continue;
    if (nearest < 0 || (similarities[row * n + other] as number) > (similarities[row * n + nearest] as number)) {
      nearest = other;
    }
  }
  return nearest;
}

/** Makes the merges again, from the most similar, but for those that are too large, and all that were made of them. */
function cut(merges: readonly Merge[], n: number, largest: number): Int32Array<ArrayBuffer> {
  const parents = Int32Array.from({ length: n }, (_, row) => row);
  const sizes = new Int32Array(n).fill(1);
  const rootOf = (row: number): number => {
    let root = row;
    while (parents[root] !== root) root = parents[root] as number;
    return root;
  };
  const whole = new Uint8Array(n);
  for (const { a, b } of merges) {
    const [one, other] = [rootOf(a), rootOf(b)];
    const size = (sizes[one] as number) + (sizes[other] as number);
    if (size > largest || whole[one] || whole[other]) {
      // Groups under a node that is cut stay apart, whatever would fit.
      whole[one] = 1;
      whole[other] = 1;
      continue;
    }
    parents[one] = other;
    sizes[other] = size;
  }
  const numbers = new Map<number, number>();
  return Int32Array.from({ length: n }, (_, row) => {
    const root = rootOf(row);
    const known = numbers.get(root) ?? numbers.size;
    numbers.set(root, known);
    return known;
  });
}
