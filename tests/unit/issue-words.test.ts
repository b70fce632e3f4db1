import * as v from 'valibot';
import { expect, test } from 'vitest';
import { issueWords } from '../../src/errors.ts';

const schema = v.strictObject({
  lr: v.pipe(v.number('The learning rate must be a number.'), v.maxValue(1)),
  size: v.pipe(v.number(), v.minValue(1), v.maxValue(4096)),
  kind: v.picklist(['linear', 'cosine']),
  names: v.pipe(v.array(v.string()), v.maxLength(2)),
  sha: v.pipe(v.string(), v.regex(/^[0-9a-f]{4}$/)),
});
const right = { lr: 0.1, size: 224, kind: 'linear', names: ['a'], sha: 'beef' };
const said = (change: object): string[] => {
  const parsed = v.safeParse(schema, { ...right, ...change });
  return parsed.success ? [] : parsed.issues.map(issueWords);
};

test('what does not fit is said in words, never in those of the schema', () => {
  expect(said({})).toEqual([]);
  expect(said({ size: 'wide' })).toEqual(['"wide" in place of a number']);
  expect(said({ size: undefined })).toEqual(['it is missing']);
  expect(said({ size: [] })).toEqual(['a list in place of a number']);
  expect(said({ size: 9000 })).toEqual(['9000 where at most 4096 is allowed']);
  expect(said({ size: 0 })).toEqual(['0 where at least 1 is allowed']);
  expect(said({ kind: 'square' })).toEqual(['"square" in place of "linear" or "cosine"']);
  expect(said({ names: {} })).toEqual(['an object in place of a list']);
  expect(said({ names: ['a', 'b', 'c'] })).toEqual(['3 where at most 2 is allowed']);
  expect(said({ sha: 'x' })).toEqual(['"x" is not of the right form']);
  expect(said({ extra: 1 })).toEqual(['nothing of that name belongs here']);
  // A schema's own words are for users already.
  expect(said({ lr: 'fast' })).toEqual(['The learning rate must be a number.']);
});

test('texts of a file are cut short, however long', () => {
  expect(said({ kind: 'x'.repeat(1e6) })[0]?.length).toBeLessThan(300);
});

test('no module hands the schema’s words on', () => {
  const sources = import.meta.glob('../../src/**/*.{ts,tsx}', { query: '?raw', import: 'default', eager: true });
  const handing = Object.entries(sources).flatMap(([path, text]) =>
    /\bissues?(\[0\])?\.message\b/.test(String(text)) ? [path] : [],
  );
  expect(handing).toEqual([]);
});
