import { describe, expect, test } from 'vitest';
import { answerOfPosterior, answerOfVotes } from '../../../src/core/answer.ts';

describe('by the head', () => {
  const settings = { scales: [10], floor: null };

  test('classes come by their probability, and the probabilities sum to 1', () => {
    const { by, guesses } = answerOfPosterior(Float32Array.of(0.2, 0.9, 0.8), ['a', 'b', 'c'], settings, 'head');
    expect(by).toBe('head');
    expect(guesses.map(({ className }) => className)).toEqual(['b', 'c', 'a']);
    expect(guesses.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 6);
    // softmax(10 · cos): e^9 / (e^2 + e^9 + e^8)
    expect(guesses[0]?.share).toBeCloseTo(1 / (1 + Math.exp(-1) + Math.exp(-7)), 6);
  });

  test('in an open gallery, an image that is like no class has no likely one', () => {
    const { guesses } = answerOfPosterior(Float32Array.of(0.2, 0.3), ['a', 'b'], { scales: [10], floor: 0.5 }, 'head');
    expect(guesses).toEqual([]);
  });

  test('members of an ensemble count alike', () => {
    const { guesses } = answerOfPosterior(
      Float32Array.of(1, 0, 0, 1),
      ['a', 'b'],
      { scales: [10, 10], floor: null },
      'head',
    );
    expect(guesses.map(({ share }) => share)).toEqual([0.5, 0.5]);
  });
});

describe('by votes', () => {
  test('the first ten whose class is known count, the most frequent class first', () => {
    const nearest = [null, 'b', 'a', null, ...Array<string>(6).fill('a'), 'c', 'b', 'z', 'z'];
    expect(answerOfVotes(nearest)).toEqual({
      by: 'votes',
      guesses: [
        { className: 'a', share: 0.7 },
        { className: 'b', share: 0.2 },
        { className: 'c', share: 0.1 },
      ],
      voters: 10,
    });
  });

  test('of equal numbers, the nearest first', () => {
    expect(answerOfVotes(['b', 'a', 'a', 'b'])?.guesses[0]?.className).toBe('b');
  });

  test('nobody votes where no class is known', () => {
    expect(answerOfVotes([null, null])).toBeNull();
    expect(answerOfVotes([])).toBeNull();
  });
});
