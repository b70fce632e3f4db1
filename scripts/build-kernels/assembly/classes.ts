// Sums over class posteriors, and the greedy choice that `cover` makes of them. src/search/classes/plain.ts is the same in
// JavaScript: the results are bit-identical.

/**
 * Σ_c weights[c] · row[c] of `stride` classes, a multiple of 4, in float64: class c belongs to the (c mod 4)th of four sums.
 * `row` is in float32, `weights` in float64.
 */
@inline
function expectation(row: usize, weights: usize, stride: i32): f64 {
  let low = f64x2.splat(0), high = f64x2.splat(0);
  for (const end = row + (<usize>stride << 2); row < end; row += 16, weights += 32) {
    const numbers = v128.load(row);
    low = f64x2.add(low, f64x2.mul(v128.load(weights), lowerTwo(numbers)));
    high = f64x2.add(high, f64x2.mul(v128.load(weights, 16), upperTwo(numbers)));
  }
  return total(low, high);
}

@inline
function lowerTwo(numbers: v128): v128 {
  return f64x2.promote_low_f32x4(numbers);
}

@inline
function upperTwo(numbers: v128): v128 {
  return f64x2.promote_low_f32x4(v128.shuffle<i64>(numbers, numbers, 1, 1));
}

@inline
function total(low: v128, high: v128): f64 {
  return (
    f64x2.extract_lane(low, 0) + f64x2.extract_lane(low, 1) +
    (f64x2.extract_lane(high, 0) + f64x2.extract_lane(high, 1))
  );
}

/** Writes the expectation of each of `rows` rows into `sums`, in float64. */
export function agreements(posteriors: usize, rows: i32, stride: i32, weights: usize, sums: usize): void {
  const bytes = <usize>stride << 2;
  let row: i32 = 0;
  // Four rows at a time: a sum waits for its last addition, and eight of them do not.
  for (; row + 4 <= rows; row += 4, sums += 32) {
    let r0 = posteriors + <usize>row * bytes;
    let r1 = r0 + bytes, r2 = r0 + 2 * bytes, r3 = r0 + 3 * bytes;
    let low0 = f64x2.splat(0), low1 = low0, low2 = low0, low3 = low0;
    let high0 = low0, high1 = low0, high2 = low0, high3 = low0;
    let at = weights;
    for (const end = r0 + bytes; r0 < end; r0 += 16, r1 += 16, r2 += 16, r3 += 16, at += 32) {
      const first = v128.load(at), second = v128.load(at, 16);
      let numbers = v128.load(r0);
      low0 = f64x2.add(low0, f64x2.mul(first, lowerTwo(numbers)));
      high0 = f64x2.add(high0, f64x2.mul(second, upperTwo(numbers)));
      numbers = v128.load(r1);
      low1 = f64x2.add(low1, f64x2.mul(first, lowerTwo(numbers)));
      high1 = f64x2.add(high1, f64x2.mul(second, upperTwo(numbers)));
      numbers = v128.load(r2);
      low2 = f64x2.add(low2, f64x2.mul(first, lowerTwo(numbers)));
      high2 = f64x2.add(high2, f64x2.mul(second, upperTwo(numbers)));
      numbers = v128.load(r3);
      low3 = f64x2.add(low3, f64x2.mul(first, lowerTwo(numbers)));
      high3 = f64x2.add(high3, f64x2.mul(second, upperTwo(numbers)));
    }
    store<f64>(sums, total(low0, high0));
    store<f64>(sums, total(low1, high1), 8);
    store<f64>(sums, total(low2, high2), 16);
    store<f64>(sums, total(low3, high3), 24);
  }
  for (; row < rows; row++, sums += 8) {
    store<f64>(sums, expectation(posteriors + <usize>row * bytes, weights, stride));
  }
}

/**
 * The first rows of `cover` into `chosen`; returns how many: k, or fewer where nothing is left to gain. `keys` [rows] and `gains`
 * [rows] as ClassKernel.cover has them, `left` [stride] the query's posterior, all three in float64; the last two are
 * overwritten. `computed` has room for `rows` numbers of 32 bits.
 */
export function cover(
  posteriors: usize, rows: i32, stride: i32, keys: usize, gains: usize, left: usize, k: i32, tie: f64,
  chosen: usize, computed: usize,
): i32 {
  const bytes = <usize>stride << 2;
  let last: i32 = -1;
  let greatest: f64 = -Infinity;
  for (let row: i32 = 0; row < rows; row++) {
    const key = load<f64>(keys + (<usize>row << 3));
    if (key > greatest) {
      greatest = key;
      last = row;
    } else if (key == -Infinity) store<f64>(gains + (<usize>row << 3), -Infinity);
  }
  if (last < 0) return 0;
  let count: i32 = 0;
  for (;;) {
    store<i32>(chosen + (<usize>count << 2), last);
    count++;
    if (count >= k) break;
    store<f64>(gains + (<usize>last << 3), -Infinity);
    // What the image takes of each class, and of which it takes most.
    const its = posteriors + <usize>last * bytes;
    let most: f64 = -1;
    let column: usize = 0;
    for (let c: usize = 0; c < <usize>stride; c++) {
      const share = load<f64>(left + (c << 3));
      const covered = <f64>load<f32>(its + (c << 2));
      store<f64>(left + (c << 3), share * (1 - covered));
      if (share * covered > most) {
        most = share * covered;
        column = c;
      }
    }
    // All gains fall by what is lost in that class at least: bounds from above.
    let top: i32 = -1;
    let bound: f64 = -Infinity;
    let cell = posteriors + (column << 2);
    for (let row: i32 = 0; row < rows; row++, cell += bytes) {
      const at = gains + (<usize>row << 3);
      const gain = load<f64>(at) - most * <f64>load<f32>(cell);
      store<f64>(at, gain);
      if (gain > bound) {
        bound = gain;
        top = row;
      }
    }
    if (top < 0) break;
    let least = expectation(posteriors + <usize>top * bytes, left, stride) - tie;
    let some: usize = 0;
    for (let row: i32 = 0; row < rows; row++) {
      const at = gains + (<usize>row << 3);
      if (load<f64>(at) < least) continue;
      const gain = expectation(posteriors + <usize>row * bytes, left, stride);
      store<f64>(at, gain);
      store<i32>(computed + some, row);
      some += 4;
      if (gain - tie > least) least = gain - tie;
    }
    // From here on all are ties.
    if (least < 0) break;
    greatest = -Infinity;
    for (let at: usize = 0; at < some; at += 4) {
      const row = load<i32>(computed + at);
      const key = load<f64>(keys + (<usize>row << 3));
      if (load<f64>(gains + (<usize>row << 3)) >= least && key > greatest) {
        greatest = key;
        last = row;
      }
    }
  }
  return count;
}
