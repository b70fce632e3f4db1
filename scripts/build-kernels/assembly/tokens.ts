import { expBelow, fma, sumOf } from './activations';
import { multiply } from './multiply';
import { pack, packTurned, PANEL } from './panels';

/** Below every score; padding gets no weight. */
const NOTHING: f32 = -1e30;

/** Layer norm without its affine half: rows of `width` numbers (a multiple of 4) get mean 0 and variance 1. */
export function layerNorm(x: usize, y: usize, rows: i32, width: i32, epsilon: f32): void {
  const bytes = <usize>width << 2;
  for (let row: i32 = 0; row < rows; row++, x += bytes, y += bytes) {
    let sum = f32x4.splat(0);
    for (let i: usize = 0; i < bytes; i += 16) sum = f32x4.add(sum, v128.load(x + i));
    const mean = f32x4.splat(sumOf(sum) / <f32>width);
    let squares = f32x4.splat(0);
    for (let i: usize = 0; i < bytes; i += 16) {
      const centred = f32x4.sub(v128.load(x + i), mean);
      squares = fma(centred, centred, squares);
    }
    const scale = f32x4.splat(1 / sqrt<f32>(sumOf(squares) / <f32>width + epsilon));
    for (let i: usize = 0; i < bytes; i += 16) {
      v128.store(y + i, f32x4.mul(f32x4.sub(v128.load(x + i), mean), scale));
    }
  }
}

/**
 * Attention of one image. `qkv` [tokens, 3 · width] holds queries (scaled already), keys and values; `asking` tokens from
 * the `first` on ask. `y` [asking, width]. `scratch` has room for keys and values in panels and for the scores:
 * (2 · depth + asking) · padded floats, padded being the number of tokens up to a multiple of 8.
 */
export function attend(qkv: usize, y: usize, scratch: usize, tokens: i32, first: i32, asking: i32, width: i32, depth: i32): void {
  const padded: i32 = ((tokens + PANEL - 1) / PANEL) * PANEL;
  const keys = scratch;
  const values = keys + (<usize>(padded * depth) << 2);
  const scores = values + (<usize>(padded * depth) << 2);
  const stride: i32 = 3 * width;
  for (let head: i32 = 0; head < width; head += depth) {
    const query = qkv + (<usize>head << 2);
    packTurned(query + (<usize>width << 2), stride, keys, tokens, depth);
    pack(query + (<usize>(2 * width) << 2), stride, values, tokens, depth);
    multiply(query + (<usize>(first * stride) << 2), stride, 0, 1, 0, keys, 0, 0, scores, padded, asking, depth, padded, 0);
    softmax(scores, asking, tokens, padded);
    multiply(scores, padded, 0, 1, 0, values, 0, 0, y + (<usize>head << 2), width, asking, tokens, depth, 0);
  }
}

/** Over the first `count` of every row's `stride` numbers; the rest becomes 0, or nearly. */
function softmax(rows: usize, n: i32, count: i32, stride: i32): void {
  const bytes = <usize>stride << 2;
  for (let row: i32 = 0; row < n; row++, rows += bytes) {
    for (let i: i32 = count; i < stride; i++) store<f32>(rows + (<usize>i << 2), NOTHING);
    let most = f32x4.splat(NOTHING);
    for (let i: usize = 0; i < bytes; i += 16) most = f32x4.max(most, v128.load(rows + i));
    const top = max(
      max(f32x4.extract_lane(most, 0), f32x4.extract_lane(most, 1)),
      max(f32x4.extract_lane(most, 2), f32x4.extract_lane(most, 3)),
    );
    const share = f32x4.splat(1 / expBelow(rows, bytes, top));
    for (let i: usize = 0; i < bytes; i += 16) v128.store(rows + i, f32x4.mul(v128.load(rows + i), share));
  }
}
