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
  const left = new Float64Array(query);
  const bounds = new Bounds(gains, gallery, query.length);
  let last = 0;
  for (let row = 1; row < n; row++) if ((keys[row] as number) > (keys[last] as number)) last = row;
  const chosen = [last];
  while (chosen.length < Math.min(k, n)) {
    const ties = bounds.greatestWithout(last, left);
    // Nothing is left to gain: from here on all are ties.
    if (ties.length === 0) break;
    last = ties.reduce((first, row) => ((keys[row] as number) > (keys[first] as number) ? row : first));
    chosen.push(last);
  }
  return chosen;
}

/** What a class has lost to the images that were chosen. */
interface Loss {
  readonly of: number;
  readonly part: number;
}

/** Bounds of all gains, from above. */
class Bounds {
  readonly #gains: Float64Array;
  readonly #gallery: Float32Array;
  readonly #classes: number;
  /** Rows whose bounds are kept close, in ascending order; those of all others are below the floor. */
  readonly #near: Int32Array;
  #count = 0;
  #floor = Number.POSITIVE_INFINITY;
  /** Losses that the bounds of the others do not know of yet. */
  #losses: Loss[] = [];

  /** `gains` [n] are exact, and overwritten. */
  constructor(gains: Float64Array, gallery: Float32Array, classes: number) {
    this.#gains = gains;
    this.#gallery = gallery;
    this.#classes = classes;
    this.#near = new Int32Array(gains.length);
  }

  /**
   * All rows that may be called the greatest once `last` is chosen, in ascending order: ties. `left` [classes] is lessened by
   * what it covers. None where nothing is left to gain.
   */
  greatestWithout(last: number, left: Float64Array): number[] {
    const losses = this.#cover(last, left);
    this.#losses.push(...losses);
    let top = this.#lessenNear(losses);
    if (top < 0 || this.#exact(top, left) - TIE < this.#floor) {
      // Among those that were left out there may be a greater one.
      top = this.#lessenOthers();
      if ((this.#gains[top] as number) < TIE) return [];
      const least = this.#exact(top, left) - TIE;
      this.#floor = Math.min(least, LEFT_OUT * least);
      this.#gather();
    }
    return this.#ties(top, left);
  }

  /** What the classes lose of which `last` covers most; at least one. */
  #cover(last: number, left: Float64Array): Loss[] {
    this.#gains[last] = Number.NEGATIVE_INFINITY;
    const start = last * this.#classes;
    let all = 0;
    for (let c = 0; c < left.length; c++) all += (left[c] as number) * (this.#gallery[start + c] as number);
    const losses: Loss[] = [];
    for (let c = 0; c < left.length; c++) {
      const share = left[c] as number;
      const covered = this.#gallery[start + c] as number;
      const part = share * covered;
      left[c] = share * (1 - covered);
      if (part > COUNTED_SHARE * all) losses.push({ of: c, part });
    }
    if (losses.length === 0) losses.push({ of: 0, part: 0 });
    return losses;
  }

  /** Returns the row of the greatest bound that is near; −1 of none. */
  #lessenNear(losses: readonly Loss[]): number {
    const [gains, gallery, near] = [this.#gains, this.#gallery, this.#near];
    const [classes, count] = [this.#classes, this.#count];
    let top = -1;
    for (const { of, part } of losses) {
      let most = Number.NEGATIVE_INFINITY;
      for (let i = 0; i < count; i++) {
        const row = near[i] as number;
        const gain = (gains[row] as number) - part * (gallery[row * classes + of] as number);
        gains[row] = gain;
        if (gain <= most) continue;
        most = gain;
        top = row;
      }
    }
    return top;
  }

  /** Returns the row of the greatest bound of all. */
  #lessenOthers(): number {
    const [gains, gallery, near] = [this.#gains, this.#gallery, this.#near];
    const [classes, count] = [this.#classes, this.#count];
    let top = 0;
    for (const { of, part } of this.#losses) {
      let most = Number.NEGATIVE_INFINITY;
      let next = 0;
      for (let row = 0; row < gains.length; row++) {
        let gain = gains[row] as number;
        if (next < count && near[next] === row) next++;
        else {
          gain -= part * (gallery[row * classes + of] as number);
          gains[row] = gain;
        }
        if (gain <= most) continue;
        most = gain;
        top = row;
      }
    }
    this.#losses = [];
    return top;
  }

  /** Takes all for near that are not below the floor. */
  #gather(): void {
    const [gains, near, floor] = [this.#gains, this.#near, this.#floor];
    let count = 0;
    for (let row = 0; row < gains.length; row++) {
      if ((gains[row] as number) >= floor) near[count++] = row;
    }
    this.#count = count;
  }

  /** Computes all gains that may be the greatest, that of `top` first. */
  #ties(top: number, left: Float64Array): number[] {
    const [gains, near, count] = [this.#gains, this.#near, this.#count];
    const computed: number[] = [];
    let least = this.#exact(top, left) - TIE;
    for (let i = 0; i < count; i++) {
      const row = near[i] as number;
      if ((gains[row] as number) < least) continue;
      const gain = this.#exact(row, left);
      computed.push(row);
      if (gain - TIE > least) least = gain - TIE;
    }
    const atLeast = least;
    return computed.filter((row) => (gains[row] as number) >= atLeast);
  }

  /** Computes the gain of a row that is not chosen. */
  #exact(row: number, left: Float64Array): number {
    const gain = expectation(left, this.#gallery, row);
    this.#gains[row] = gain;
    return gain;
  }
}
