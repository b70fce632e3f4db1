// Sums over class posteriors, and the greedy choice that `cover` makes of them. src/search/classes/plain.ts is the same in
// JavaScript: the results are bit-identical.
//
// Posteriors lie four rows side by side, [rows / 4, classes, 4], in float32; rows and classes are multiples of 4. So sums of four
// rows are made at once, and one class of all rows is read without what lies between.

/** Bytes of one class of four rows. */
const FOUR: usize = 16;

/**
 * Σ_c weights[c] · p(c) of four rows, into `sums` [4]: class c belongs to the (c mod 4)th of four sums. `four` is where the rows
 * lie; `weights` [classes] and sums are in float64.
 */
@inline
function sumFour(four: usize, classes: i32, weights: usize, sums: usize): void {
  let a = f64x2.splat(0), b = a, c = a, d = a;
  let e = a, f = a, g = a, h = a;
  for (const end = four + <usize>classes * FOUR; four < end; four += 4 * FOUR, weights += 32) {
    let numbers = v128.load(four), weight = v128.load64_splat(weights);
    a = f64x2.add(a, f64x2.mul(weight, lower(numbers)));
    e = f64x2.add(e, f64x2.mul(weight, upper(numbers)));
    numbers = v128.load(four, 16), weight = v128.load64_splat(weights, 8);
    b = f64x2.add(b, f64x2.mul(weight, lower(numbers)));
    f = f64x2.add(f, f64x2.mul(weight, upper(numbers)));
    numbers = v128.load(four, 32), weight = v128.load64_splat(weights, 16);
    c = f64x2.add(c, f64x2.mul(weight, lower(numbers)));
    g = f64x2.add(g, f64x2.mul(weight, upper(numbers)));
    numbers = v128.load(four, 48), weight = v128.load64_splat(weights, 24);
    d = f64x2.add(d, f64x2.mul(weight, lower(numbers)));
    h = f64x2.add(h, f64x2.mul(weight, upper(numbers)));
  }
  v128.store(sums, f64x2.add(f64x2.add(a, b), f64x2.add(c, d)));
  v128.store(sums, f64x2.add(f64x2.add(e, f), f64x2.add(g, h)), 16);
}

@inline
function lower(numbers: v128): v128 {
  return f64x2.promote_low_f32x4(numbers);
}

@inline
function upper(numbers: v128): v128 {
  return f64x2.promote_low_f32x4(v128.shuffle<i64>(numbers, numbers, 1, 1));
}

/** The greater of both lanes. */
@inline
function greater(two: v128): f64 {
  return max(f64x2.extract_lane(two, 0), f64x2.extract_lane(two, 1));
}

/** `values` where `gates` are not −∞; there −∞ too. */
@inline
function unlessOut(values: v128, gates: v128): v128 {
  const out = f64x2.splat(-Infinity);
  return v128.bitselect(out, values, f64x2.eq(gates, out));
}

/**
 * Writes similarities[row] + weight · gains[row] into `keys`, and the sum of the row into `gains`, −∞ where the key is; all but the
 * similarities in float64. Returns the greatest key.
 */
export function weigh(
  posteriors: usize, rows: i32, classes: i32, weights: usize, similarities: usize, weight: f64, gains: usize, keys: usize,
): f64 {
  const bytes = <usize>classes * FOUR;
  const part = f64x2.splat(weight);
  let greatest = f64x2.splat(-Infinity);
  for (const end = keys + (<usize>rows << 3); keys < end; keys += 32) {
    sumFour(posteriors, classes, weights, gains);
    const numbers = v128.load(similarities), firstSums = v128.load(gains), lastSums = v128.load(gains, 16);
    const first = f64x2.add(lower(numbers), f64x2.mul(part, firstSums));
    const last = f64x2.add(upper(numbers), f64x2.mul(part, lastSums));
    v128.store(keys, first);
    v128.store(keys, last, 16);
    v128.store(gains, unlessOut(firstSums, first));
    v128.store(gains, unlessOut(lastSums, last), 16);
    greatest = f64x2.pmax(f64x2.pmax(greatest, first), last);
    posteriors += bytes;
    similarities += 16;
    gains += 32;
  }
  return greater(greatest);
}

/** The first row whose number in float64 is `number`, which one of them is. */
@inline
function find(numbers: usize, number: f64): i32 {
  const wanted = f64x2.splat(number);
  let at = numbers;
  while (!v128.any_true(v128.or(f64x2.eq(v128.load(at), wanted), f64x2.eq(v128.load(at, 16), wanted)))) at += 32;
  while (load<f64>(at) != number) at += 8;
  return <i32>((at - numbers) >> 3);
}

