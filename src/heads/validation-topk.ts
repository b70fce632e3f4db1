import type { Arithmetic } from './arithmetic.ts';
import { VALIDATION_BLOCK } from './learner.ts';
import { EMBEDDING_SIZE } from './parameters.ts';

const KS = [1, 5, 10];

/** Unit rows [n, 512] and their n classes. */
export interface LabelledRows {
  readonly embeddings: Float32Array;
  readonly labels: Int32Array;
}

/**
 * k → share of `queries` with a row of their class among the first k of `gallery`, ties by gallery order. Similarities
 * are the arithmetic's, not math/similarity.ts's sums in float64: this is measured after every epoch, and is a curve
 * to watch, where two that differ in the seventh digit may change places. `breathe` is awaited between blocks.
 */
export async function validationTopk(
  gallery: LabelledRows,
  queries: LabelledRows,
  arithmetic: Arithmetic,
  breathe: () => Promise<void>,
): Promise<Record<string, number>> {
  const hits = KS.map(() => 0);
  const rows = gallery.labels.length;
  for (let from = 0; from < queries.labels.length; from += VALIDATION_BLOCK) {
    const asked = block(queries, from);
    const count = asked.labels.length;
    const similarities = new Float32Array(count * rows);
    for (let left = 0; left < rows; left += VALIDATION_BLOCK) {
      const { embeddings, labels } = block(gallery, left);
      const width = labels.length;
      const part = await arithmetic.productTransposed(asked.embeddings, embeddings, count, EMBEDDING_SIZE, width);
      for (let query = 0; query < count; query++) {
        similarities.set(part.subarray(query * width, (query + 1) * width), query * rows + left);
      }
      arithmetic.release();
      await breathe();
    }
    asked.labels.forEach((label, query) => {
      const rank = rankOfFirstRight(similarities.subarray(query * rows, (query + 1) * rows), gallery.labels, label);
      KS.forEach((k, j) => {
        if (rank < k) (hits[j] as number)++;
      });
    });
  }
  return Object.fromEntries(KS.map((k, j) => [String(k), (hits[j] as number) / queries.labels.length]));
}

function block({ embeddings, labels }: LabelledRows, from: number): LabelledRows {
  const to = Math.min(labels.length, from + VALIDATION_BLOCK);
  return {
    embeddings: embeddings.subarray(from * EMBEDDING_SIZE, to * EMBEDDING_SIZE),
    labels: labels.subarray(from, to),
  };
}

/** How many rows come before the first of class `label`, from 0; infinite where none is of that class. */
function rankOfFirstRight(similarities: Float32Array, labels: Int32Array, label: number): number {
  let first = -1;
  for (let row = 0; row < labels.length; row++) {
    if (labels[row] !== label) continue;
    if (first < 0 || (similarities[row] as number) > (similarities[first] as number)) first = row;
  }
  if (first < 0) return Number.POSITIVE_INFINITY;
  const best = similarities[first] as number;
  let before = 0;
  for (let row = 0; row < similarities.length; row++) {
    const similarity = similarities[row] as number;
    if (similarity > best || (similarity === best && row < first)) before++;
  }
  return before;
}
