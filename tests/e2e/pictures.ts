import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Colour, encodePng } from './png.ts';

/** Kinds of picture that differ in colour and direction, each image a little noisy; `mixed`: neighbouring kinds overlap. */
export function picture(kind: number, number: number, mixed = false): Buffer {
  return encodePng(48, 48, (x, y) => colourAt(kind, number, mixed, x, y));
}

/** One picture beside another, each as `picture` makes it. */
export function pair(left: number, right: number, number: number): Buffer {
  return encodePng(96, 48, (x, y) => colourAt(x < 48 ? left : right, number, false, x % 48, y));
}

function colourAt(kind: number, number: number, mixed: boolean, x: number, y: number): Colour {
  const along = kind % 2 === 0 ? x : y;
  const wave = Math.sin((along + 3 * number) / (2 + kind)) > 0 ? 60 : 0;
  const noise = (x * 31 + y * 17 + number * 7) % 40;
  const drift = mixed ? 20 * ((number * 13) % 7) : 0;
  return [40 * kind + noise + drift, 120 + wave, Math.max(0, 220 - 30 * kind + noise - drift)];
}

export interface PictureCounts {
  readonly kinds: number;
  /** A kind. */
  readonly training: number;
  readonly query: number;
  readonly gallery: number;
  readonly mixed?: boolean;
}

/** A folder as a user would drop it: training, test/query and test/gallery, a folder a kind. */
export async function writePictures(folder: string, counts: PictureCounts): Promise<void> {
  for (let kind = 0; kind < counts.kinds; kind++) {
    const splits = {
      [`training/kind ${kind}`]: counts.training,
      [`test/query/kind ${kind}`]: counts.query,
      [`test/gallery/kind ${kind}`]: counts.gallery,
    };
    let number = 0;
    for (const [split, count] of Object.entries(splits)) {
      await mkdir(join(folder, split), { recursive: true });
      for (let i = 0; i < count; i++, number++) {
        await writeFile(join(folder, split, `${i}.png`), picture(kind, number, counts.mixed));
      }
    }
  }
}
