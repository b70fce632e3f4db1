import { expect, test } from 'vitest';
import type { CutoffState } from '../../../src/app/search/cutoff.ts';
import type { ImageRecord } from '../../../src/types.ts';
import { cutoffSentence, keptNeighbours } from '../../../src/ui/search/answer-words.ts';

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
