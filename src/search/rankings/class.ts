import type { Candidates, Ranking } from '../ranking.ts';

/** What a full agreement of classes counts, in cosines. Values from 0.1 to 0.5 differ little on three sets of photos. */
const WEIGHT = 0.25;

/**
 * By cos(q, g) + w · Σ_c p(c|q) p(c|g): similarity, and the probability that query and image are of one class. In a closed
 * set both posteriors know all classes there are.
 */
export const byClass: Ranking<'class'> = {
  name: 'class',
  label: 'class',
  order: 'by class',
  summary:
    'Similarity, raised where query and image are probably of one class by what the training labels say: more of the first images are right.',
  explanation: [
    'Nearest first, but images that are probably of the query’s class come earlier; what is probable follows from the training labels alone.',
    'Where the head is wrong about the query, right neighbours may lose their place to the wrong class.',
  ],
  usesClasses: true,
  keys(candidates, keys) {
    agreements(candidates, keys);
    addSimilarities(candidates, keys);
  },
};

/** Writes Σ_c p(c|q) p(c|g) of each candidate into `sums` [n]. */
export function agreements({ query, gallery }: Candidates, sums: Float64Array): void {
  const weights = new Float64Array(query);
  const paired = sums.length - (sums.length % 2);
  for (let row = 0; row < paired; row += 2) twoExpectations(weights, gallery, row, sums);
  if (paired < sums.length) sums[paired] = expectation(weights, gallery, paired);
}

/** Turns agreements into keys, in place. */
export function addSimilarities({ similarities }: Candidates, keys: Float64Array): void {
  for (let row = 0; row < keys.length; row++)
    keys[row] = (similarities[row] as number) + WEIGHT * (keys[row] as number);
}

/**
 * Σ_c weights[c] · gallery[row, c], in float64. Of smaller weights (none below 0) the sum is never larger, rounding
 * included: every order of additions is the same. One kind of weights alone, since code for two would take twice the time.
 */
export function expectation(weights: Float64Array, gallery: Float32Array, row: number): number {
  const classes = weights.length;
  const start = row * classes;
  const whole = classes - (classes % 4);
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  for (let i = 0; i < whole; i += 4) {
    a += (weights[i] as number) * (gallery[start + i] as number);
    b += (weights[i + 1] as number) * (gallery[start + i + 1] as number);
    c += (weights[i + 2] as number) * (gallery[start + i + 2] as number);
    d += (weights[i + 3] as number) * (gallery[start + i + 3] as number);
  }
  for (let i = whole; i < classes; i++) a += (weights[i] as number) * (gallery[start + i] as number);
  return a + b + (c + d);
}

/** Writes the expectations of row and row + 1 into `sums`, bit-identical: eight sums keep a processor busy where four wait. */
function twoExpectations(weights: Float64Array, gallery: Float32Array, row: number, sums: Float64Array): void {
  const classes = weights.length;
  const one = row * classes;
  const two = one + classes;
  const whole = classes - (classes % 4);
  let a0 = 0;
  let b0 = 0;
  let c0 = 0;
  let d0 = 0;
  let a1 = 0;
  let b1 = 0;
  let c1 = 0;
  let d1 = 0;
  for (let i = 0; i < whole; i += 4) {
    const a = weights[i] as number;
    const b = weights[i + 1] as number;
    const c = weights[i + 2] as number;
    const d = weights[i + 3] as number;
    a0 += a * (gallery[one + i] as number);
    b0 += b * (gallery[one + i + 1] as number);
    c0 += c * (gallery[one + i + 2] as number);
    d0 += d * (gallery[one + i + 3] as number);
    a1 += a * (gallery[two + i] as number);
    b1 += b * (gallery[two + i + 1] as number);
    c1 += c * (gallery[two + i + 2] as number);
    d1 += d * (gallery[two + i + 3] as number);
  }
  for (let i = whole; i < classes; i++) {
    a0 += (weights[i] as number) * (gallery[one + i] as number);
    a1 += (weights[i] as number) * (gallery[two + i] as number);
  }
  sums[row] = a0 + b0 + (c0 + d0);
  sums[row + 1] = a1 + b1 + (c1 + d1);
}
