import { expect, test } from 'vitest';
import { embedWith } from '../../../src/core/embed.ts';
import { BACKBONES } from '../../../src/models/backbones.ts';
import type { ImageRecord } from '../../../src/types.ts';
import { fakeHashes, freshDatabase } from '../storage/fresh-database.ts';
import { contextOver } from './context.ts';

test('nothing is downloaded for images whose files cannot be read', async () => {
  const [weights] = BACKBONES.filter(({ architecture }) => architecture !== 'colour-gradient');
  if (!weights) throw new Error('There is no network.');
  const images = fakeHashes(3).map(
    (hash, at): ImageRecord => ({
      datasetId: 'd',
      path: `gallery/${at}.jpg`,
      file: `${at}.jpg`,
      split: 'gallery',
      className: null,
      bytes: 1,
      hash,
      width: 4,
      height: 3,
    }),
  );
  const files = { readable: () => false, open: () => Promise.reject(new Error('Nothing is to be opened.')) };
  const stages: string[] = [];
  const step = { signal: new AbortController().signal, report() {}, stage: (name: string) => void stages.push(name) };
  const subject = { datasetId: 'd', images };
  await expect(embedWith(contextOver(freshDatabase()), weights, subject, files, step)).rejects.toMatchObject({
    code: 'files-gone',
    message: expect.stringContaining('3 images are not embedded yet'),
  });
  expect(stages).toEqual([]);
});
