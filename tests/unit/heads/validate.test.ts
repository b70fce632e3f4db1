import { expect, it } from 'vitest';
import { plainArithmetic } from '../../../src/heads/arithmetic.ts';
import { EMBEDDING_SIZE } from '../../../src/heads/parameters.ts';
import { type LabelledRows, validationTopk } from '../../../src/heads/validate.ts';
import { seededRandom } from '../../../src/math/random.ts';
import { exactTopK } from '../../../src/math/topk.ts';
import { normaliseRows } from '../../../src/math/vectors.ts';

const breathe = async () => {};

/** Unit rows whose first two numbers are an angle's. */
function angles(...pairs: readonly (readonly [degrees: number, label: number])[]): LabelledRows {
  const embeddings = new Float32Array(pairs.length * EMBEDDING_SIZE);
  pairs.forEach(([degrees, _], row) => {
    embeddings[row * EMBEDDING_SIZE] = Math.cos((degrees * Math.PI) / 180);
    embeddings[row * EMBEDDING_SIZE + 1] = Math.sin((degrees * Math.PI) / 180);
  });
  return { embeddings, labels: Int32Array.from(pairs, ([, label]) => label) };
}

it('counts a query whose first right row is the k-th, and none whose class is absent', async () => {
  const gallery = angles([1, 1], [2, 1], [3, 1], [4, 1], [5, 0], [6, 2]);
  // Right at the 5th place; at the 6th; never.
  const queries = angles([0, 0], [0, 2], [0, 7]);
  expect(await validationTopk(gallery, queries, plainArithmetic, breathe)).toEqual({ 1: 0, 5: 1 / 3, 10: 2 / 3 });
});

it('takes of equals the one that comes first in the gallery', async () => {
  const query = angles([0, 0]);
  expect(await validationTopk(angles([10, 1], [10, 0]), query, plainArithmetic, breathe)).toMatchObject({ 1: 0 });
  expect(await validationTopk(angles([10, 0], [10, 1]), query, plainArithmetic, breathe)).toMatchObject({ 1: 1 });
});

it('agrees with the exact search over several blocks of both', async () => {
  const random = seededRandom(4);
  const made = (rows: number): LabelledRows => ({
    embeddings: normaliseRows(Float32Array.from({ length: rows * EMBEDDING_SIZE }, random.gaussian), EMBEDDING_SIZE),
    labels: Int32Array.from({ length: rows }, () => random.below(40)),
  });
  const [gallery, queries] = [made(530), made(300)];
  const ranking = exactTopK(gallery.embeddings, queries.embeddings, EMBEDDING_SIZE, 10);
  let step = ranking.next();
  while (!step.done) step = ranking.next();
  const { rows } = step.value;
  const share = (k: number) => {
    const hit = (query: number) =>
      [...rows.subarray(query * 10, query * 10 + k)].some((row) => gallery.labels[row] === queries.labels[query]);
    return [...queries.labels.keys()].filter(hit).length / queries.labels.length;
  };
  const found = await validationTopk(gallery, queries, plainArithmetic, breathe);
  expect(found).toEqual({ 1: share(1), 5: share(5), 10: share(10) });
});
