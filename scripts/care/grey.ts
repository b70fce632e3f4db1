import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright';
import { GREY_SIDE } from '../../src/care/same-picture.ts';

/** Images as small grey pictures, as the app makes them of its thumbnails (workers/grey-pictures.ts). */
export async function greyPictures(page: Page, folder: string, paths: readonly string[]): Promise<Float32Array[]> {
  const grey: Float32Array[] = [];
  for (let from = 0; from < paths.length; from += 40) {
    const files = await Promise.all(paths.slice(from, from + 40).map((path) => readFile(join(folder, path))));
    const found = await page.evaluate(
      async ({ list, side }) => {
        const all: number[][] = [];
        for (const data of list) {
          const blob = await (await fetch(`data:image/jpeg;base64,${data}`)).blob();
          const image = await createImageBitmap(blob, { resizeWidth: side, resizeHeight: side, resizeQuality: 'high' });
          const context = new OffscreenCanvas(side, side).getContext('2d');
          context?.drawImage(image, 0, 0);
          const pixels = context?.getImageData(0, 0, side, side).data ?? [];
          const values: number[] = [];
          for (let i = 0; i < side * side; i++) {
            values.push(
              0.299 * (pixels[4 * i] ?? 0) + 0.587 * (pixels[4 * i + 1] ?? 0) + 0.114 * (pixels[4 * i + 2] ?? 0),
            );
          }
          all.push(values);
        }
        return all;
      },
      { list: files.map((bytes) => bytes.toString('base64')), side: GREY_SIDE },
    );
    grey.push(...found.map((values) => Float32Array.from(values)));
  }
  return grey;
}
