import { cp, mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Page } from 'playwright';
import { type Random, seededRandom } from '../../src/math/random.ts';

/** Trouble that was put into a copy of a folder, by paths relative to it. */
export interface Planted {
  /** An image, and the altered copy of it. */
  readonly duplicates: readonly (readonly [original: string, copy: string])[];
  /** Training images in the folder of another class. */
  readonly mislabelled: readonly string[];
  readonly foreign: readonly string[];
}

export interface PlantCounts {
  readonly duplicates: number;
  readonly mislabelled: number;
  readonly foreign: number;
}

/**
 * Copies a folder with `training/<class>/` and `test/gallery/`, and plants trouble in the copy: altered copies of images
 * (half of them of training images among the gallery, which are leaks), training images of wrong classes, and drawings that
 * are of no class. Depends on the folder and the seed alone. `page` draws.
 */
export async function plant(from: string, to: string, counts: PlantCounts, seed: number, page: Page): Promise<Planted> {
  await cp(from, to, { recursive: true });
  const random = seededRandom(seed);
  const images = random.shuffle(await trainingImages(to));
  const take = (count: number) => images.splice(0, count);
  const classes = [...new Set(images.map((path) => dirname(path)))].sort();

  const duplicates: [string, string][] = [];
  for (const [i, original] of take(counts.duplicates).entries()) {
    const folder = i % 2 === 0 ? dirname(original) : 'test/gallery';
    const copy = `${folder}/img_${9000 + i}.jpg`;
    await writeFile(join(to, copy), await altered(page, await readFile(join(to, original)), random));
    duplicates.push([original, copy]);
  }
  const mislabelled: string[] = [];
  for (const [i, path] of take(counts.mislabelled).entries()) {
    const others = classes.filter((name) => name !== dirname(path));
    const wrong = `${others[random.below(others.length)]}/img_${9100 + i}_${basename(path)}`;
    await rename(join(to, path), join(to, wrong));
    mislabelled.push(wrong);
  }
  const foreign: string[] = [];
  for (let i = 0; i < counts.foreign; i++) {
    const path = `${classes[random.below(classes.length)]}/img_${9200 + i}.jpg`;
    await mkdir(join(to, dirname(path)), { recursive: true });
    await writeFile(join(to, path), await drawing(page, i, random));
    foreign.push(path);
  }
  return { duplicates, mislabelled, foreign };
}

async function trainingImages(folder: string): Promise<string[]> {
  const entries = await readdir(join(folder, 'training'), { recursive: true, withFileTypes: true });
  return entries
    .flatMap((entry) => (entry.isFile() ? [join(entry.parentPath, entry.name).slice(folder.length + 1)] : []))
    .sort();
}

/** Smaller, compressed again, and without a tenth of its width and height. */
async function altered(page: Page, bytes: Buffer, random: Random): Promise<Buffer> {
  const change = {
    scale: 0.5 + 0.4 * random.uniform(),
    quality: 0.4 + 0.4 * random.uniform(),
    left: 0.1 * random.uniform(),
    top: 0.1 * random.uniform(),
  };
  const encoded = await page.evaluate(
    async ({ data, scale, quality, left, top }) => {
      const image = await createImageBitmap(await (await fetch(`data:image/jpeg;base64,${data}`)).blob());
      const [width, height] = [0.9 * image.width, 0.9 * image.height];
      const canvas = document.createElement('canvas');
      canvas.width = Math.round(width * scale);
      canvas.height = Math.round(height * scale);
      canvas
        .getContext('2d')
        ?.drawImage(image, left * image.width, top * image.height, width, height, 0, 0, canvas.width, canvas.height);
      return canvas.toDataURL('image/jpeg', quality);
    },
    { data: bytes.toString('base64'), ...change },
  );
  return fromDataUrl(encoded);
}

/** Text, charts, patterns: what else lies in a folder of photos. */
async function drawing(page: Page, kind: number, random: Random): Promise<Buffer> {
  const numbers = Array.from({ length: 200 }, () => random.uniform());
  const encoded = await page.evaluate(
    ({ which, values }) => {
      const canvas = document.createElement('canvas');
      canvas.width = canvas.height = 348;
      const context = canvas.getContext('2d');
      if (!context) return '';
      // tsx names functions by a helper that the page does not have: none is kept in a variable here.
      context.fillStyle = '#fff';
      context.fillRect(0, 0, 348, 348);
      context.fillStyle = '#222';
      const painters = [
        () => {
          context.font = '13px serif';
          for (let line = 0; line < 20; line++) {
            const words = Array.from({ length: 9 }, (_, i) =>
              Math.round((values[line * 9 + i] ?? 0) * 1e6).toString(36),
            );
            context.fillText(words.join(' '), 12, 24 + 16 * line);
          }
        },
        () => {
          for (let bar = 0; bar < 12; bar++) {
            context.fillStyle = `hsl(${bar * 30} 60% 50%)`;
            context.fillRect(20 + bar * 26, 320 - 280 * (values[bar] ?? 0), 20, 280 * (values[bar] ?? 0));
          }
        },
        () => {
          for (let x = 0; x < 12; x++)
            for (let y = 0; y < 12; y++) if ((x + y) % 2) context.fillRect(29 * x, 29 * y, 29, 29);
        },
        () => {
          context.lineWidth = 2;
          context.beginPath();
          for (let x = 0; x < 100; x++) context.lineTo(x * 3.5, 174 + 150 * ((values[x] ?? 0) - 0.5));
          context.stroke();
        },
        () => {
          for (let ring = 20; ring > 0; ring--) {
            context.fillStyle = ring % 2 ? '#c22' : '#fff';
            context.beginPath();
            context.arc(174, 174, ring * 8, 0, 7);
            context.fill();
          }
        },
      ];
      painters[which % painters.length]?.();
      // The second round has other colours and another place.
      if (which >= painters.length) {
        context.globalCompositeOperation = 'difference';
        context.fillStyle = `hsl(${360 * (values[7] ?? 0)} 80% 60%)`;
        context.fillRect(0, 0, 348, 348);
      }
      return canvas.toDataURL('image/jpeg', 0.9);
    },
    { which: kind, values: numbers },
  );
  return fromDataUrl(encoded);
}

const fromDataUrl = (url: string): Buffer => Buffer.from(url.slice(url.indexOf(',') + 1), 'base64');
