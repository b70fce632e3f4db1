import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CsvError, parseCsv } from '../../../src/data/csv.ts';

const fields = (text: string) => Array.from(parseCsv(text), (record) => record.fields);

test('reads back whatever is written by RFC 4180', () => {
  const field = fc.oneof(fc.string(), fc.stringMatching(/^[",\r\n a\uFEFF]*$/));
  const records = fc.array(fc.array(field, { minLength: 2, maxLength: 4 }), { minLength: 1 });
  const write = (value: string, quote: boolean) =>
    quote || /[",\r\n\uFEFF]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
  fc.assert(
    fc.property(records, fc.boolean(), fc.constantFrom('\n', '\r\n'), fc.boolean(), (table, quote, end, last) => {
      const text = table.map((row) => row.map((value) => write(value, quote)).join(',')).join(end) + (last ? end : '');
      expect(fields(text)).toEqual(table);
    }),
  );
});

test('gives the line on which a record begins', () => {
  expect(Array.from(parseCsv('a,b\n\n"c\r\nc",d\ne,f'), ({ line }) => line)).toEqual([1, 3, 5]);
});

test.each([
  ['a\n"b', 2],
  ['a,"b"c', 1],
  ['a"b"', 1],
])('%j is refused', (text, line) => {
  expect(() => fields(text)).toThrow(expect.objectContaining({ line }));
  expect(() => fields(text)).toThrow(CsvError);
});

test('a text of line ends or of commas alone makes no millions of things', () => {
  const ends = '\n'.repeat(3_000_000);
  const [record, next] = parseCsv(`"${ends}",b\nc,d`);
  expect([record?.fields[0]?.length, next?.line]).toEqual([3_000_000, 3_000_002]);
  expect(() => fields(`a,b\n${','.repeat(3_000_000)}`)).toThrow(expect.objectContaining({ line: 2 }));
});

test('a long field does not exhaust the stack', () => {
  expect(fields(`"${'""x'.repeat(10_000)}",b`)[0]?.[0]).toHaveLength(20_000);
  expect(() => fields(`"${'""x'.repeat(4_000_000)}`)).toThrow(CsvError);
});
