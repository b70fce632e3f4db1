/**
 * 3 × 3 convolutions of stride 1, padded by a pixel, by Winograd's F(4 × 4, 3 × 3) (Lavin & Gray 2016): 36 products give
 * 16 outputs, which take 144 otherwise. Interpolated at 0, ±√½, ±√2 and ∞, whose powers stay near 1, so that rounding
 * grows by little.
 */
import { activateRows, fma } from './activations';
import { multiply } from './multiply';

/** Outputs and inputs of a tile, along a side. */
const OUT: i32 = 4;
const IN: i32 = 6;
/** What is transformed of a tile at a time stays in the first cache: channels. */
const RUN: i32 = 64;

/**
 * y [images, height, width, outputs] = activation(x [images, height, width, inputs] convolved + bias + residual).
 * `weights` [36] matrices as `multiply` reads them, of the transformed filters (src/models/engines/wasm/packed.ts);
 * inputs are a multiple of 4, outputs of 8. `group` tiles are taken at a time: their transformed inputs [36][group][inputs] and
 * products [36][group][outputs] lie in `before` and `after`; `scratch` has room for 37 · 64 numbers. Only tiles from
 * `start` up to `end` are computed, counted row by row and image after image.
 */
export function winograd(
  x: usize, weights: usize, bias: usize, residual: usize, y: usize, before: usize, after: usize, scratch: usize,
  height: i32, width: i32, inputs: i32, outputs: i32, group: i32, start: i32, end: i32, activation: i32,
): void {
  const across: i32 = (width + OUT - 1) / OUT;
  const tiles: i32 = (height + OUT - 1) / OUT * across;
  const zeros = scratch + <usize>(IN * IN * RUN * 4);
  memory.fill(zeros, 0, RUN << 2);
  const matrix = <usize>(inputs * outputs) << 2;
  for (let first: i32 = start; first < end; first += group) {
    const count: i32 = min(group, end - first);
    const read = <usize>(count * inputs) << 2, written = <usize>(count * outputs) << 2;
    for (let tile: i32 = 0; tile < count; tile++) {
      const image: i32 = (first + tile) / tiles, place: i32 = (first + tile) % tiles;
      const from = x + (<usize>(image * height * width * inputs) << 2);
      const to = before + (<usize>(tile * inputs) << 2);
      transformInputs(from, to, read, scratch, zeros, height, width, inputs, place / across * OUT - 1, place % across * OUT - 1);
    }
    for (let i: usize = 0; i < <usize>(IN * IN); i++) {
      multiply(
        before + i * read, inputs, 0, 1, 0, weights + i * matrix, 0, 0, after + i * written, outputs,
        count, inputs, outputs, 0,
      );
    }
    for (let tile: i32 = 0; tile < count; tile++) {
      const image: i32 = (first + tile) / tiles, place: i32 = (first + tile) % tiles;
      const at = <usize>(image * height * width * outputs) << 2;
      transformOutputs(
        after + (<usize>(tile * outputs) << 2), written, bias, residual ? residual + at : 0, y + at, scratch,
        height, width, outputs, place / across * OUT, place % across * OUT, activation,
      );
    }
  }
}

/** The inputs of a tile whose first is at [top, left], transformed: 36 rows that lie `step` bytes apart. */
function transformInputs(
  x: usize, to: usize, step: usize, scratch: usize, zeros: usize,
  height: i32, width: i32, channels: i32, top: i32, left: i32,
): void {
  const pixel = <usize>channels << 2;
  const line = <usize>width * pixel;
  for (let channel: i32 = 0; channel < channels; channel += RUN) {
    const at = <usize>channel << 2;
    const bytes = <usize>min(RUN, channels - channel) << 2;
    for (let column: i32 = 0; column < IN; column++) {
      const across = left + column;
      const place = scratch + <usize>column * (RUN << 2);
      const inside = across >= 0 && across < width;
      const from = x + <usize>across * pixel + at;
      sixOfSix(
        inside && top >= 0 ? from + <usize>top * line : zeros,
        inside && top + 1 < height ? from + <usize>(top + 1) * line : zeros,
        inside && top + 2 < height ? from + <usize>(top + 2) * line : zeros,
        inside && top + 3 < height ? from + <usize>(top + 3) * line : zeros,
        inside && top + 4 < height ? from + <usize>(top + 4) * line : zeros,
        inside && top + 5 < height ? from + <usize>(top + 5) * line : zeros,
        place, IN * (RUN << 2), bytes,
      );
    }
    for (let row: usize = 0; row < <usize>IN; row++) {
      const from = scratch + row * (IN * (RUN << 2));
      sixOfSix(
        from, from + (RUN << 2), from + 2 * (RUN << 2), from + 3 * (RUN << 2), from + 4 * (RUN << 2), from + 5 * (RUN << 2),
        to + row * IN * step + at, step, bytes,
      );
    }
  }
}

