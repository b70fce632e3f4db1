import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { encodePng } from './png.ts';

export const CLASSES = ['plain', 'stripes', "o'hara; drop table images; --"];
export const PER_CLASS = 16;

/** A small data set of three classes in training, query and gallery. */
export async function writePictures(folder: string): Promise<void> {
  for (const split of ['training', 'test/query', 'test/gallery']) {
    for (const [c, name] of CLASSES.entries()) {
      for (let i = 0; i < PER_CLASS; i++) {
        const path = join(folder, split, name, `${i}.png`);
        await mkdir(dirname(path), { recursive: true });
        const shade = (split.length * 7 + i * 11) % 256;
        const picture = encodePng(48, 40, (x, y) =>
          c === 0 ? [shade, 90, 160] : c === 1 ? [(x * 13 + shade) % 256, 40, y] : [x, (y * 5 + shade) % 256, 200],
        );
        await writeFile(path, picture);
      }
    }
  }
}
