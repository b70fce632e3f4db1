import { expect, test } from 'vitest';
import { safeName, safeNames } from '../../../src/exports/names.ts';

test.each([
  ['../../etc/passwd', 'etc-passwd'],
  ['a/b\\c:d', 'a-b-c-d'],
  ['.hidden', 'hidden'],
  ['CON', '_CON'],
  ['nul.txt', '_nul.txt'],
  ['é🍎', 'e'],
  ['🍎', 'unnamed'],
  ['', 'unnamed'],
  ['resnet50+vit.finetuned.cosine.seed0', 'resnet50+vit.finetuned.cosine.seed0'],
])('%j becomes %j', (name, safe) => {
  expect(safeName(name)).toBe(safe);
});

test('is short enough, whatever comes in', () => {
  expect(safeName('x'.repeat(5000)).length).toBeLessThan(200);
});

test('gives no name twice, in capitals or not, and not the number of another', () => {
  const names = safeNames(['run', 'Run', 'run-2', 'run', 'run/']);
  expect(new Set(names.map((name) => name.toLowerCase())).size).toBe(5);
  expect(names[0]).toBe('run');
});
