import { join } from 'node:path';
import { expect } from 'vitest';

const folder = join(import.meta.dirname, '../../fixtures/exports');

/** Compares byte for byte with the file of that name; `vitest -u` writes it again, to be read before it is kept. */
export async function expectGolden(text: string, name: string): Promise<void> {
  await expect(text).toMatchFileSnapshot(join(folder, name));
}
