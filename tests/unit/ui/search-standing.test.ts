import { expect, test } from 'vitest';
import type { RunningJob } from '../../../src/app/jobs/jobs.ts';
import { type SearchSituation, searchStanding } from '../../../src/ui/search/SearchScreen.tsx';

const open = { datasetId: 'd', loading: false, hasGallery: true, embedded: false, searchable: false, opening: false };
const stands = (part: Partial<SearchSituation> = {}, running: Parameters<typeof searchStanding>[1] = []) =>
  searchStanding({ ...open, ...part }, running);

const embed: Pick<RunningJob, 'job' | 'scope'> = {
  job: { kind: 'embed', datasetId: 'd', weightsIds: ['a'] },
  scope: 'd',
};

test('what is missing is said, one thing after the other', () => {
  expect(stands({ datasetId: null, loading: true })).toBe('loading');
  expect(stands({ datasetId: null })).toBe('no-data');
  expect(stands({ hasGallery: false })).toBe('no-gallery');
  expect(stands()).toBe('not-embedded');
  expect(stands({ opening: true })).toBe('loading');
  // All is embedded, and no model could rank it: of images that all look alike.
  expect(stands({ embedded: true })).toBe('no-order');
  expect(stands({ embedded: true, opening: true })).toBe('loading');
  expect(stands({ searchable: true, opening: true }, [embed])).toBe('search');
});

test('while a job embeds the gallery it is being embedded, also when its scores are computed and it is opened', () => {
  // The job goes on through all of its stages; what answers is looked for at its end.
  expect(stands({}, [embed])).toBe('embedding');
  expect(stands({ opening: true }, [embed])).toBe('embedding');
  // Another data set's job embeds nothing here, and no other job does.
  expect(stands({}, [{ ...embed, scope: 'other' }])).toBe('not-embedded');
  expect(stands({}, [{ job: { kind: 'read', datasetId: 'd' }, scope: 'd' }])).toBe('not-embedded');
});
