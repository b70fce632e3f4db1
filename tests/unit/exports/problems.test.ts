import { expect, test } from 'vitest';
import { problemsCsv } from '../../../src/exports/problems.ts';
import type { Problem } from '../../../src/types.ts';

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
