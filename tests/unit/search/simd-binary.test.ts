import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { compileSearch, EMSCRIPTEN, emscriptenVersion } from '../../../scripts/build-hnsw/compile.ts';
import { simdFolder } from './simd.ts';

const folder = fileURLToPath(simdFolder);
const committed = await readFile(join(folder, 'search.wasm'));
const compiler = await emscriptenVersion();

test('the committed binary is the one whose checksum is recorded', async () => {
  const recorded = await readFile(join(folder, 'search.wasm.sha256'), 'utf8');
  expect(`${createHash('sha256').update(committed).digest('hex')}  search.wasm\n`).toBe(recorded);
});

test.skipIf(compiler !== EMSCRIPTEN)(
  `compiled again it is the same to the last byte (skipped without Emscripten ${EMSCRIPTEN}; here: ${compiler ?? 'none'})`,
  { timeout: 600_000 },
  async () => {
    const scratch = await mkdtemp(join(tmpdir(), 'likeness-search-'));
    try {
      const output = join(scratch, 'search.wasm');
      await compileSearch(folder, output);
      expect(committed.equals(await readFile(output))).toBe(true);
    } finally {
      await rm(scratch, { recursive: true });
    }
  },
);
