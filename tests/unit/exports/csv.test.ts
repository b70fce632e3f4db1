import { expect, it, test } from 'vitest';
import { parseCsv } from '../../../src/data/csv.ts';
import { csvCell, csvRow, mapPointsCsv, problemsCsv } from '../../../src/exports/csv.ts';
import type { Problem } from '../../../src/types.ts';

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

it('writes a row a point, with hostile names as text', () => {
  const csv = mapPointsCsv([
    { split: 'query', file: 'a,b.jpg', className: '=1+1', x: -1.5, y: 2 },
    { split: 'training', file: 'say "hi".jpg', className: null, x: 0, y: 1e-7 },
  ]);
  expect(csv).toBe('file,class,split,x,y\r\n"a,b.jpg",\'=1+1,query,-1.5,2\r\n"say ""hi"".jpg",,training,0,1e-7\r\n');
});

const problem = (path: string, reason = 'Cannot be decoded.'): Problem => ({
  kind: 'undecodable',
  severity: 'skipped',
  path,
  reason,
  action: 'skipped',
});

test('writes a header and a row a problem, quoted as RFC 4180 says', () => {
  expect(problemsCsv([problem('a, "b".jpg', 'First line.\nSecond line.'), problem('café/π.png')])).toBe(
    'severity,kind,path,reason,action\r\n' +
      'skipped,undecodable,"a, ""b"".jpg","First line.\nSecond line.",skipped\r\n' +
      'skipped,undecodable,café/π.png,Cannot be decoded.,skipped\r\n',
  );
});

test.each(['=1+1', '+1', '-1', '@SUM(A1)', '\tx'])(
  'makes text of a file name that a spreadsheet would run: %j',
  (name) => {
    expect(problemsCsv([problem(name)])).toContain(`,'${name},`);
  },
);

test('quotes a dangerous name that also has a comma', () => {
  expect(problemsCsv([problem('=HYPERLINK("x","y")')])).toContain(`,"'=HYPERLINK(""x"",""y"")",`);
});
