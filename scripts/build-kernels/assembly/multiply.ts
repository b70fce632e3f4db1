import { activateRows, fma, RELU, relu } from './activations';
import { PANEL } from './panels';

/** Rows of a tile: with the 8 columns of a panel, 12 sums, 2 weights and 1 input fill the 15 registers there are. */
const TILE: i32 = 6;
/** A tile's inputs are taken in runs of about that many, or of one tap's, which stay in the first cache while a group of panels passes. */
const RUN: i32 = 768;
/** Rows are taken in blocks that stay in the second cache while all panels pass. */
const BLOCK_BYTES: i32 = 786432;
/** Panels are taken in groups that stay there too, while a tile of rows stays in the first. */
const GROUP_BYTES: i32 = 131072;

/** Where a row's inputs of a tap begin: `table` [rows][taps] holds offsets from `a`, −1 for padding. */
@inline
function place(a: usize, table: usize, index: i32, zeros: usize): usize {
  const offset = load<i32>(table + (<usize>index << 2));
  return offset < 0 ? zeros : a + <usize>offset;
}

/**
 * c [m, n] = activation(a · b + bias + residual). `b` is packed [n / 8][taps · k][8]; n is a multiple of 8. Without a
 * table, row i of `a` begins at i · stride floats; with one, a row is the k inputs of each of its taps.
 */