/** What the tile's products [36], `step` bytes apart, give: outputs at [top, left] and beside, as far as there are. */
function transformOutputs(
  products: usize, step: usize, bias: usize, residual: usize, y: usize, scratch: usize,
  height: i32, width: i32, channels: i32, top: i32, left: i32, activation: i32,
): void {
  const pixel = <usize>channels << 2;
  const rows: i32 = min(OUT, height - top), columns: i32 = min(OUT, width - left);
  for (let channel: i32 = 0; channel < channels; channel += RUN) {
    const at = <usize>channel << 2;
    const run: i32 = min(RUN, channels - channel);
    const bytes = <usize>run << 2;
    for (let column: usize = 0; column < <usize>IN; column++) {
      fourOfSix(
        products + column * step + at, <usize>IN * step, scratch + column * (RUN << 2), IN * (RUN << 2), bytes,
      );
    }
    for (let row: i32 = 0; row < rows; row++) {
      const from = scratch + <usize>row * (IN * (RUN << 2));
      // In place: the sums of a row lie where its first four inputs lay.
      fourOfSix(from, RUN << 2, from, RUN << 2, bytes);
      const place = (<usize>((top + row) * width + left) * pixel) + at;
      for (let column: i32 = 0; column < columns; column++) {
        const sums = from + <usize>column * (RUN << 2);
        const out = place + <usize>column * pixel;
        if (residual) {
          for (let i: usize = 0; i < bytes; i += 16) {
            const sum = f32x4.add(v128.load(sums + i), v128.load(bias + at + i));
            v128.store(y + out + i, f32x4.add(sum, v128.load(residual + out + i)));
          }
        } else {
          for (let i: usize = 0; i < bytes; i += 16) {
            v128.store(y + out + i, f32x4.add(v128.load(sums + i), v128.load(bias + at + i)));
          }
        }
      }
      activateRows(y + place, channels, columns, run, activation);
    }
  }
}

/** Bᵀ of six rows of `bytes`, each of the six results `step` bytes behind the last. */
@inline
function sixOfSix(
  p0: usize, p1: usize, p2: usize, p3: usize, p4: usize, p5: usize, to: usize, step: usize, bytes: usize,
): void {
  const half = f32x4.splat(-0.5), two = f32x4.splat(-2), five = f32x4.splat(-2.5);
  const low = f32x4.splat(<f32>0.70710678118654752), high = f32x4.splat(<f32>1.4142135623730951);
  for (let i: usize = 0; i < bytes; i += 16) {
    const d1 = v128.load(p1 + i), d2 = v128.load(p2 + i), d3 = v128.load(p3 + i), d4 = v128.load(p4 + i);
    const out = to + i;
    v128.store(out, fma(d2, five, f32x4.add(v128.load(p0 + i), d4)));
    const even = fma(d2, two, d4), odd = f32x4.sub(f32x4.mul(d3, low), f32x4.mul(d1, high));
    v128.store(out + step, f32x4.add(even, odd));
    v128.store(out + 2 * step, f32x4.sub(even, odd));
    const even2 = fma(d2, half, d4), odd2 = f32x4.sub(f32x4.mul(d3, high), f32x4.mul(d1, low));
    v128.store(out + 3 * step, f32x4.add(even2, odd2));
    v128.store(out + 4 * step, f32x4.sub(even2, odd2));
    v128.store(out + 5 * step, fma(d3, five, f32x4.add(d1, v128.load(p5 + i))));
  }
}

/** Aᵀ of six rows of `bytes` that lie `distance` bytes apart, each of the four results `step` bytes behind the last. */
@inline
function fourOfSix(from: usize, distance: usize, to: usize, step: usize, bytes: usize): void {
  const half = f32x4.splat(0.5), two = f32x4.splat(2);
  const low = f32x4.splat(<f32>0.70710678118654752), high = f32x4.splat(<f32>1.4142135623730951);
  const low3 = f32x4.splat(<f32>0.35355339059327376), high3 = f32x4.splat(<f32>2.8284271247461903);
  for (let i: usize = 0; i < bytes; i += 16) {
    const at = from + i, out = to + i;
    const m1 = v128.load(at + distance), m2 = v128.load(at + 2 * distance);
    const m3 = v128.load(at + 3 * distance), m4 = v128.load(at + 4 * distance);
    const p = f32x4.add(m1, m2), q = f32x4.sub(m1, m2), r = f32x4.add(m3, m4), s = f32x4.sub(m3, m4);
    const last = v128.load(at + 5 * distance);
    v128.store(out, f32x4.add(f32x4.add(v128.load(at), p), r));
    v128.store(out + step, fma(q, low, f32x4.mul(s, high)));
    v128.store(out + 2 * step, fma(p, half, f32x4.mul(r, two)));
    v128.store(out + 3 * step, fma(q, low3, fma(s, high3, last)));
  }
}
