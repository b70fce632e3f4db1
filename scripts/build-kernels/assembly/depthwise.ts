import { activateRows, fma } from './activations';

/** Outputs of a row that are computed together. Rows of networks for 224 pixels are multiples of 7. */
const TILE: i32 = 7;
/** Channels whose outputs are written together: a line of the cache. */
const BLOCK: i32 = 16;
/** Channels that pass over the image together: their rows and weights stay in the second cache, and they are read in runs. */
const GROUP: i32 = 128;

/**
 * y [images, outHeight, outWidth, channels] = activation(depthwise convolution of x [images, height, width, channels] +
 * bias), and where `sums` is given, the sums of every row of y [images, outHeight, channels]. Channels are a multiple of 4.
 * `filter` is packed [channels / 4][kernel²][4]. Only the rows of every image's y from `start` up to `end` are computed.
 *
 * The rows that a row of outputs reads lie in `scratch` [up to 128 channels / 4][kernel][line][4] with zeros around them:
 * every tap of a tile is then read at a fixed distance, and nothing is asked about edges. `line` counts the pixels that
 * ⌈outWidth / 7⌉ tiles read.
 */
export function depthwise(
  x: usize, filter: usize, bias: usize, y: usize, sums: usize, scratch: usize, line: i32,
  images: i32, height: i32, width: i32, channels: i32,
  kernel: i32, stride: i32, above: i32, before: i32, outHeight: i32, outWidth: i32, start: i32, end: i32, activation: i32,
): void {
  const pixel = <usize>channels << 2;
  const lineBytes = <usize>line << 4;
  const plane = lineBytes * <usize>kernel;
  const copied: i32 = min(width, line - before);
  memory.fill(scratch, 0, plane * <usize>(min(GROUP, channels) >> 2));
  for (let image: i32 = 0; image < images; image++) {
    if (sums) memory.fill(sums + <usize>start * pixel, 0, <usize>(end - start) * pixel);
    for (let left: i32 = 0; left < channels; left += GROUP) {
      const right: i32 = min(channels, left + GROUP);
      /** Rows that lie in the scratch, counted from `above` rows before the image. */
      let packed: i32 = start * stride;
      for (let outRow: i32 = start; outRow < end; outRow++) {
        for (; packed < outRow * stride + kernel; packed++) {
          const row = packed - above;
          const to = scratch + <usize>(packed % kernel) * lineBytes + (<usize>before << 4);
          if (row < 0 || row >= height) clearRow(to, plane, copied, right - left);
          else packRow(x + <usize>(row * width) * pixel + (<usize>left << 2), pixel, to, plane, copied, right - left);
        }
        const first: i32 = (outRow * stride) % kernel;
        const out = y + <usize>(outRow * outWidth) * pixel;
        for (let channel: i32 = left; channel < right; channel += BLOCK) {
          const stop: i32 = min(right, channel + BLOCK);
          for (let quad: i32 = channel; quad < stop; quad += 4) {
            const at = <usize>quad << 2;
            const from = scratch + <usize>((quad - left) >> 2) * plane;
            const weights = filter + at * <usize>(kernel * kernel);
            const shift = v128.load(bias + at);
            if (stride == 1) convolveRow<OnePixel>(from, lineBytes, first, kernel, weights, shift, out + at, pixel, outWidth);
            else convolveRow<TwoPixels>(from, lineBytes, first, kernel, weights, shift, out + at, pixel, outWidth);
          }
          const at = <usize>channel << 2;
          activateRows(out + at, channels, outWidth, stop - channel, activation);
          if (sums) addPixels(out + at, pixel, outWidth, sums + <usize>outRow * pixel + at, stop - channel);
        }
      }
    }
    if (sums) sums += <usize>outHeight * pixel;
    x += <usize>(height * width) * pixel;
    y += <usize>(outHeight * outWidth) * pixel;
  }
}

