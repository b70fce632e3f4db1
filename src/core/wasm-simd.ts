/** A module of one function, () → v128: `i32.const 0; i8x16.splat`, by the numbers of the WebAssembly specification. */
const SMALLEST = Uint8Array.of(
  ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
  // One type, of no parameters and one result.
  ...[0x01, 0x05, 0x01, 0x60, 0x00, 0x01, 0x7b],
  // One function of that type.
  ...[0x03, 0x02, 0x01, 0x00],
  // Its body, without locals.
  ...[0x0a, 0x08, 0x01, 0x06, 0x00, 0x41, 0x00, 0xfd, 0x0f, 0x0b],
);

/** Whether this browser's WebAssembly has SIMD (Chrome 91, Firefox 89, Safari 16.4). */
export function hasSimd(): boolean {
  return WebAssembly.validate(SMALLEST);
}
