/** What the kernels compute, in plain loops and double precision, to compare them with. */

/** Layer norm without its affine half, of rows of `width` numbers. */
export function exactLayerNorm(x: Float32Array | Float64Array, width: number, epsilon: number): Float64Array {
  const y = new Float64Array(x.length);
  for (let begin = 0; begin < x.length; begin += width) {
    const row = Float64Array.from({ length: width }, (_, i) => x[begin + i] ?? 0);
    const mean = row.reduce((sum, value) => sum + value, 0) / width;
    const variance = row.reduce((sum, value) => sum + (value - mean) ** 2, 0) / width;
    y.set(
      row.map((value) => (value - mean) / Math.sqrt(variance + epsilon)),
      begin,
    );
  }
  return y;
}

/** x · Φ(x). */
export const exactGelu = (x: number): number => x * normalCdf(x);

/** Φ by its series, and by its continued fraction beyond 3: both to double precision. */
function normalCdf(x: number): number {
  if (Math.abs(x) > 3) {
    let rest = 0;
    for (let k = 60; k > 0; k--) rest = k / (Math.abs(x) + rest);
    const tail = Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI) / (Math.abs(x) + rest);
    return x < 0 ? tail : 1 - tail;
  }
  let term = x;
  let sum = x;
  for (let k = 1; k < 100; k++) {
    term *= (x * x) / (2 * k + 1);
    sum += term;
  }
  return 0.5 + (sum * Math.exp((-x * x) / 2)) / Math.sqrt(2 * Math.PI);
}

export interface AttentionShape {
  readonly images: number;
  readonly tokens: number;
  readonly asking: number;
  readonly width: number;
  readonly depth: number;
}

/** Queries, keys and values [N, T, 3 · width] → what the first `asking` tokens gather [N, asking, width]. */
export function exactAttention(
  qkv: Float32Array,
  { images, tokens, asking, width, depth }: AttentionShape,
): Float64Array {
  const y = new Float64Array(images * asking * width);
  const place = (image: number, token: number, part: number, head: number) =>
    (image * tokens + token) * 3 * width + part * width + head * depth;
  for (let image = 0; image < images; image++) {
    for (let head = 0; head < width / depth; head++) {
      for (let token = 0; token < asking; token++) {
        const query = place(image, token, 0, head);
        const scores = Float64Array.from({ length: tokens }, (_, other) => {
          const key = place(image, other, 1, head);
          let score = 0;
          for (let i = 0; i < depth; i++) score += (qkv[query + i] ?? 0) * (qkv[key + i] ?? 0);
          return score;
        });
        const peak = Math.max(...scores);
        const weights = scores.map((score) => Math.exp(score - peak));
        const whole = weights.reduce((sum, weight) => sum + weight, 0);
        const to = (image * asking + token) * width + head * depth;
        weights.forEach((weight, other) => {
          const value = place(image, other, 2, head);
          for (let i = 0; i < depth; i++) y[to + i] = (y[to + i] ?? 0) + (weight / whole) * (qkv[value + i] ?? 0);
        });
      }
    }
  }
  return y;
}
