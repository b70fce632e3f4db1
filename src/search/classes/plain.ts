import { type Candidates, type ClassKernel, TIE } from './kernel.ts';

/** For browsers without WASM SIMD. */
export const plainClasses: ClassKernel = {
  weigh(candidates, weight, keys) {
    weigh(candidates, weight, keys);
  },

  cover(candidates, weight, keys, k) {
    const { query, gallery } = candidates;
    const gains = weigh(candidates, weight, keys);
    const left = new Float64Array(query);
    const chosen: number[] = [];
    let last = -1;
    let greatest = Number.NEGATIVE_INFINITY;
    for (let row = 0; row < keys.length; row++) {
      const key = keys[row] as number;
      if (key > greatest) {
        greatest = key;
        last = row;
      } else if (key === Number.NEGATIVE_INFINITY) gains[row] = key;
    }
    while (last >= 0) {
      chosen.push(last);
      if (chosen.length >= k) break;
      gains[last] = Number.NEGATIVE_INFINITY;
      const top = lessen(gains, gallery, mostCovered(left, gallery, last), query.length);
      if (top < 0) break;
      const ties = computed(gains, gallery, left, top);
      // From here on all are ties.
      if (ties === null) break;
      last = ties.reduce((first, row) => ((keys[row] as number) > (keys[first] as number) ? row : first));
    }
    return Int32Array.from(chosen);
  },
};

/** Writes the keys; returns the agreements that they hold. */
function weigh({ similarities, query, gallery }: Candidates, weight: number, keys: Float64Array): Float64Array {
  const weights = new Float64Array(query);
  const sums = new Float64Array(keys.length);
  for (let row = 0; row < keys.length; row++) {
    const sum = expectation(weights, gallery, row);
    sums[row] = sum;
    keys[row] = (similarities[row] as number) + weight * sum;
  }
  return sums;
}

/**
 * Σ_c weights[c] · gallery[row, c], in float64. With smaller weights (none below 0) the sum is never larger, rounding
 * included: every order of additions is the same.
 */
function expectation(weights: Float64Array, gallery: Float32Array, row: number): number {
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
  if (whole < classes) a += (weights[whole] as number) * (gallery[start + whole] as number);
  if (whole + 1 < classes) b += (weights[whole + 1] as number) * (gallery[start + whole + 1] as number);
  if (whole + 2 < classes) c += (weights[whole + 2] as number) * (gallery[start + whole + 2] as number);
  return a + b + (c + d);
}

/** Takes what an image covers of `left`; the class that it takes most of, and how much. */
function mostCovered(left: Float64Array, gallery: Float32Array, image: number): { of: number; part: number } {
  const most = { of: 0, part: -1 };
  for (let c = 0; c < left.length; c++) {
    const share = left[c] as number;
    const covered = gallery[image * left.length + c] as number;
    left[c] = share * (1 - covered);
    if (share * covered <= most.part) continue;
    most.part = share * covered;
    most.of = c;
  }
  return most;
}

/** Lessens all bounds by what is lost in one class; returns the row of the greatest, −1 where no image is left. */
function lessen(
  gains: Float64Array,
  gallery: Float32Array,
  { of, part }: { of: number; part: number },
  classes: number,
): number {
  let top = -1;
  let bound = Number.NEGATIVE_INFINITY;
  for (let row = 0; row < gains.length; row++) {
    const gain = (gains[row] as number) - part * (gallery[row * classes + of] as number);
    gains[row] = gain;
    if (gain <= bound) continue;
    bound = gain;
    top = row;
  }
  return top;
}

/** Computes all gains that may be the greatest, that of `top` first. The rows that are; null where it is nothing. */
function computed(gains: Float64Array, gallery: Float32Array, left: Float64Array, top: number): number[] | null {
  const rows: number[] = [];
  let most = expectation(left, gallery, top);
  for (let row = 0; row < gains.length; row++) {
    if ((gains[row] as number) < most - 2 * TIE) continue;
    const gain = expectation(left, gallery, row);
    gains[row] = gain;
    rows.push(row);
    if (gain > most) most = gain;
  }
  return most < TIE ? null : rows.filter((row) => (gains[row] as number) >= most - TIE);
}