/** The class of which a row takes most of what is `left`; `row` is where its first posterior lies. */
@inline
function mostCovered(row: usize, classes: i32, left: usize): usize {
  let most: f64 = -1;
  let found: usize = 0;
  for (let c: usize = 0; c < <usize>classes; c++, row += FOUR) {
    const part = load<f64>(left + (c << 3)) * <f64>load<f32>(row);
    if (part <= most) continue;
    most = part;
    found = c;
  }
  return found;
}

/** Takes what a row covers of what is `left`. */
@inline
function take(row: usize, classes: i32, left: usize): void {
  for (const end = left + (<usize>classes << 3); left < end; left += 8, row += FOUR) {
    store<f64>(left, load<f64>(left) * (1 - <f64>load<f32>(row)));
  }
}

/** Lessens all gains by `part` of one class, whose posteriors begin at `cell`; returns the greatest. */
@inline
function lessen(gains: usize, rows: i32, part: f64, cell: usize, bytes: usize): f64 {
  const lost = f64x2.splat(part);
  let one = f64x2.splat(-Infinity), other = one;
  for (const end = gains + (<usize>rows << 3); gains < end; gains += 32, cell += bytes) {
    const numbers = v128.load(cell);
    const first = f64x2.sub(v128.load(gains), f64x2.mul(lost, lower(numbers)));
    const last = f64x2.sub(v128.load(gains, 16), f64x2.mul(lost, upper(numbers)));
    v128.store(gains, first);
    v128.store(gains, last, 16);
    one = f64x2.pmax(one, first);
    other = f64x2.pmax(other, last);
  }
  return greater(f64x2.pmax(one, other));
}

/** Computes four gains at `gains` again, of the rows that lie at `four`; returns the greatest. */
@inline
function compute(gains: usize, four: usize, classes: i32, left: usize): f64 {
  const firstBefore = v128.load(gains), lastBefore = v128.load(gains, 16);
  sumFour(four, classes, left, gains);
  const first = unlessOut(v128.load(gains), firstBefore);
  const last = unlessOut(v128.load(gains, 16), lastBefore);
  v128.store(gains, first);
  v128.store(gains, last, 16);
  return greater(f64x2.pmax(first, last));
}

/**
 * The first rows of `cover` into `chosen`; returns how many: k, or fewer where nothing is left to gain. `keys` and `gains` are those
 * of weigh(), `greatest` is what it returned, `left` [classes] the query's posterior, in float64; gains and what is left are
 * overwritten. `computed` has room for rows / 4 numbers of 32 bits.
 */
export function cover(
  posteriors: usize, rows: i32, classes: i32, keys: usize, greatest: f64, gains: usize, left: usize, k: i32, tie: f64,
  chosen: usize, computed: usize,
): i32 {
  const bytes = <usize>classes * FOUR;
  if (greatest == -Infinity) return 0;
  let last = find(keys, greatest);
  let count: i32 = 0;
  for (;;) {
    store<i32>(chosen + (<usize>count << 2), last);
    count++;
    if (count >= k) break;
    store<f64>(gains + (<usize>last << 3), -Infinity);
    const four = posteriors + <usize>(last >> 2) * bytes;
    const its = four + (<usize>(last & 3) << 2);
    const column = mostCovered(its, classes, left);
    const part = load<f64>(left + (column << 3)) * <f64>load<f32>(its + column * FOUR);
    take(its, classes, left);
    const bound = lessen(gains, rows, part, posteriors + column * FOUR, bytes);
    if (bound == -Infinity) break;
    // Begins with those of the greatest bound: little is computed after it.
    const top = find(gains, bound) & ~3;
    let most = compute(gains + (<usize>top << 3), posteriors + <usize>(top >> 2) * bytes, classes, left);
    store<i32>(computed, top);
    let some: usize = 4;
    let enough = f64x2.splat(most - 2 * tie);
    for (let row: i32 = 0; row < rows; row += 4) {
      const at = gains + (<usize>row << 3);
      if (!v128.any_true(v128.or(f64x2.ge(v128.load(at), enough), f64x2.ge(v128.load(at, 16), enough)))) continue;
      if (row == top) continue;
      store<i32>(computed + some, row);
      some += 4;
      const gain = compute(at, posteriors + <usize>(row >> 2) * bytes, classes, left);
      if (gain <= most) continue;
      most = gain;
      enough = f64x2.splat(most - 2 * tie);
    }
    // From here on all are ties.
    if (most < tie) break;
    greatest = -Infinity;
    for (let at: usize = 0; at < some; at += 4) {
      const first = load<i32>(computed + at);
      for (let row = first; row < first + 4; row++) {
        const key = load<f64>(keys + (<usize>row << 3));
        // Of equal keys the first row's.
        if (load<f64>(gains + (<usize>row << 3)) < most - tie || key < greatest || (key == greatest && row > last)) continue;
        greatest = key;
        last = row;
      }
    }
  }
  return count;
}
