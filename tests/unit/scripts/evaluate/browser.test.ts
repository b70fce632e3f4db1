import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { isSandboxed, launchIn } from '../../../../scripts/evaluate/browser.ts';

test('Chromium is sandboxed, except as root or where the environment says that a container does it', () => {
  expect(isSandboxed(1000, {})).toBe(true);
  expect(isSandboxed(null, {})).toBe(true);
  expect(isSandboxed(0, {})).toBe(false);
  expect(isSandboxed(1000, { LIKENESS_CHROMIUM_SANDBOX: '0' })).toBe(false);
});

test.skipIf(process.platform === 'win32')('where its sandbox is forbidden, one sentence says what to do', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'likeness-test-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const browser = join(folder, 'chromium');
  await writeFile(browser, '#!/bin/sh\necho "FATAL: No usable sandbox! If this is a Debian system, …" >&2\nexit 1\n');
  await chmod(browser, 0o755);
  vi.stubEnv('LIKENESS_CHROMIUM', browser);
  onTestFinished(() => void vi.unstubAllEnvs());
  await expect(launchIn(join(folder, 'profile'))).rejects.toMatchObject({
    code: 'engine-unavailable',
    message: expect.stringMatching(/^Chromium may not make its sandbox here.*LIKENESS_CHROMIUM_SANDBOX=0/),
  });
});
