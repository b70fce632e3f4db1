/** Columns of a panel, and so what a product's number of columns is a multiple of. */
export const PANEL: i32 = 8;

/** Rows [k, n] as panels [n / 8][k][8]; beyond the last column the last panel holds zeros. */
export function pack(rows: usize, stride: i32, panels: usize, k: i32, n: i32): void {
  const whole: i32 = n & ~(PANEL - 1);
  const step = <usize>stride << 2;
  for (let column: i32 = 0; column < whole; column += PANEL) {
    let from = rows + (<usize>column << 2);
    for (let row: i32 = 0; row < k; row++, panels += 32, from += step) {
      v128.store(panels, v128.load(from));
      v128.store(panels, v128.load(from, 16), 16);
    }
  }
  if (whole == n) return;
  const left = <usize>(n - whole) << 2;
  let from = rows + (<usize>whole << 2);
  for (let row: i32 = 0; row < k; row++, panels += 32, from += step) {
    memory.fill(panels, 0, 32);
    for (let i: usize = 0; i < left; i += 4) store<f32>(panels + i, load<f32>(from + i));
  }
}

/** Rows [n, k] as panels of their transpose, [n / 8][k][8]; beyond the last row the last panel holds zeros. */
export function packTurned(rows: usize, stride: i32, panels: usize, n: i32, k: i32): void {
  const bytes = <usize>(k * PANEL) << 2;
  if (n & (PANEL - 1)) memory.fill(panels + <usize>(n / PANEL) * bytes, 0, bytes);
  for (let row: i32 = 0; row < n; row++) {
    const from = rows + (<usize>(row * stride) << 2);
    let to = panels + <usize>(row / PANEL) * bytes + (<usize>(row % PANEL) << 2);
    for (let i: i32 = 0; i < k; i++, to += <usize>PANEL << 2) store<f32>(to, load<f32>(from + (<usize>i << 2)));
  }
}
