/** Text of the shading language that several kernels share. */

/** Numbers that an operation is applied to at once. */
export type Lanes = 'f32' | 'vec4<f32>';

/**
 * e^x for x ≤ 0 as exact as single precision allows, as a function `name`; no less than e^−87. WGSL's own `exp` may be
 * wrong by 3 + 2|x| units in the last place, with a bias that a network adds up layer by layer: here exp is reduced to
 * |r| ≤ ln 2 / 2 by Cody and Waite's two-part ln 2 (Software Manual for the Elementary Functions, 1980) and summed up to
 * r⁷/7!, whose rest is below 2⁻²⁷.
 */
export function expOfNegative(name: string, lanes: Lanes): string {
  const exponents = lanes.replace('f32', 'i32');
  return `
  fn ${name}(exponent : ${lanes}) -> ${lanes} {
    let x = max(exponent, ${lanes}(-87.0));
    let n = round(x * 1.44269504);
    let r = (x - n * 0.693359375) + n * 2.12194440e-4;
    var sum = ${lanes}(1.98412698e-4);
    sum = fma(sum, r, ${lanes}(1.38888889e-3));
    sum = fma(sum, r, ${lanes}(8.33333333e-3));
    sum = fma(sum, r, ${lanes}(4.16666667e-2));
    sum = fma(sum, r, ${lanes}(1.66666667e-1));
    sum = fma(sum, r, ${lanes}(0.5));
    sum = fma(sum, r, ${lanes}(1.0));
    sum = fma(sum, r, ${lanes}(1.0));
    return ldexp(sum, ${exponents}(n));
  }`;
}

/** A line for each of 0 … count − 1. Loops over arrays of registers are not unrolled everywhere, and such arrays then lie in memory. */
export function unrolled(count: number, line: (index: number) => string): string {
  return Array.from({ length: count }, (_, index) => line(index)).join('\n');
}
