/** Below this a length counts as this: a vector of zeros has no direction. The value of torch's normalize. */
const LEAST_LENGTH = 1e-12;

/** Length of each row of `matrix` [n, columns]. */
export function lengths(matrix: Float32Array, columns: number): Float64Array {
  return Float64Array.from({ length: matrix.length / columns }, (_, row) => {
    let sum = 0;
    for (let i = row * columns; i < (row + 1) * columns; i++) sum += (matrix[i] as number) ** 2;
    return Math.max(Math.sqrt(sum), LEAST_LENGTH);
  });
}

/** Rows of `matrix` [lengths.length, columns], each divided by its length. */
export function unitRows(matrix: Float32Array, lengths: Float64Array): Float32Array<ArrayBuffer> {
  const columns = matrix.length / lengths.length;
  const unit = new Float32Array(matrix.length);
  for (let row = 0; row < lengths.length; row++) {
    const ratio = 1 / (lengths[row] as number);
    for (let i = row * columns; i < (row + 1) * columns; i++) unit[i] = (matrix[i] as number) * ratio;
  }
  return unit;
}

/**
 * The gradient by rows v, given `gradient` by their directions u = v / |v|: what lies along u is lost,
 * (g − u (u·g)) / |v|. `gradient` and `unit` are [lengths.length, columns].
 */
export function gradientThroughDirection(
  gradient: Float32Array,
  unit: Float32Array,
  lengths: Float64Array,
): Float32Array<ArrayBuffer> {
  const columns = gradient.length / lengths.length;
  const result = new Float32Array(gradient.length);
  for (let row = 0; row < lengths.length; row++) {
    const start = row * columns;
    const end = start + columns;
    let along = 0;
    for (let i = start; i < end; i++) along += (gradient[i] as number) * (unit[i] as number);
    const ratio = 1 / (lengths[row] as number);
    for (let i = start; i < end; i++) result[i] = ratio * ((gradient[i] as number) - along * (unit[i] as number));
  }
  return result;
}
