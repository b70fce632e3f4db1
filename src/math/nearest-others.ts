import { exactTopK, type Rankings } from './topk.ts';
import { countRows } from './vectors.ts';

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
