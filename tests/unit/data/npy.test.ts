import { expect, test } from 'vitest';
import { readNpyHeader, readNpyRows } from '../../../src/data/npy.ts';
import { encodeNpy, npyHeader } from '../../../src/exports/npy.ts';
import { narrowToHalf } from '../../../src/math/half.ts';

const values = Float32Array.from({ length: 12 }, (_, i) => i / 4 - 1);

test('reads some rows of what was written, in both precisions', async () => {
  const single = new Blob([encodeNpy(values, [3, 4])]);
  const header = await readNpyHeader(single);
  expect(header).toMatchObject({ rows: 3, columns: 4, half: false });
  expect(await readNpyRows(single, header, 1, 3)).toEqual(values.slice(4));

  const half = new Blob([npyHeader([3, 4], 'f2'), narrowToHalf(values)]);
  const halfHeader = await readNpyHeader(half);
  expect(halfHeader).toMatchObject({ rows: 3, columns: 4, half: true });
  expect(await readNpyRows(half, halfHeader, 0, 2)).toEqual(values.slice(0, 8));
});

const altered = (change: (header: string) => string) => {
  const whole = Buffer.from(encodeNpy(values, [3, 4])).toString('latin1');
  return new Blob([Buffer.from(change(whole), 'latin1')]);
};

test.each([
  ['another beginning', (text: string) => `PK${text.slice(2)}`, 'does not begin'],
  ['doubles', (text: string) => text.replace('<f4', '<f8'), 'type "<f8"'],
  ['objects', (text: string) => text.replace('<f4', '|O8'), 'type "|O8"'],
  ['columns first', (text: string) => text.replace('False', 'True '), 'fortran_order'],
  ['one axis', (text: string) => text.replace('(3, 4)', '(12,)'), 'two axes'],
  ['more rows than there are', (text: string) => text.replace('(3, 4)', '(9, 4)'), 'bytes'],
  ['a header beyond the file', (text: string) => `${text.slice(0, 8)}\xff\xff${text.slice(10)}`, 'damaged'],
  ['nothing', () => '', 'does not begin'],
])('refuses %s', async (_, change, reason) => {
  await expect(readNpyHeader(altered(change))).rejects.toMatchObject({
    code: 'bad-argument',
    message: expect.stringContaining(reason),
  });
});
