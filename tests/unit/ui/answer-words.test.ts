import { expect, test } from 'vitest';
import type { CutoffState } from '../../../src/app/search/cutoff.ts';
import type { Answer, Guess } from '../../../src/app/search/search.ts';
import type { ImageRecord } from '../../../src/types.ts';
import {
  answerPieces,
  answerSource,
  cutoffSentence,
  keptNeighbours,
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

const image: ImageRecord = {
  datasetId: 'd',
  path: 'gallery/a.jpg',
  split: 'gallery',
  file: 'a.jpg',
  className: 'a',
  bytes: 1,
  hash: null,
  width: null,
  height: null,
};
const neighbours = [0.9, 0.7, 0.7, 0.4].map((similarity, at) => ({ rank: at + 1, image, similarity, correct: null }));

const state = (changes: Partial<CutoffState> = {}): CutoffState => ({
  precision: 0.9,
  runId: 'a',
  reason: null,
  cutoff: { similarity: 0.7, kept: 1234, precision: 0.91 },
  ...changes,
});

test('what is less similar is hidden, what is just as similar is not', () => {
  expect(keptNeighbours(neighbours, state(), 'a').map(({ rank }) => rank)).toEqual([1, 2, 3]);
  expect(keptNeighbours(neighbours, state({ cutoff: null }), 'a')).toHaveLength(4);
});

test('a cut-off of another model hides nothing, and nothing is said of it', () => {
  expect(keptNeighbours(neighbours, state(), 'b')).toHaveLength(4);
  expect(cutoffSentence(state(), 'b', 4, 0)).toBe('');
});

test.each([
  [
    state(),
    3,
    1,
    '1 of 4 neighbours hidden, less similar than 0.70: from 0.70 on, at least 90 % of this model’s 1,234 validation neighbours are right.',
  ],
  [
    state(),
    4,
    0,
    'None is hidden: all are at least as similar as 0.70; from 0.70 on, at least 90 % of this model’s 1,234 validation neighbours are right.',
  ],
  [
    state({ cutoff: null }),
    4,
    0,
    'Nothing is hidden: for this model, no similarity has 90 % of the validation neighbours above it right.',
  ],
  [state({ precision: null, cutoff: null }), 4, 0, ''],
  [state({ reason: 'Why not.', cutoff: null }), 4, 0, 'Why not.'],
])('says what is hidden: %#', (cutoff, shown, hidden, sentence) => {
  expect(cutoffSentence(cutoff, 'a', shown, hidden)).toBe(sentence);
});
