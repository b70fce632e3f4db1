import type { Padding } from '../layers.ts';

/** Which inputs a convolution's outputs read. */
export interface Geometry {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly stride: number;
  /** Taps of an output: rows and columns. */
  readonly rows: number;
  readonly columns: number;
  readonly outHeight: number;
  readonly outWidth: number;
  /** Pixels of padding. */
  readonly above: number;
  readonly below: number;
  readonly left: number;
  readonly right: number;
}

export interface ConvolvedImage {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly kernel: number;
  readonly stride: number;
  readonly padding: Padding;
}

export function geometry({ height, width, channels, kernel, stride, padding }: ConvolvedImage): Geometry {
  const across = (side: number) => {
    if (padding === 'symmetric') {
      const before = (kernel - 1) / 2;
      const out = Math.floor((side + 2 * before - kernel) / stride) + 1;
      return { out, before, after: Math.max(0, (out - 1) * stride + kernel - side - before) };
    }
    if (padding === 'none') return { out: Math.floor((side - kernel) / stride) + 1, before: 0, after: 0 };
    const out = Math.ceil(side / stride);
    const total = Math.max(0, (out - 1) * stride + kernel - side);
    const before = Math.floor(total / 2);
    return { out, before, after: total - before };
  };
  const [down, along] = [across(height), across(width)];
  return {
    ...{ height, width, channels, stride, rows: kernel, columns: kernel },
    ...{ outHeight: down.out, outWidth: along.out },
    ...{ above: down.before, below: down.after, left: along.before, right: along.after },
  };
}

/** Which rows of the image some rows of outputs read, range by range. */
export function inputRows(
  { height, stride, above, rows }: Geometry,
  outputs: readonly (readonly [from: number, to: number])[],
): (readonly [from: number, to: number])[] {
  const inside = (row: number) => Math.min(height, Math.max(0, row));
  return outputs.map(([from, to]) =>
    from < to ? [inside(from * stride - above), inside((to - 1) * stride - above + rows)] : [0, 0],
  );
}

/** Bytes from an image's beginning to each tap of each output [outHeight · outWidth, rows · columns]; −1 in the padding. */
export function tapOffsets(shape: Geometry): Int32Array {
  const { height, width, channels, stride, rows, columns, outHeight, outWidth, above, left } = shape;
  const offsets = new Int32Array(outHeight * outWidth * rows * columns);
  let at = 0;
  for (let outY = 0; outY < outHeight; outY++) {
    for (let outX = 0; outX < outWidth; outX++) {
      for (let row = 0; row < rows; row++) {
        for (let column = 0; column < columns; column++) {
          const y = outY * stride - above + row;
          const x = outX * stride - left + column;
          const inside = y >= 0 && y < height && x >= 0 && x < width;
          offsets[at++] = inside ? 4 * channels * (y * width + x) : -1;
        }
      }
    }
  }
  return offsets;
}
