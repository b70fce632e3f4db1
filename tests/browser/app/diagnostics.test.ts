import { expect, test } from 'vitest';
import { jobs } from '../../../src/app/jobs/jobs.ts';
import { diagnostics } from '../../../src/app/settings/diagnostics.ts';
import { AppError } from '../../../src/errors.ts';

test('the report holds versions, limits and the last errors, and names of files only where they are ticked', async () => {
  const cause = new TypeError('secret.jpg is no file');
  jobs.fail('data', new AppError('files-gone', '“secret.jpg” has changed.', { cause }));
  const quiet = await diagnostics({ messages: false });
  const report: unknown = JSON.parse(quiet);
  expect(report).toMatchObject({
    app: expect.stringMatching(/^Likeness \d/),
    tensorflow: expect.stringMatching(/\d/),
    browser: navigator.userAgent,
    webgpuLimits: { maxBufferSize: expect.any(Number) },
    lastErrors: [{ code: 'files-gone' }],
  });
  expect(quiet).not.toContain('secret');
  const full: unknown = JSON.parse(await diagnostics({ messages: true }));
  expect(full).toMatchObject({
    lastErrors: [
      { code: 'files-gone', message: '“secret.jpg” has changed.', causes: ['TypeError: secret.jpg is no file'] },
    ],
  });
});