/** `count` pixels, each 4 channels to a plane of their own. */
@inline
function packRow(from: usize, pixel: usize, to: usize, plane: usize, count: i32, channels: i32): void {
  for (const end = to + (<usize>count << 4); to < end; to += 16, from += pixel) {
    let at = to, p = from;
    for (const stop = p + (<usize>channels << 2); p < stop; p += 16, at += plane) v128.store(at, v128.load(p));
  }
}

@inline
function clearRow(to: usize, plane: usize, count: i32, channels: i32): void {
  for (let quad: i32 = 0; quad < channels; quad += 4, to += plane) memory.fill(to, 0, <usize>count << 4);
}

/** Adds `count` pixels of up to 16 channels to `sums`. */
@inline
function addPixels(from: usize, pixel: usize, count: i32, sums: usize, channels: i32): void {
  const end = from + <usize>count * pixel;
  if (channels == BLOCK) {
    let s0 = v128.load(sums), s1 = v128.load(sums, 16), s2 = v128.load(sums, 32), s3 = v128.load(sums, 48);
    for (; from < end; from += pixel) {
      s0 = f32x4.add(s0, v128.load(from));
      s1 = f32x4.add(s1, v128.load(from, 16));
      s2 = f32x4.add(s2, v128.load(from, 32));
      s3 = f32x4.add(s3, v128.load(from, 48));
    }
    v128.store(sums, s0); v128.store(sums, s1, 16); v128.store(sums, s2, 32); v128.store(sums, s3, 48);
  } else {
    for (let quad: i32 = 0; quad < channels; quad += 4, from += 16, sums += 16) {
      let sum = v128.load(sums);
      for (let p = from; p < end; p += pixel) sum = f32x4.add(sum, v128.load(p));
      v128.store(sums, sum);
    }
  }
}

/** What lies in the scratch between the inputs of two neighbouring outputs: a distance that the compiler knows. */
@unmanaged class OnePixel { a: v128; }
@unmanaged class TwoPixels { a: v128; b: v128; }

/** A row of outputs of 4 channels; the inputs of two neighbours lie a `Step` apart. */
@inline
function convolveRow<Step>(
  from: usize, lineBytes: usize, first: i32, kernel: i32, weights: usize, shift: v128,
  out: usize, pixel: usize, outWidth: i32,
): void {
  const taps = <usize>kernel << 4;
  for (let column: i32 = 0; column < outWidth; column += TILE) {
    let s0 = shift, s1 = shift, s2 = shift, s3 = shift, s4 = shift, s5 = shift, s6 = shift;
    let w = weights;
    let slot = first;
    const start = from + <usize>column * offsetof<Step>();
    for (let row: i32 = 0; row < kernel; row++) {
      let p = start + <usize>slot * lineBytes;
      for (const stop = p + taps; p < stop; p += 16, w += 16) {
        const f = v128.load(w);
        s0 = fma(v128.load(p), f, s0);
        s1 = fma(v128.load(p, offsetof<Step>()), f, s1);
        s2 = fma(v128.load(p, 2 * offsetof<Step>()), f, s2);
        s3 = fma(v128.load(p, 3 * offsetof<Step>()), f, s3);
        s4 = fma(v128.load(p, 4 * offsetof<Step>()), f, s4);
        s5 = fma(v128.load(p, 5 * offsetof<Step>()), f, s5);
        s6 = fma(v128.load(p, 6 * offsetof<Step>()), f, s6);
      }
      if (++slot == kernel) slot = 0;
    }
    const left = outWidth - column;
    v128.store(out, s0); out += pixel;
    if (left > 1) { v128.store(out, s1); out += pixel; }
    if (left > 2) { v128.store(out, s2); out += pixel; }
    if (left > 3) { v128.store(out, s3); out += pixel; }
    if (left > 4) { v128.store(out, s4); out += pixel; }
    if (left > 5) { v128.store(out, s5); out += pixel; }
    if (left > 6) { v128.store(out, s6); out += pixel; }
  }
}
