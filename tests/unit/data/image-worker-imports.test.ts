import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { expect, it } from 'vitest';

const entry = resolve(import.meta.dirname, '../../../src/workers/image.worker.ts');

/** Every package that a file imports, itself or through the project's own files. */
function packages(file: string, seen = new Set<string>(), found = new Set<string>()): Set<string> {
  if (seen.has(file)) return found;
  seen.add(file);
  const statements = /^(?:import|export)( type)?[^'";]*from '([^']+)'|\bimport\('([^']+)'\)/gm;
  for (const [, typeOnly, fixed, lazy] of readFileSync(file, 'utf8').matchAll(statements)) {
    const name = fixed ?? lazy;
    if (typeOnly || !name) continue;
    // A file's address, not a module.
    if (name.includes('?url')) continue;
    if (name.startsWith('.')) packages(resolve(dirname(file), name), seen, found);
    else found.add(name);
  }
  return found;
}

it('the image worker loads no TensorFlow.js', () => {
  expect([...packages(entry)].sort()).toEqual(['comlink', 'hash-wasm']);
});
