import { existsSync } from 'node:fs';
import { resolve } from 'node:path';

/** Real weights and photos for the tests; null where there are none: the tests that need them then say that they are skipped. */
export function sharedFolder(): string | null {
  const folder = resolve(import.meta.dirname, '..', process.env['LIKENESS_SHARED'] ?? '../shared');
  return existsSync(folder) ? folder : null;
}
