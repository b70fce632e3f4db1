import { expect, test } from 'vitest';
import {
  metadataTsv,
  projectorConfig,
  projectorReadme,
  SPRITE_SIDE,
  spriteLayout,
  tsvCell,
  vectorsTsv,
} from '../../../src/exports/projector.ts';

test.each([1, 2, 17, 5000, 16_384, 20_000, 1_000_000])(
  'a sprite of %i thumbnails has room for all, within its side',
  (count) => {
    const layout = spriteLayout(count);
    if (!layout) throw new Error('There is a sprite.');
    expect(layout.columns * layout.tile).toBe(layout.width);
    expect(Math.max(layout.width, layout.height)).toBeLessThanOrEqual(SPRITE_SIDE);
    expect((layout.height / layout.tile) * layout.columns).toBeGreaterThanOrEqual(count);
  },
);

test('no sprite of nothing, nor of more images than pixels', () => {
  expect(spriteLayout(0)).toBeNull();
  expect(spriteLayout(SPRITE_SIDE ** 2 + 1)).toBeNull();
});

test('vectors are one a line with seven digits', () => {
  const matrix = Float32Array.of(1, -0.5, 1 / 3, 1e-9);
  expect([...vectorsTsv(matrix, 2)].join('')).toBe('1\t-0.5\n0.3333333\t1e-9\n');
});

test('a name never makes another cell or line', () => {
  const image = { split: 'query', file: 'a\tb\n.jpg', className: 'x\u2028y' };
  const lines = [...metadataTsv([image, { ...image, className: null }])].join('').trimEnd().split('\n');
  expect(lines.map((line) => line.split('\t').length)).toEqual([3, 3, 3]);
  expect(tsvCell('a\r\n\tb')).toBe('a b');
});

test('the configuration names a sprite only where there is one', () => {
  const layout = spriteLayout(4);
  expect(projectorConfig('run', layout)).toContain('single_image_dim: 64\n    single_image_dim: 64');
  expect(projectorConfig('run', null)).not.toContain('sprite');
  expect(projectorReadme(4, 0, null)).not.toContain('sprite.png');
  expect(projectorReadme(4, 1, layout)).toContain('1 of 4 images have none');
});
