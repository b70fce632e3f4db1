import { expect, test } from 'vitest';
import { findWeights } from '../../../src/core/weights-files.ts';
import type { Workers } from '../../../src/core/workers.ts';
import { AppError } from '../../../src/errors.ts';
import type { CachedWeights } from '../../../src/types.ts';

const cached = [{ id: 'resnet18.mine' }] as unknown as CachedWeights[];

function workersWhoseListing(fails: Error): Pick<Workers, 'weights'> {
  Object.assign(globalThis, { document: { baseURI: 'http://localhost/' } });
  const api = { listOrigin: () => Promise.reject(fails), listCached: async () => cached, lasting: async () => true };
  // Of the workers, nothing else is asked.
  return { weights: { api: async () => api } } as unknown as Pick<Workers, 'weights'>;
}

test('without the server’s list, what is cached is found all the same, and why the list is missing', async () => {
  const away = new AppError('download-failed', 'The browser is offline.');
  expect(await findWeights({ workers: workersWhoseListing(away) })).toEqual({
    origin: [],
    cached,
    lasting: true,
    unlisted: away,
  });
});

test('what is no fault of the server is thrown', async () => {
  const gone = new AppError('aborted', 'Cancelled.');
  await expect(findWeights({ workers: workersWhoseListing(gone) })).rejects.toBe(gone);
});
