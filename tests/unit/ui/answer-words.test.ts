import { expect, test } from 'vitest';
import type { Answer, Guess } from '../../../src/app/search/search.ts';
import {
  answerPieces,
  answerSource,
  percentOf,
  reasonPieces,
  spokenReason,
} from '../../../src/ui/search/answer-words.ts';

const said = (...guesses: readonly (readonly [className: string, share: number])[]): string => {
  const answer: Answer = {
    by: 'head',
    guesses: guesses.map(([className, share]): Guess => ({ className, share })),
    voters: 0,
  };
  return answerPieces(answer)
    .map((piece) => (typeof piece === 'string' ? piece : piece.className))
    .join('')
    .replaceAll('\u00a0', ' ');
};

test('a probable class comes first, others that are worth a word after it', () => {
  expect(said(['Granny-Smith', 0.62], ['Golden-Delicious', 0.21], ['Pear', 0.05])).toBe(
    'Probably Granny-Smith (62 %), maybe Golden-Delicious (21 %)',
  );
  expect(said(['a', 0.6], ['b', 0.2], ['c', 0.15], ['d', 0.1])).toBe('Probably a (60 %), maybe b (20 %), c (15 %)');
  expect(said(['a', 0.97], ['b', 0.03])).toBe('Probably a (97 %)');
});

test('where nothing is probable, it says so', () => {
  expect(said(['apple', 0.34], ['pear', 0.3], ['plum', 0.02])).toBe('Not sure: perhaps apple (34 %), pear (30 %)');
  expect(said()).toBe('Like none of the classes that are known.');
  expect(said(['apple', 0.04])).toBe('Like none of the classes that are known.');
});

test('a probability never claims to be certain', () => {
  expect(percentOf(0.9999)).toBe('over 99\u00a0%');
  expect(percentOf(0.994)).toBe('over 99\u00a0%');
  expect(percentOf(1)).toBe('100\u00a0%');
  expect(percentOf(0.625)).toBe('63\u00a0%');
});

test('names of classes are pieces of their own: they come from files', () => {
  const pieces = answerPieces({ by: 'votes', guesses: [{ className: '<b>', share: 1 }], voters: 3 });
  expect(pieces).toEqual(['Probably ', { className: '<b>' }, ' (100\u00a0%)']);
});

test('the source is said', () => {
  expect(answerSource({ by: 'votes', guesses: [], voters: 1 })).toBe('Vote of the nearest image.');
  expect(answerSource({ by: 'votes', guesses: [], voters: 7 })).toBe('Votes of the 7 nearest images.');
  expect(answerSource({ by: 'means', guesses: [], voters: 0 })).toContain('class means');
});

test('what put a neighbour there is said in two words, and in a sentence’s to those who hear it', () => {
  expect(reasonPieces({ kind: 'agrees', share: 0.93 })).toEqual(['same class 93\u00a0%']);
  expect(spokenReason({ kind: 'agrees', share: 0.93 })).toBe('93\u00a0% probably of the query’s class');
  expect(reasonPieces({ kind: 'covers', className: '<b>' })).toEqual(['stands for ', { className: '<b>' }]);
  expect(spokenReason({ kind: 'covers', className: 'Pear' })).toBe('stands for class Pear');
});
