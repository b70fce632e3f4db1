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

/**
 * The first rows of `cover`: k of them, or fewer where what follows is the order of `class` anyhow. `keys` [n] are those of
 * `class`; `gains` [n], the agreements, are overwritten.
 *
 * A greedy choice asks for the greatest gain of all n images, k times: n · C · k multiplications. But what is left of a
 * class only shrinks, and so does every image's gain: an old gain bounds the new one from above (lazy greedy, Minoux 1978),
 * and less what the image loses in the few classes that shrank most, it bounds it closely. Only gains that may still be
 * the greatest are computed again. What is chosen is what the full computation chooses.
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
  const left = Float64Array.from(query);
  const lost = new Float64Array(classes);
  let last = 0;
  for (let row = 1; row < n; row++) if ((keys[row] as number) > (keys[last] as number)) last = row;
  const chosen = [last];
  while (chosen.length < Math.min(k, n)) {
    gains[last] = Number.NEGATIVE_INFINITY;
    for (let c = 0; c < classes; c++) {
      const share = left[c] as number;
      const covered = gallery[last * classes + c] as number;
      left[c] = share * (1 - covered);
      lost[c] = share * covered;
    }
    const top = lessen(gains, gallery, lost);
    // Nothing is left to gain: from here on all are ties.
    if ((gains[top] as number) < TIE) break;
    gains[top] = expectation(left, gallery, top);
    let least = (gains[top] as number) - TIE;
    const computed = [top];
    for (let row = 0; row < n; row++) {
      if ((gains[row] as number) < least || row === top) continue;
      const gain = expectation(left, gallery, row);
      gains[row] = gain;
      computed.push(row);
      if (gain - TIE > least) least = gain - TIE;
    }
    last = best(
      computed.filter((row) => (gains[row] as number) >= least),
      keys,
    );
    chosen.push(last);
  }
  return chosen;
}

/** Lowers each image's gain by what it loses in the classes that lost most. Returns the first row of the greatest. */
function lessen(gains: Float64Array, gallery: Float32Array, lost: Float64Array): number {
  const classes = lost.length;
  let all = 0;
  for (let c = 0; c < classes; c++) all += lost[c] as number;
  for (let c = 0; c < classes; c++) {
    const part = lost[c] as number;
    if (part <= COUNTED_SHARE * all) continue;
    for (let row = 0, at = c; row < gains.length; row++, at += classes) {
      (gains[row] as number) -= part * (gallery[at] as number);
    }
  }
  let top = 0;
  for (let row = 1; row < gains.length; row++) if ((gains[row] as number) > (gains[top] as number)) top = row;
  return top;
}

/** The row of the greatest key, of equals the first in the gallery. */
function best(rows: readonly number[], keys: Float64Array): number {
  let first = -1;
  for (const row of rows) {
    const [key, other] = [keys[row] as number, keys[first] as number];
    if (first < 0 || key > other || (key === other && row < first)) first = row;
  }
  return first;
}
