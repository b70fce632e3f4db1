import { expect, test } from 'vitest';
import { AppError } from '../../../src/errors.ts';
import { type RankedQuery, rankingsCsv, rankingsJson } from '../../../src/exports/rankings.ts';

const written = (rankings: RankedQuery[]) => [...rankingsJson(rankings)].join('');

test('keeps every name and the order, whatever the names are', () => {
  const rankings = [
    { query: 'zebra/1.jpg', gallery: ['b.jpg', 'a.jpg'] },
    { query: '7', gallery: [] },
    { query: '__proto__', gallery: ['constructor', '"quoted"\n'] },
  ];
  expect(written(rankings)).toBe(
    '{\n"zebra/1.jpg": ["b.jpg","a.jpg"],\n"7": [],\n"__proto__": ["constructor","\\"quoted\\"\\n"]\n}\n',
  );
  const parsed: unknown = JSON.parse(written(rankings));
  expect(Object.getOwnPropertyDescriptor(parsed, '__proto__')?.value).toEqual(['constructor', '"quoted"\n']);
});

test('is valid without any query', () => {
  expect(JSON.parse(written([]))).toEqual({});
});

test('refuses two queries of one name instead of losing one', () => {
  const twice = [
    { query: 'a.jpg', gallery: ['x.jpg'] },
    { query: 'a.jpg', gallery: ['y.jpg'] },
  ];
  expect(() => written(twice)).toThrow(AppError);
});

test('as CSV, one neighbour a line, and no name that a spreadsheet runs', () => {
  const rankings = [
    { query: '=q.jpg', gallery: ['b.jpg', 'a,1.jpg'], similarities: [0.5, -0.25] },
    { query: 'empty.jpg', gallery: [], similarities: [] },
  ];
  expect([...rankingsCsv(rankings)].join('')).toBe(
    'query,rank,gallery,similarity\r\n' + "'=q.jpg,1,b.jpg,0.5\r\n" + '\'=q.jpg,2,"a,1.jpg",-0.25\r\n',
  );
});
