import { expect, test } from 'vitest';
import { STEPS, type Step, type StepName } from '../../../src/app/settings/path.ts';
import { type PathSituation, pathSaid } from '../../../src/ui/frame/path-words.ts';

const stepsUntil = (next: StepName | null): Step[] => {
  const at = next === null ? STEPS.length : STEPS.indexOf(next);
  return STEPS.map((name, i) => ({ name, done: i < at }));
};

const said = (next: StepName | null, situation: Partial<PathSituation> = {}) =>
  pathSaid({
    steps: stepsUntil(next),
    opened: true,
    plain: false,
    fineTunes: true,
    outdated: false,
    working: null,
    ...situation,
  });

test('the first step that is not done is next, and led to', () => {
  expect(said('models')).toEqual({
    sentence: 'Next: embed the images with a model; Colour and gradient needs no download.',
    ways: ['models'],
  });
  expect(said('comparison').ways).toEqual(['comparison']);
  // What is left is to look at it, in whatever order.
  expect(said('search').ways).toEqual(['search', 'dashboard']);
  const searchLeft = STEPS.map((name) => ({ name, done: name !== 'search' }));
  expect(said('search', { steps: searchLeft })).toEqual({ sentence: 'Next: search with an image.', ways: ['search'] });
  expect(said(null)).toEqual({ sentence: 'All steps are done.', ways: [] });
  expect(said('search', { plain: true }).sentence).toBe('Next: search with an image, or see on the map what is alike.');
  expect(said('data', { steps: null })).toEqual({ sentence: '', ways: [] });
});

test('where results count no longer, the comparison is to be run again', () => {
  expect(said('comparison', { outdated: true }).sentence).toBe(
    'Next: run the comparison again: some results no longer count.',
  );
});

test('where nothing can be fine-tuned, nobody is told to', () => {
  expect(said('comparison').sentence).toContain('fine-tuned');
  expect(said('comparison', { fineTunes: false })).toEqual({
    sentence: 'Next: compare models as they are, alone or together.',
    ways: ['comparison'],
  });
  expect(said('models', { fineTunes: false }).sentence).toContain('embed the images');
});

test('with a data set open that was not wholly read, nobody is told to open one', () => {
  expect(said('data', { opened: false }).sentence).toContain('open a folder of images');
  expect(said('data')).toEqual({
    sentence: 'Next: read the images that have not been read yet.',
    ways: ['data'],
  });
});

test.each([...STEPS, null])('what is under way, elsewhere or interrupted goes before any step (%s)', (next) => {
  expect(said(next, { working: 'here' }).sentence).toContain('Work is under way');
  expect(said(next, { working: 'elsewhere' }).sentence).toContain('Another tab works on this data set');
  expect(said(next, { working: 'interrupted' }).sentence).toBe(
    'Next: continue what was interrupted, with the button below.',
  );
  for (const working of ['here', 'elsewhere', 'interrupted'] as const) expect(said(next, { working }).ways).toEqual([]);
});
