/** Below this a length counts as this: a vector of zeros has no direction. The value of torch's normalize. */
const LEAST_LENGTH = 1e-12;

/** Rows of a matrix [n, columns], each divided by its length, and the n lengths. */
export interface Directions {
  readonly unit: Float32Array;
  readonly lengths: Float32Array;
}

/** Directions of the rows of `matrix` [n, columns]. */
export function directions(matrix: Float32Array, columns: number): Directions {
  const lengths = new Float32Array(matrix.length / columns);
  const unit = new Float32Array(matrix.length);
  for (let row = 0; row < lengths.length; row++) {
    let sum = 0;
    for (let i = row * columns; i < (row + 1) * columns; i++) sum += (matrix[i] as number) ** 2;
    const length = Math.max(Math.sqrt(sum), LEAST_LENGTH);
    lengths[row] = length;
    for (let i = row * columns; i < (row + 1) * columns; i++) unit[i] = (matrix[i] as number) / length;
  }
  return { unit, lengths };
}

/**
 * The gradient by rows v, given `gradient` [n, columns] by their directions u = v / |v|: what lies along u is lost,
 * (g − u (u·g)) / |v|.
 */
export function throughDirections(gradient: Float32Array, { unit, lengths }: Directions): Float32Array<ArrayBuffer> {
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