export function multiply(
  a: usize, stride: i32, table: usize, taps: i32, zeros: usize,
  b: usize, bias: usize, residual: usize, c: usize, cStride: i32,
  m: i32, k: i32, n: i32, activation: i32,
): void {
  const panelBytes: usize = <usize>(taps * k * PANEL * 4);
  // Units that are divided into runs: taps or, where there is one tap, its inputs.
  const parts: i32 = taps > 1 ? taps : k;
  const wanted: i32 = (taps * k + RUN - 1) / RUN;
  const length: i32 = (parts + wanted - 1) / wanted;
  const runBytes: i32 = (taps > 1 ? length * k : length) * 4;
  let block: i32 = BLOCK_BYTES / runBytes / TILE * TILE;
  if (block < 4 * TILE) block = 4 * TILE;
  const group: i32 = max(1, GROUP_BYTES / (runBytes * PANEL)) * PANEL;
  for (let first: i32 = 0; first < m; first += block) {
    const end: i32 = min(m, first + block);
    for (let part: i32 = 0; part < parts; part += length) {
      const endPart: i32 = min(parts, part + length);
      const firstTap: i32 = taps > 1 ? part : 0;
      const endTap: i32 = taps > 1 ? endPart : 1;
      const firstInput: i32 = taps > 1 ? 0 : part;
      const inputs: i32 = taps > 1 ? k : endPart - part;
      const begins = part == 0;
      const ends = endPart == parts;
      for (let left: i32 = 0; left < n; left += group) {
        const right: i32 = min(n, left + group);
        for (let row: i32 = first; row < end; row += TILE) {
          // Beyond the last row, that row is computed again.
          const r1: i32 = min(row + 1, m - 1), r2: i32 = min(row + 2, m - 1), r3: i32 = min(row + 3, m - 1);
          const r4: i32 = min(row + 4, m - 1), r5: i32 = min(row + 5, m - 1);
          for (let column: i32 = left; column < right; column += PANEL) {
            const at0: usize = <usize>(row * cStride + column) << 2;
            const at1: usize = <usize>(r1 * cStride + column) << 2;
            const at2: usize = <usize>(r2 * cStride + column) << 2;
            const at3: usize = <usize>(r3 * cStride + column) << 2;
            const at4: usize = <usize>(r4 * cStride + column) << 2;
            const at5: usize = <usize>(r5 * cStride + column) << 2;
            let s00: v128, s01: v128, s10: v128, s11: v128, s20: v128, s21: v128;
            let s30: v128, s31: v128, s40: v128, s41: v128, s50: v128, s51: v128;
            if (begins) {
              const bias0 = bias ? v128.load(bias + (<usize>column << 2)) : f32x4.splat(0);
              const bias1 = bias ? v128.load(bias + (<usize>column << 2), 16) : f32x4.splat(0);
              s00 = bias0; s01 = bias1; s10 = bias0; s11 = bias1; s20 = bias0; s21 = bias1;
              s30 = bias0; s31 = bias1; s40 = bias0; s41 = bias1; s50 = bias0; s51 = bias1;
            } else {
              s00 = v128.load(c + at0); s01 = v128.load(c + at0, 16);
              s10 = v128.load(c + at1); s11 = v128.load(c + at1, 16);
              s20 = v128.load(c + at2); s21 = v128.load(c + at2, 16);
              s30 = v128.load(c + at3); s31 = v128.load(c + at3, 16);
              s40 = v128.load(c + at4); s41 = v128.load(c + at4, 16);
              s50 = v128.load(c + at5); s51 = v128.load(c + at5, 16);
            }
            let w = b + <usize>(column / PANEL) * panelBytes + (<usize>(firstTap * k + firstInput) << 5);
            for (let tap: i32 = firstTap; tap < endTap; tap++) {
              let a0: usize, a1: usize, a2: usize, a3: usize, a4: usize, a5: usize;
              if (table) {
                a0 = place(a, table, row * taps + tap, zeros);
                a1 = place(a, table, r1 * taps + tap, zeros);
                a2 = place(a, table, r2 * taps + tap, zeros);
                a3 = place(a, table, r3 * taps + tap, zeros);
                a4 = place(a, table, r4 * taps + tap, zeros);
                a5 = place(a, table, r5 * taps + tap, zeros);
              } else {
                a0 = a + (<usize>(row * stride) << 2);
                a1 = a + (<usize>(r1 * stride) << 2);
                a2 = a + (<usize>(r2 * stride) << 2);
                a3 = a + (<usize>(r3 * stride) << 2);
                a4 = a + (<usize>(r4 * stride) << 2);
                a5 = a + (<usize>(r5 * stride) << 2);
              }
              const skipped = <usize>firstInput << 2;
              a0 += skipped; a1 += skipped; a2 += skipped; a3 += skipped; a4 += skipped; a5 += skipped;
              const stop = w + (<usize>inputs << 5);
              while (w < stop) {
                const w0 = v128.load(w);
                const w1 = v128.load(w, 16);
                let x = v128.load32_splat(a0);
                s00 = fma(x, w0, s00); s01 = fma(x, w1, s01);
                x = v128.load32_splat(a1);
                s10 = fma(x, w0, s10); s11 = fma(x, w1, s11);
                x = v128.load32_splat(a2);
                s20 = fma(x, w0, s20); s21 = fma(x, w1, s21);
                x = v128.load32_splat(a3);
                s30 = fma(x, w0, s30); s31 = fma(x, w1, s31);
                x = v128.load32_splat(a4);
                s40 = fma(x, w0, s40); s41 = fma(x, w1, s41);
                x = v128.load32_splat(a5);
                s50 = fma(x, w0, s50); s51 = fma(x, w1, s51);
                a0 += 4; a1 += 4; a2 += 4; a3 += 4; a4 += 4; a5 += 4;
                w += 32;
              }
            }
            if (ends) {
              if (residual) {
                s00 = f32x4.add(s00, v128.load(residual + at0)); s01 = f32x4.add(s01, v128.load(residual + at0, 16));
                s10 = f32x4.add(s10, v128.load(residual + at1)); s11 = f32x4.add(s11, v128.load(residual + at1, 16));
                s20 = f32x4.add(s20, v128.load(residual + at2)); s21 = f32x4.add(s21, v128.load(residual + at2, 16));
                s30 = f32x4.add(s30, v128.load(residual + at3)); s31 = f32x4.add(s31, v128.load(residual + at3, 16));
                s40 = f32x4.add(s40, v128.load(residual + at4)); s41 = f32x4.add(s41, v128.load(residual + at4, 16));
                s50 = f32x4.add(s50, v128.load(residual + at5)); s51 = f32x4.add(s51, v128.load(residual + at5, 16));
              }
              if (activation == RELU) {
                s00 = relu(s00); s01 = relu(s01);
                s10 = relu(s10); s11 = relu(s11);
                s20 = relu(s20); s21 = relu(s21);
                s30 = relu(s30); s31 = relu(s31);
                s40 = relu(s40); s41 = relu(s41);
                s50 = relu(s50); s51 = relu(s51);
              }
            }
            v128.store(c + at0, s00); v128.store(c + at0, s01, 16);
            v128.store(c + at1, s10); v128.store(c + at1, s11, 16);
            v128.store(c + at2, s20); v128.store(c + at2, s21, 16);
            v128.store(c + at3, s30); v128.store(c + at3, s31, 16);
            v128.store(c + at4, s40); v128.store(c + at4, s41, 16);
            v128.store(c + at5, s50); v128.store(c + at5, s51, 16);
          }
          // What takes longer, once the sums are stored: among them it would be computed whatever the activation is.
          if (ends && activation > RELU) {
            activateRows(c + (<usize>(row * cStride + left) << 2), cStride, min(TILE, m - row), right - left, activation);
          }
        }
      }
    }
  }
}
