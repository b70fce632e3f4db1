import { expect, test } from 'vitest';
import { parseCsv } from '../../../src/data/csv.ts';
import { csvCell, csvRow } from '../../../src/exports/csv.ts';

test.each(['=1+1', '+1', '-1', '@SUM(A1)', '\tx', '\rx', '\n=1', '＝1+1'])(
  'makes text of %j, which a spreadsheet would run',
  (text) => {
    expect(csvCell(text).replace(/^"/, '').startsWith("'")).toBe(true);
  },
);

test('leaves numbers numbers, also negative ones, and nothing for null', () => {
  expect(csvRow([-0.25, 3, null, '-0.25'])).toBe("-0.25,3,,'-0.25\r\n");
});

test('reads back what it wrote', () => {
  const texts = ['plain', 'a, "b"', 'two\nlines', ' space ', '', 'ünï'];
  expect([...parseCsv(csvRow(texts))].map(({ fields }) => fields)).toEqual([texts]);
});
