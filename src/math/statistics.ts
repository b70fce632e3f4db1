/** Any list of numbers, typed or not. */
export type Numbers = ArrayLike<number>;

/** Arithmetic mean; NaN of nothing. */
export function mean(values: Numbers): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] as number;
  return sum / values.length;
}

/** Sample standard deviation (n − 1 in the denominator); 0 for a single number, NaN for none. */
export function standardDeviation(values: Numbers): number {
  if (values.length < 2) return values.length === 1 ? 0 : Number.NaN;
  const centre = mean(values);
  let squares = 0;
  for (let i = 0; i < values.length; i++) squares += ((values[i] as number) - centre) ** 2;
  return Math.sqrt(squares / (values.length - 1));
}

/** NaN of nothing. */
export function median(values: Numbers): number {
  return quantile(values, 0.5);
}

/** Quantile p in [0, 1], linear between order statistics (Hyndman & Fan's type 7, NumPy's default); NaN of nothing. */
export function quantile(values: Numbers, p: number): number {
  return ofSorted(Float64Array.from(values).sort(), p);
}

/** The interval that holds the middle `level` (0.95, say) of the values: equal tails on both sides. */
export function percentileInterval(values: Numbers, level: number): readonly [number, number] {
  const sorted = Float64Array.from(values).sort();
  const tail = (1 - level) / 2;
  return [ofSorted(sorted, tail), ofSorted(sorted, 1 - tail)];
}

function ofSorted(sorted: Float64Array, p: number): number {
  const position = p * (sorted.length - 1);
  const lower = sorted[Math.floor(position)];
  const upper = sorted[Math.ceil(position)];
  if (lower === undefined || upper === undefined) return Number.NaN;
  // Equal neighbours first: between two infinities (a median rank with no hit) the formula would give NaN.
  return lower === upper ? lower : lower + (upper - lower) * (position - Math.floor(position));
}
