import type { Ranking } from '../ranking.ts';
import { addSimilarities, agreements, expectation } from './class.ts';

/** Images that are chosen to cover the classes: the k of the headline metric. */
export const COVERED = 10;

/** Gains that differ by less count as equal: their difference is rounding. */
export const TIE = 1e-9;

/**
 * The first image is `class`'s. Each next one, up to the tenth, is the image that is most probably the first hit:
 * argmax_g Σ_c r_c p(c|g), where r_c = p(c|q) Π (1 − p(c|chosen)) is what is left of class c after the images before;
 * ties by `class`. The rest follow by `class`.
 */
export const cover: Ranking<'cover'> = {
  name: 'cover',
  label: 'cover',
  order: 'by cover',
  summary:
    'Likely classes side by side: each next image is the one that is most probably the first of the right class. More queries find one among the first k, and fewer find several.',
  explanation: [
    'The first ten show the query’s likely classes side by side, so that the right one is among them more often; what is likely follows from the training labels alone.',
    'It mixes classes on purpose: fewer of the first ten are right.',
  ],
  usesClasses: true,
  keys(candidates, keys) {
    const { query, gallery } = candidates;
    agreements(candidates, keys);
    const gains = keys.slice();
    addSimilarities(candidates, keys);
    // Above the keys of `class`, which never exceed 2.
    chooseCover(query, gallery, keys, gains, COVERED).forEach((row, rank) => {
      keys[row] = 2 + COVERED - rank;
    });
  },
};

/** A class takes part in the bounds where it takes so much of what an image covers: one class mostly takes nearly all. */
const COUNTED_SHARE = 0.1;

/** Images whose bound is below this share of the greatest gain are left out, until the greatest gain has fallen so far. */
const LEFT_OUT = 0.6;

/**
 * The first rows of `cover`: k of them, or fewer where what follows is the order of `class` anyhow. `keys` [n] are those of
 * `class`; `gains` [n], the agreements, are overwritten.
 *
 * A greedy choice asks for the greatest gain of all n images, k times: n · C · k multiplications. But what is left of a
 * class only shrinks, and so does every image's gain: an old gain bounds the new one from above (lazy greedy, Minoux 1978),
 * and less what the image loses in the few classes that shrank most, it bounds it closely. Only gains that may still be
 * the greatest are computed again, and bounds far below them are not even looked at. What is chosen is what the full
 * computation chooses.
 */
function chooseCover(
  query: Float32Array,
  gallery: Float32Array,
  keys: Float64Array,
  gains: Float64Array,
  k: number,
): number[] {
  const n = keys.length;
  if (n === 0 || k < 1) return [];
  const classes = query.length;
  const left = new Float64Array(query);
  const lost = new Float64Array(classes);
  /** Rows whose bounds are kept close, in ascending order; those of all others are below `floor`. */
  const near = new Int32Array(n);
  let count = everyRow(near);
  let floor = Number.POSITIVE_INFINITY;
  let last = greatest(keys, near, n);
  const chosen = [last];
  while (chosen.length < Math.min(k, n)) {
    gains[last] = Number.NEGATIVE_INFINITY;
    for (let c = 0; c < classes; c++) {
      const share = left[c] as number;
      const covered = gallery[last * classes + c] as number;
      left[c] = share * (1 - covered);
      lost[c] = share * covered;
    }
    lessen(gains, gallery, lost, near, count);
    let top = greatest(gains, near, count);
    if (count < n && exact(top, gains, left, gallery) - TIE < floor) {
      // Among those that were left out there may be a greater one.
      count = everyRow(near);
      top = greatest(gains, near, count);
    }
    const bound = gains[top] as number;
    let least = exact(top, gains, left, gallery) - TIE;
    if (count === n) {
      // Nothing is left to gain: from here on all are ties.
      if (bound < TIE) break;
      floor = Math.min(least, LEFT_OUT * least);
    }
    let kept = 0;
    for (let i = 0; i < count; i++) {
      const row = near[i] as number;
      if ((gains[row] as number) < floor) continue;
      near[kept++] = row;
      if ((gains[row] as number) < least) continue;
      least = Math.max(least, exact(row, gains, left, gallery) - TIE);
    }
    count = kept;
    last = firstOfTies(near, count, gains, least, keys);
    chosen.push(last);
  }
  return chosen;
}

/** Writes 0 to n − 1 into `rows` [n]. Returns n. */
function everyRow(rows: Int32Array): number {
  for (let row = 0; row < rows.length; row++) rows[row] = row;
  return rows.length;
}

/** Of the first `count` of `rows`, at least one, the first with the greatest value. */
function greatest(values: Float64Array, rows: Int32Array, count: number): number {
  let top = rows[0] as number;
  let most = values[top] as number;
  for (let i = 1; i < count; i++) {
    const row = rows[i] as number;
    const value = values[row] as number;
    if (value > most) {
      most = value;
      top = row;
    }
  }
  return top;
}

/** Computes the gain of a row, unless it was chosen. */
function exact(row: number, gains: Float64Array, left: Float64Array, gallery: Float32Array): number {
  if (gains[row] === Number.NEGATIVE_INFINITY) return Number.NEGATIVE_INFINITY;
  const gain = expectation(left, gallery, row);
  gains[row] = gain;
  return gain;
}

/** Lowers the gains of the first `count` of `rows` by what they lose in the classes that lost most. */
function lessen(gains: Float64Array, gallery: Float32Array, lost: Float64Array, rows: Int32Array, count: number): void {
  const classes = lost.length;
  let all = 0;
  for (let c = 0; c < classes; c++) all += lost[c] as number;
  for (let c = 0; c < classes; c++) {
    const part = lost[c] as number;
    if (part <= COUNTED_SHARE * all) continue;
    for (let i = 0; i < count; i++) {
      const row = rows[i] as number;
      (gains[row] as number) -= part * (gallery[row * classes + c] as number);
    }
  }
}

/** Of the first `count` of `rows`, which ascend, the one of the greatest key among gains of at least `least`; of equals the first. */
function firstOfTies(
  rows: Int32Array,
  count: number,
  gains: Float64Array,
  least: number,
  keys: Float64Array,
): number {
  let first = -1;
  for (let i = 0; i < count; i++) {
    const row = rows[i] as number;
    if ((gains[row] as number) < least) continue;
    if (first < 0 || (keys[row] as number) > (keys[first] as number)) first = row;
  }
  return first;
}
