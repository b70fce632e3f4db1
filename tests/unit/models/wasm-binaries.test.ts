import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { compileKernels } from '../../../scripts/build-kernels/compile.ts';

const folder = join(import.meta.dirname, '../../../src/models/wasm');

test.each(['relaxed', 'simd'] as const)('%s.wasm is what its source compiles to', async (name) => {
  const committed = await readFile(join(folder, `${name}.wasm`));
  const sums = await readFile(join(folder, 'kernels.sha256'), 'utf8');
  expect(sums.split('\n')).toContain(`${createHash('sha256').update(committed).digest('hex')}  ${name}.wasm`);
  const scratch = await mkdtemp(join(tmpdir(), 'likeness-kernels-'));
  try {
    const output = join(scratch, `${name}.wasm`);
    await compileKernels(name, output);
    expect(committed.equals(await readFile(output))).toBe(true);
  } finally {
    await rm(scratch, { recursive: true });
  }
});
