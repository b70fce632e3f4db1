/**
 * Half precision (IEEE 754 binary16) to single, exactly; a new array of the same length, owned by the caller. Sign, exponent
 * and fraction are moved to their places, then multiplied by 2^112, the difference of the exponents' biases, which holds for
 * subnormal halves too. Infinities come out as NaN, like NaN itself.
 */
export function widenHalf(narrow: Uint16Array): Float32Array<ArrayBuffer> {
  const values = new Float32Array(narrow.length);
  const bits = new Uint32Array(values.buffer);
  for (let i = 0; i < narrow.length; i++) {
    const half = narrow[i] ?? 0;
    bits[i] = ((half & 0x8000) << 16) | ((half & 0x7fff) << 13);
    const value = (values[i] ?? 0) * 2 ** 112;
    values[i] = Math.abs(value) < 65536 ? value : Number.NaN;
  }
  return values;
}

/**
 * Single precision to half, rounded to the nearest, ties to even, as IEEE 754 and NumPy have it; a new array of the same
 * length, owned by the caller. What is beyond 65504 becomes infinite, and NaN stays NaN.
 */
export function narrowToHalf(values: Float32Array): Uint16Array<ArrayBuffer> {
  const halves = new Uint16Array(values.length);
  const [value] = [new Float32Array(1)];
  const bits = new Uint32Array(value.buffer);
  for (let i = 0; i < values.length; i++) {
    value[0] = values[i] as number;
    const single = bits[0] as number;
    const sign = (single >>> 16) & 0x8000;
    const magnitude = single & 0x7fffffff;
    halves[i] = sign | halfOf(magnitude);
  }
  return halves;
}

/** An even number of singles as halves, two in a number: the first in the lower bits, as WGSL unpacks them. */
export const packedHalves = (values: Float32Array): Int32Array => new Int32Array(narrowToHalf(values).buffer);

/** Half-precision bits of a single's bits without its sign. */
function halfOf(magnitude: number): number {
  if (magnitude > 0x7f800000) return 0x7e00;
  // From 65520 on, the nearest half would be 65536.
  if (magnitude >= 0x477ff000) return 0x7c00;
  if (magnitude >= 0x38800000) {
    // Normal: the exponent's bias falls by 112, 13 bits of the fraction go; a carry runs into the exponent, as it should.
    return (magnitude - 0x38000000 + 0xfff + ((magnitude >>> 13) & 1)) >>> 13;
  }
  // Subnormal: a multiple of 2^-24. Below 2^-25 nothing is left.
  if (magnitude < 0x33000000) return 0;
  const shift = 126 - (magnitude >>> 23);
  const fraction = (magnitude & 0x7fffff) | 0x800000;
  const kept = fraction >>> shift;
  const rest = fraction & ((1 << shift) - 1);
  const tie = 1 << (shift - 1);
  return kept + (rest > tie || (rest === tie && (kept & 1) === 1) ? 1 : 0);
}
