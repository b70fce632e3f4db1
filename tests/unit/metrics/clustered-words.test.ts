import { expect, test } from 'vitest';
import { clusteredSentence } from '../../../src/metrics/clustered-words.ts';
import { english } from '../../../src/metrics/format.ts';

test('is said in one sentence, by the names of the models', () => {
  expect(clusteredSentence([], english.amount)).toBeNull();
  expect(clusteredSentence([{ model: 'ResNet-50, frozen', images: 1200 }], english.amount)).toBe(
    '1,200 labels come from clusters of “ResNet-50, frozen”, so the figures of that model look better than they are.',
  );
  expect(clusteredSentence([{ model: 'A', images: 1 }], english.amount)).toMatch(/^1 label comes from clusters of “A”/);
  const three = ['A', 'B', 'C'].map((model, i) => ({ model, images: 9 - i }));
  expect(clusteredSentence(three, english.amount)).toBe(
    '9 labels come from clusters of “A”, 8 labels from clusters of “B” and 7 labels from clusters of “C”, so the figures of these models look better than they are.',
  );
});
