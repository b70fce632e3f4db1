import { activateRows } from './activations';

/** In place, `count` numbers, a multiple of 4. */
export function activateAll(x: usize, count: i32, activation: i32): void {
  activateRows(x, count, 1, count, activation);
}

/** means [images, channels] of what `sums` [images, rows, channels] are of, `count` numbers an image; channels are a multiple of 4. */
export function meansOfSums(sums: usize, means: usize, images: i32, rows: i32, channels: i32, count: i32): void {
  const bytes = (<usize>channels) << 2;
  const share = f32x4.splat(<f32>1 / <f32>count);
  for (let image: i32 = 0; image < images; image++, sums += <usize>rows * bytes, means += bytes) {
    for (let i: usize = 0; i < bytes; i += 16) {
      let sum = f32x4.splat(0);
      for (let row: i32 = 0; row < rows; row++) sum = f32x4.add(sum, v128.load(sums + <usize>row * bytes + i));
      v128.store(means + i, f32x4.mul(sum, share));
    }
  }
}

/** In place: x [images, pixels, channels] · gates [images, channels]; channels are a multiple of 4. */
export function scaleChannels(x: usize, gates: usize, images: i32, pixels: i32, channels: i32): void {
  const bytes = (<usize>channels) << 2;
  for (let image: i32 = 0; image < images; image++, gates += bytes) {
    for (let pixel: i32 = 0; pixel < pixels; pixel++, x += bytes) {
      for (let i: usize = 0; i < bytes; i += 16) v128.store(x + i, f32x4.mul(v128.load(x + i), v128.load(gates + i)));
    }
  }
}
