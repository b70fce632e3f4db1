/** Outputs that lie side by side in a panel; PANEL of scripts/build-kernels/assembly/multiply.ts. */
export const PANEL = 8;

/** A matrix [inputs, outputs] packed as [outputs / 8][inputs][8], as `multiply` reads weights. */
export function packed(matrix: Float32Array, outputs: number): Float32Array<ArrayBuffer> {
  const inputs = matrix.length / outputs;
  const result = new Float32Array(matrix.length);
  let to = 0;
  for (let column = 0; column < outputs; column += PANEL) {
    for (let i = 0; i < inputs; i++, to += PANEL) {
      const from = i * outputs + column;
      result.set(matrix.subarray(from, from + PANEL), to);
    }
  }
  return result;
}
