import { fma, sumOf } from './activations';

/** The value of torch's normalize, as src/heads/arithmetic.ts has it. */
const LEAST_LENGTH: f32 = 1e-12;

/** [rows, columns] → [columns, rows], four by four. */
export function transpose(from: usize, to: usize, rows: i32, columns: i32): void {
  const inStep = <usize>columns << 2, outStep = <usize>rows << 2;
  const wholeRows: i32 = rows & ~3, wholeColumns: i32 = columns & ~3;
  for (let row: i32 = 0; row < wholeRows; row += 4) {
    for (let column: i32 = 0; column < wholeColumns; column += 4) {
      const at = from + (<usize>(row * columns + column) << 2);
      const a = v128.load(at), b = v128.load(at + inStep);
      const c = v128.load(at + 2 * inStep), d = v128.load(at + 3 * inStep);
      const ab = v128.shuffle<f32>(a, b, 0, 4, 1, 5), cd = v128.shuffle<f32>(c, d, 0, 4, 1, 5);
      const abEnd = v128.shuffle<f32>(a, b, 2, 6, 3, 7), cdEnd = v128.shuffle<f32>(c, d, 2, 6, 3, 7);
      const out = to + (<usize>(column * rows + row) << 2);
      v128.store(out, v128.shuffle<f32>(ab, cd, 0, 1, 4, 5));
      v128.store(out + outStep, v128.shuffle<f32>(ab, cd, 2, 3, 6, 7));
      v128.store(out + 2 * outStep, v128.shuffle<f32>(abEnd, cdEnd, 0, 1, 4, 5));
      v128.store(out + 3 * outStep, v128.shuffle<f32>(abEnd, cdEnd, 2, 3, 6, 7));
    }
  }
  for (let row: i32 = 0; row < rows; row++) {
    for (let column: i32 = row < wholeRows ? wholeColumns : 0; column < columns; column++) {
      store<f32>(to + (<usize>(column * rows + row) << 2), load<f32>(from + (<usize>(row * columns + column) << 2)));
    }
  }
}

/** Rows, each divided by its length, which is kept; `columns` is a multiple of 4. */
export function unitRows(from: usize, to: usize, lengths: usize, rows: i32, columns: i32): void {
  const bytes = <usize>columns << 2;
  for (let row: i32 = 0; row < rows; row++, from += bytes, to += bytes, lengths += 4) {
    let squares = f32x4.splat(0);
    for (let i: usize = 0; i < bytes; i += 16) {
      const x = v128.load(from + i);
      squares = fma(x, x, squares);
    }
    const length: f32 = max(sqrt<f32>(sumOf(squares)), LEAST_LENGTH);
    store<f32>(lengths, length);
    const scale = f32x4.splat(1 / length);
    for (let i: usize = 0; i < bytes; i += 16) v128.store(to + i, f32x4.mul(v128.load(from + i), scale));
  }
}

/** (g − u (u·g)) / length, row by row; `columns` is a multiple of 4. */
export function throughDirection(
  gradient: usize, unit: usize, lengths: usize, to: usize, rows: i32, columns: i32,
): void {
  const bytes = <usize>columns << 2;
  for (let row: i32 = 0; row < rows; row++, gradient += bytes, unit += bytes, to += bytes, lengths += 4) {
    let sum = f32x4.splat(0);
    for (let i: usize = 0; i < bytes; i += 16) sum = fma(v128.load(gradient + i), v128.load(unit + i), sum);
    const along = f32x4.splat(-sumOf(sum));
    const scale = f32x4.splat(1 / load<f32>(lengths));
    for (let i: usize = 0; i < bytes; i += 16) {
      v128.store(to + i, f32x4.mul(fma(along, v128.load(unit + i), v128.load(gradient + i)), scale));
    }
  }
}
