import type { Ranking } from '../ranking.ts';
import { addSimilarities, agreements, expectation } from './class.ts';

/** Images that are chosen to cover the classes: the k of the headline metric. */
const COVERED = 10;

/** Gains that differ by less count as equal: their difference is rounding. */
const TIE = 1e-9;

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

/**
 * The first rows of `cover`: k of them, or fewer where what follows is the order of `class` anyhow. `keys` [n] are those of
 * `class`; `gains` [n], the agreements, are overwritten.
 *
 * A greedy choice asks for the greatest gain of all n images, k times: n · C · k multiplications. But what is left of a
 * class only shrinks, and so does every image's gain: an old gain bounds the new one from above. Images wait in a heap by
 * the gain they had last, and only those that may still be the best are computed again (lazy greedy, Minoux 1978). What is
 * chosen is what the full computation chooses.
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
  let last = 0;
  for (let row = 1; row < n; row++) if ((keys[row] as number) > (keys[last] as number)) last = row;
  const chosen = [last];
  const waiting = new Waiting(gains, last);
  while (chosen.length < Math.min(k, n)) {
    for (let c = 0; c < classes; c++) {
      left[c] = (left[c] as number) * (1 - (gallery[last * classes + c] as number));
    }
    // Nothing is left to gain: from here on all are ties.
    if (waiting.greatest() < TIE) break;
    let most = 0;
    const computed: number[] = [];
    while (waiting.greatest() >= most - TIE) {
      const row = waiting.take();
      const gain = expectation(left, gallery, row);
      gains[row] = gain;
      computed.push(row);
      if (gain > most) most = gain;
    }
    last = best(
      computed.filter((row) => (gains[row] as number) >= most - TIE),
      keys,
    );
    chosen.push(last);
    for (const row of computed) if (row !== last) waiting.put(row);
  }
  return chosen;
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

/** Rows by their gains, the greatest first: a binary heap. A waiting row's gain must not change. */
class Waiting {
  readonly #gains: Float64Array;
  readonly #rows: Int32Array;
  #size = 0;

  /** All rows but one. */
  constructor(gains: Float64Array, without: number) {
    this.#gains = gains;
    this.#rows = new Int32Array(gains.length);
    for (let row = 0; row < gains.length; row++) if (row !== without) this.#rows[this.#size++] = row;
    for (let at = (this.#size >> 1) - 1; at >= 0; at--) this.#sink(at, this.#rows[at] as number);
  }

  /** −Infinity where none waits. */
  greatest(): number {
    return this.#size === 0 ? Number.NEGATIVE_INFINITY : this.#gain(0);
  }

  take(): number {
    const row = this.#rows[0] as number;
    this.#size--;
    if (this.#size > 0) this.#sink(0, this.#rows[this.#size] as number);
    return row;
  }

  put(row: number): void {
    const gain = this.#gains[row] as number;
    let at = this.#size++;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (this.#gain(parent) >= gain) break;
      this.#rows[at] = this.#rows[parent] as number;
      at = parent;
    }
    this.#rows[at] = row;
  }

  #gain(at: number): number {
    return this.#gains[this.#rows[at] as number] as number;
  }

  /** Places a row into the hole at `hole`, moving greater children up. */
  #sink(hole: number, row: number): void {
    const gain = this.#gains[row] as number;
    let at = hole;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= this.#size) break;
      if (child + 1 < this.#size && this.#gain(child + 1) > this.#gain(child)) child++;
      if (this.#gain(child) <= gain) break;
      this.#rows[at] = this.#rows[child] as number;
      at = child;
    }
    this.#rows[at] = row;
  }
}
