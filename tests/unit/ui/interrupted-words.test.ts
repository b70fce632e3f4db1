import { expect, test } from 'vitest';
import type { Interrupted } from '../../../src/app/jobs/jobs.ts';
import { defaultRecipe } from '../../../src/heads/recipe.ts';
import { interruptedSentence } from '../../../src/ui/frame/interrupted-words.ts';

const entry = (part: Partial<Interrupted> & Pick<Interrupted, 'job'>): Interrupted => ({
  stage: '',
  progress: null,
  startedAt: 0,
  needsInput: false,
  ...part,
});
const labelOf = (id: string) => id.toUpperCase();

test('each job is named, with how far it was where that was written down', () => {
  const entries = [
    entry({ job: { kind: 'read', datasetId: 'd' }, progress: { done: 1200, total: 20_000, unit: 'images' } }),
    entry({ job: { kind: 'download', weightsId: 'a' }, progress: { done: 12e6, total: 98e6, unit: 'bytes' } }),
    entry({ job: { kind: 'embed', datasetId: 'd', weightsIds: ['a', 'b'] }, stage: 'Loading A' }),
    entry({ job: { kind: 'rescore', datasetId: 'd', subject: '' } }),
  ];
  expect(interruptedSentence(entries, labelOf)).toBe(
    'Interrupted: reading images, 1,200 / 20,000 images; downloading A, 12 of 98 MB; embedding with A and B; scoring with the new labels.',
  );
});

test('a comparison says its size and its stage', () => {
  const wanted = {
    singles: [
      { weightsId: 'a', frozen: true, finetuned: true },
      { weightsId: 'b', frozen: false, finetuned: false },
    ],
    ensembles: [{ members: [], combine: ['mean', 'concat'] as const }],
    recipe: defaultRecipe('cosine'),
    seeds: 1,
  };
  const job = { kind: 'compare', datasetId: 'd', wanted } as const;
  const progress = { done: 12, total: 100, unit: 'epochs' };
  expect(interruptedSentence([entry({ job, stage: 'Train the head of A', progress })], labelOf)).toBe(
    'Interrupted: comparing 4 models at “Train the head of A”, 12 / 100 epochs.',
  );
  expect(interruptedSentence([entry({ job })], labelOf)).toBe('Interrupted: comparing 4 models.');
});
