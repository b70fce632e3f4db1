import { expect, test } from 'vitest';
import { scoresOf, takenOut } from '../../../../scripts/evaluate/unseen-classes.ts';

test('every fourth class is taken out, from the third by name', () => {
  expect(takenOut(['j', 'a', 'c', 'b', 'd', 'e', 'f', 'g', 'h', 'i'])).toEqual(['c', 'g']);
});

test('queries of some classes are scored by themselves, against the whole gallery', () => {
  const gallery = { a1: 'a', a2: 'a', b1: 'b', c1: 'c', c2: 'c', c3: 'c', c4: 'c' };
  const truth = { query: { qa: 'a', qb: 'b', qc: 'c' }, gallery };
  const ranked = {
    qa: ['a1', 'b1', 'a2', 'c1', 'c2', 'c3', 'c4'],
    qb: ['c1', 'c2', 'c3', 'c4', 'a1', 'b1', 'a2'],
    qc: ['c1', 'c2', 'c3', 'c4', 'a1', 'b1', 'a2'],
  };
  expect(scoresOf(ranked, truth, (name) => name === 'a')).toEqual([100, 100, 100, 50]);
  expect(scoresOf(ranked, truth, (name) => name === 'b')).toEqual([0, 0, 100, 0]);
  expect(scoresOf(ranked, truth, (name) => name !== 'b')).toEqual([100, 100, 100, 75]);
  const short = { ...ranked, qb: ['c1', 'c2'] };
  expect(() => scoresOf(short, truth, (name) => name === 'b')).toThrow('qb is not ranked');
  expect(() => scoresOf({}, truth, (name) => name === 'a')).toThrow('qa is not ranked');
});
