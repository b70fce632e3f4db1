/** x [pixels, 3] = bytes [pixels, 3] · scale + shift, of each channel. Up to 4 bytes behind the last one are read, and not used. */
export function normalise(
  bytes: usize, x: usize, pixels: i32,
  scale0: f32, scale1: f32, scale2: f32, shift0: f32, shift1: f32, shift2: f32,
): void {
  const a = f32x4(scale0, scale1, scale2, scale0), p = f32x4(shift0, shift1, shift2, shift0);
  const b = f32x4(scale1, scale2, scale0, scale1), q = f32x4(shift1, shift2, shift0, shift1);
  const c = f32x4(scale2, scale0, scale1, scale2), r = f32x4(shift2, shift0, shift1, shift2);
  // Four pixels are three times four numbers.
  for (const end = x + <usize>(pixels >> 2) * 48; x < end; x += 48, bytes += 12) {
    const all = v128.load(bytes);
    const low = i16x8.extend_low_i8x16_u(all), high = i16x8.extend_high_i8x16_u(all);
    v128.store(x, normalised(i32x4.extend_low_i16x8_u(low), a, p));
    v128.store(x, normalised(i32x4.extend_high_i16x8_u(low), b, q), 16);
    v128.store(x, normalised(i32x4.extend_low_i16x8_u(high), c, r), 32);
  }
  for (const end = bytes + <usize>(pixels & 3) * 3; bytes < end; bytes += 3, x += 12) {
    store<f32>(x, <f32>load<u8>(bytes) * scale0 + shift0);
    store<f32>(x, <f32>load<u8>(bytes, 1) * scale1 + shift1, 4);
    store<f32>(x, <f32>load<u8>(bytes, 2) * scale2 + shift2, 8);
  }
}

@inline
function normalised(numbers: v128, scale: v128, shift: v128): v128 {
  return f32x4.add(f32x4.mul(f32x4.convert_i32x4_u(numbers), scale), shift);
}

/** y: x [images, height, rowBytes] with zeros around each image, `above` and `below` in rows, `left` and `right` in bytes. */
export function pad(
  x: usize, y: usize, images: i32, height: i32, rowBytes: usize, above: i32, below: i32, left: usize, right: usize,
): void {
  const line = left + rowBytes + right;
  for (let image: i32 = 0; image < images; image++) {
    memory.fill(y, 0, <usize>above * line);
    y += <usize>above * line;
    for (let row: i32 = 0; row < height; row++, x += rowBytes, y += line) {
      memory.fill(y, 0, left);
      memory.copy(y + left, x, rowBytes);
      memory.fill(y + left + rowBytes, 0, right);
    }
    memory.fill(y, 0, <usize>below * line);
    y += <usize>below * line;
  }
}
