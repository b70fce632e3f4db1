import { expect, test } from 'vitest';
import type { Interrupted } from '../../../src/app/jobs/jobs.ts';
import { defaultRecipe } from '../../../src/heads/recipe.ts';
import { interruptedSentence, shareOf, spokenJob, stageOf, timeLeftOf } from '../../../src/ui/frame/job-words.ts';

const progress = { done: 30, total: 40, rate: 10, secondsLeft: 0.4 };
const part = (secondsAfter: number | null, number = 2) => ({ noun: 'model', number, of: 4, secondsAfter });

test('a job of several models says which, and counts all of them', () => {
  const job = { stage: 'Embedding with ResNet-50', progress, part: part(180) };
  expect(stageOf(job)).toBe('Model 2 of 4: Embedding with ResNet-50');
  expect(shareOf(job)).toBeCloseTo((1 + 0.75) / 4, 9);
  expect(spokenJob(job)).toBe('Model 2 of 4: Embedding with ResNet-50, 43 %');
  expect(stageOf({ ...job, part: null })).toBe('Embedding with ResNet-50');
  expect(stageOf({ ...job, part: { ...part(0, 1), of: 1 } })).toBe('Embedding with ResNet-50');
});

test('the time left is that of the whole, and "less than 1 s" is not said while minutes remain', () => {
  expect(timeLeftOf({ progress, part: part(180) })).toBe('3 min left');
  expect(timeLeftOf({ progress, part: part(0, 4) })).toBe('less than 1 s left');
  // What comes after was never measured: the sentence says of what it speaks.
  expect(timeLeftOf({ progress, part: part(null) })).toBe('less than 1 s left in this step');
  expect(timeLeftOf({ progress: { ...progress, atMost: true }, part: part(180) })).toBe('at most 3 min left');
  expect(timeLeftOf({ progress: { ...progress, atMost: true }, part: null })).toBe('less than 1 s left');
  expect(timeLeftOf({ progress: null, part: part(180) })).toBe('');
  expect(timeLeftOf({ progress: { ...progress, secondsLeft: null }, part: part(180) })).toBe('');
  expect(timeLeftOf({ progress, part: null })).toBe('less than 1 s left');
});

test('before its first report a part counts as not started', () => {
  expect(shareOf({ progress: null, part: part(null, 3) })).toBe(0.5);
  expect(shareOf({ progress: null, part: null })).toBeNull();
});

const entry = (part: Partial<Interrupted> & Pick<Interrupted, 'job'>): Interrupted => ({
  stage: '',
  progress: null,
  startedAt: 0,
  needsInput: false,
  ...part,
});
const labelOf = (id: string) => id.toUpperCase();
const models = { labelOf, embeddedWith: () => null };

test('each job is named, with how far it was where that was written down', () => {
  const entries = [
    entry({ job: { kind: 'read', datasetId: 'd' }, progress: { done: 1200, total: 20_000, unit: 'images' } }),
    entry({ job: { kind: 'download', weightsId: 'a' }, progress: { done: 12e6, total: 98e6, unit: 'bytes' } }),
    entry({ job: { kind: 'embed', datasetId: 'd', weightsIds: ['a', 'b', 'c'] }, stage: 'Loading A' }),
    entry({ job: { kind: 'rescore', datasetId: 'd', subject: '' } }),
  ];
  expect(interruptedSentence(entries, models)).toBe(
    'Interrupted: reading images, 1,200 / 20,000 images; downloading A, 12 of 98 MB; embedding with A, B and C; scoring with the new labels.',
  );
});

test('of several models those are named that are not embedded yet; all where scores alone are left', () => {
  const job = { kind: 'embed', datasetId: 'd', weightsIds: ['a', 'b', 'c'] } as const;
  const progress = { done: 312, total: 849, unit: 'images' };
  // Counted are the images that are stored, not those that one attempt had to compute.
  const said = (...embedded: string[]) =>
    interruptedSentence([entry({ job, progress })], {
      labelOf,
      embeddedWith: (id) => ({ done: embedded.includes(id) ? 949 : 412, total: 949 }),
    });
  expect(said('a')).toBe('Interrupted: embedding with B and C, 412 / 949 images.');
  expect(said('a', 'c')).toBe('Interrupted: embedding with B, 412 / 949 images.');
  expect(said('a', 'b', 'c')).toBe('Interrupted: embedding with A, B and C.');
  // Until they are counted, what was written down counts.
  expect(interruptedSentence([entry({ job, progress })], models)).toContain('A, B and C, 312 / 849 images.');
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
  expect(interruptedSentence([entry({ job, stage: 'Train the head of A', progress })], models)).toBe(
    'Interrupted: comparing 4 models at “Train the head of A”, 12 / 100 epochs.',
  );
  expect(interruptedSentence([entry({ job })], models)).toBe('Interrupted: comparing 4 models.');
});
