import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';

// A page of options would scroll the sentence away.
test.each([
  ['evaluate', '--fast'],
  ['gallery', 'polish'],
  ['serve', '--port=many'],
])('%s: a wrong argument is answered by a sentence and where the options are', (script, argument) => {
  const args = ['--import', 'tsx', `scripts/${script}.ts`, argument];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    cwd: resolve(import.meta.dirname, '../../..'),
    encoding: 'utf8',
  });
  expect([status, stdout]).toEqual([2, '']);
  const lines = stderr.trimEnd().split('\n');
  expect(lines.at(-1)).toBe('--help lists the options.');
  expect(lines[0]).toContain(argument.split('=').at(-1));
  expect(lines.length).toBeLessThan(4);
});
