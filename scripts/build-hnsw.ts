/** Compiles src/search/simd with Emscripten and hnswlib's headers: `npm run build:hnsw`. */
import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { compileSearch } from './build-hnsw/compile.ts';

const folder = join(import.meta.dirname, '../src/search/simd');
const binary = join(folder, 'search.wasm');

await compileSearch(folder, binary);
const checksum = createHash('sha256')
  .update(await readFile(binary))
  .digest('hex');
await writeFile(`${binary}.sha256`, `${checksum}  search.wasm\n`);
console.info(`${binary}\n${checksum}`);
