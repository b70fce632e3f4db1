/** Compiles build-kernels/assembly with AssemblyScript: `npm run build:kernels`. */
import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BINARIES, type Binary, compileKernels } from './build-kernels/compile.ts';

const sources = join(import.meta.dirname, '../src');
const sums: string[] = [];
for (const name of Object.keys(BINARIES).filter((key): key is Binary => key in BINARIES)) {
  const binary = join(sources, `${name}.wasm`);
  await compileKernels(BINARIES[name], binary);
  const digest = createHash('sha256').update(await readFile(binary));
  sums.push(`${digest.digest('hex')}  src/${name}.wasm\n`);
}
await writeFile(join(import.meta.dirname, 'build-kernels/kernels.sha256'), sums.join(''));
console.info(sums.join('').trimEnd());
