import { expect, test } from 'vitest';
import { readNpyHeader, readNpyRows } from '../../../src/data/npy.ts';
import { encodeNpy } from '../../../src/exports/npy.ts';

// Browsers decode texts otherwise than Node does.
test('a matrix that was written is read again', async () => {
  const file = new Blob([encodeNpy(Float32Array.of(1, 2, 3, 4, 5, 6), [3, 2])]);
  const matrix = await readNpyHeader(file);
  expect(matrix).toMatchObject({ rows: 3, columns: 2, half: false });
  expect(await readNpyRows(file, matrix, 1, 3)).toEqual(Float32Array.of(3, 4, 5, 6));
});
