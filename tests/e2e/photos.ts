import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';

const truthSchema = v.object({
  query: v.record(v.string(), v.string()),
  gallery: v.record(v.string(), v.string()),
});

export interface PhotoCounts {
  readonly classes: number;
  /** A class, at most. */
  readonly training: number;
  readonly query: number;
  readonly gallery: number;
}

/** A part of the real photos, laid out as a user would drop them; how many of each split were written. */
export async function writePhotos(shared: string, folder: string, counts: PhotoCounts) {
  const photos = join(shared, 'datasets/groceries');
  const truth = v.parse(truthSchema, JSON.parse(await readFile(join(photos, 'ground_truth.json'), 'utf8')));
  const classes = (await readdir(join(photos, 'training'))).sort().slice(0, counts.classes);
  const written = { training: 0, query: 0, gallery: 0 };
  for (const name of classes) {
    const files = counts.training === 0 ? [] : (await readdir(join(photos, 'training', name))).sort();
    for (const file of files.slice(0, counts.training)) {
      await mkdir(join(folder, 'training', name), { recursive: true });
      await cp(join(photos, 'training', name, file), join(folder, 'training', name, file));
      written.training++;
    }
  }
  for (const split of ['query', 'gallery'] as const) {
    await mkdir(join(folder, 'test', split), { recursive: true });
    for (const name of classes) {
      const files = Object.entries(truth[split]).filter(([, className]) => className === name);
      for (const [file] of files.slice(0, counts[split])) {
        await cp(join(photos, 'test', split, file), join(folder, 'test', split, file));
        written[split]++;
      }
    }
  }
  await writeFile(join(folder, 'ground_truth.json'), JSON.stringify(truth));
  return written;
}
