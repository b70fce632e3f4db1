import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { BINARIES, type Binary, compileKernels } from '../../../scripts/build-kernels/compile.ts';

const root = join(import.meta.dirname, '../../..');
const names = Object.keys(BINARIES).filter((name): name is Binary => name in BINARIES);

test.each(names)('%s.wasm is what its source compiles to', async (name) => {
  const committed = await readFile(join(root, `src/${name}.wasm`));
  const sums = await readFile(join(root, 'scripts/build-kernels/kernels.sha256'), 'utf8');
  expect(sums.split('\n')).toContain(`${createHash('sha256').update(committed).digest('hex')}  src/${name}.wasm`);
  const scratch = await mkdtemp(join(tmpdir(), 'likeness-kernels-'));
  try {
    const output = join(scratch, 'compiled.wasm');
    await compileKernels(BINARIES[name], output);
    expect(committed.equals(await readFile(output))).toBe(true);
  } finally {
    await rm(scratch, { recursive: true });
  }
});
