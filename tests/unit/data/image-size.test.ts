import { describe, expect, it } from 'vitest';
import { recogniseFormat } from '../../../src/data/image-format.ts';
import { headerSize } from '../../../src/data/image-size.ts';

function size(...parts: (string | number[])[]) {
  const bytes = Uint8Array.from(
    parts.flatMap((part) => (typeof part === 'string' ? [...part].map((c) => c.charCodeAt(0)) : part)),
  );
  const format = recogniseFormat(bytes);
  return format && headerSize(bytes, format);
}

/** The header of a GIF's frame in its corner. */
const frame = (width: number, height: number) => [
  0x2c,
  ...[0, 0, 0, 0, width & 255, width >> 8, height & 255, height >> 8],
];

const EXPECTED = { width: 0x0203, height: 0x0405 };

describe('headerSize', () => {
  it('reads PNG', () => {
    expect(size('\x89PNG\r\n\x1a\n', '\0\0\0\x0dIHDR', [0, 0, 2, 3, 0, 0, 4, 5])).toEqual(EXPECTED);
  });

  it('reads GIF', () => {
    expect(size('GIF89a', [3, 2, 5, 4, 0, 0, 0], frame(1, 1))).toEqual(EXPECTED);
  });

  it('reads a GIF whose first frame is larger than its screen, past a palette and extensions', () => {
    const palette = [0x81, 0, 0, ...new Array<number>(12).fill(7)];
    const extensions = [0x21, 0xf9, 4, 0, 0, 0, 0, 0, 0x21, 0xfe, 2, 65, 66, 1, 67, 0];
    expect(size('GIF89a', [1, 0, 1, 0], palette, extensions, frame(0x0203, 0x0405))).toEqual(EXPECTED);
    expect(size('GIF89a', [1, 0, 1, 0], palette, extensions)).toBeNull();
    expect(size('GIF89a', [1, 0, 1, 0, 0, 0, 0], [0x3b])).toBeNull();
  });

  it('reads BMP, also upside down and of OS/2', () => {
    const file = ['BM', new Array<number>(12).fill(0)];
    expect(size(...file, [40, 0, 0, 0, 3, 2, 0, 0], [0xfb, 0xfb, 0xff, 0xff])).toEqual(EXPECTED);
    expect(size(...file, [12, 0, 0, 0, 3, 2, 5, 4])).toEqual(EXPECTED);
  });

  it('reads the three kinds of WebP', () => {
    expect(size('RIFF....WEBPVP8X', [10, 0, 0, 0, 0, 0, 0, 0], [2, 2, 0, 4, 4, 0])).toEqual(EXPECTED);
    expect(size('RIFF....WEBPVP8 ', [0, 0, 0, 0, 0, 0, 0, 0x9d, 1, 0x2a], [3, 2, 5, 4])).toEqual(EXPECTED);
    const bits = 0x0202 | (0x0404 << 14);
    const packed = [bits & 255, (bits >> 8) & 255, (bits >> 16) & 255, (bits >> 24) & 255];
    expect(size('RIFF....WEBPVP8L', [0, 0, 0, 0, 0x2f], packed)).toEqual(EXPECTED);
  });

  it('walks a JPEG to its frame, past tables that look like one', () => {
    const frame = [0xff, 0xc2, 0, 17, 8, 4, 5, 2, 3, 3];
    expect(size([0xff, 0xd8, 0xff, 0xe0, 0, 4, 1, 1], [0xff, 0xc4, 0, 3, 9], [0xff, ...frame])).toEqual(EXPECTED);
  });

  it('passes over stray bytes and lone markers in a JPEG, as decoders do', () => {
    const sof = [0xff, 0xc0, 0, 17, 8, 4, 5, 2, 3, 3];
    expect(size([0xff, 0xd8, 0xff, 0x01, 1, 2, 3], [0xff, 0xff, 0xd0, 9, 0xff, 0, 4], sof)).toEqual(EXPECTED);
    expect(size([0xff, 0xd8, 0xff, 0xe0, 0, 4, 1, 1], [5, 0xff, 0xd8], sof)).toEqual(EXPECTED);
  });

  it('takes the largest extent of an AVIF made of tiles', () => {
    const extent = (w: number[], h: number[]) => ['\0\0\0\x14ispe', [0, 0, 0, 0], [0, 0, ...w], [0, 0, ...h]];
    expect(size('\0\0\0\x14ftypavif\0\0\0\0avif', ...extent([1, 0], [1, 0]), ...extent([2, 3], [4, 5]))).toEqual(
      EXPECTED,
    );
  });

  it('is null where the bytes end too soon or the format is not read', () => {
    expect(size('\x89PNG\r\n\x1a\n', [0, 0])).toBeNull();
    expect(size([0xff, 0xd8, 0xff, 0xe0, 0x7f, 0xff, 1, 1])).toBeNull();
    expect(size('\0\0\0\x14ftypavif\0\0\0\0avif')).toBeNull();
    expect(size('II*\0', [8, 0, 0, 0])).toBeNull();
  });
});
