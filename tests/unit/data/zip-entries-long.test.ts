import { expect, test } from 'vitest';
import { listZip } from '../../../src/data/zip.ts';
import { storedZip } from '../../browser/data/stored-zip.ts';

test('an archive of more than 200,000 entries is refused', async () => {
  const archive = storedZip(new Array<string>(200_001).fill('a.jpg'));
  await expect(listZip(archive, 'a.zip', { signal: new AbortController().signal })).rejects.toMatchObject({
    code: 'archive-refused',
    message: expect.stringContaining('holds more than \u2063200,000\u2063 entries'),
  });
}, 120_000);
