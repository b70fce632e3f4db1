import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ListedFile, Listing } from '../../../src/data/listing.ts';
import { readTar } from '../../tar.ts';

/** The files of a case of tests/fixtures/cases, by path; links are left out, as browsers leave them out. */
export function readCase(name: string): Map<string, Uint8Array<ArrayBuffer>> {
  const archive = readFileSync(join(import.meta.dirname, '../../fixtures/cases', `${name}.tar`));
  return new Map(readTar(new Uint8Array(archive)).map(({ path, bytes }) => [path, bytes]));
}

/** One file of a case. */
export function fileOfCase(name: string, path: string): Blob {
  const bytes = readCase(name).get(path);
  if (!bytes) throw new Error(`The case ${name} has no file ${path}.`);
  return new Blob([bytes]);
}

/** What is below a folder of a case, as if that folder had been dropped. */
export function dropCase(name: string, folder: string): Listing {
  const parent = folder.slice(0, folder.lastIndexOf('/') + 1);
  const files: ListedFile[] = [];
  const directories = new Set<string>();
  for (const [path, bytes] of readCase(name)) {
    if (!path.startsWith(`${folder}/`)) continue;
    const dropped = path.slice(parent.length);
    files.push({ path: dropped, bytes: bytes.length, open: async () => new Blob([bytes]) });
    for (let end = dropped.lastIndexOf('/'); end > 0; end = dropped.lastIndexOf('/', end - 1)) {
      directories.add(dropped.slice(0, end));
    }
  }
  if (files.length === 0) throw new Error(`The case ${name} has no folder ${folder}.`);
  return { files, directories: [...directories], problems: [] };
}
