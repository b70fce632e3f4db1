import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import {
  imagesDigest,
  type ListedImage,
  type Manifest,
  openShard,
  partsOf,
  shardOf,
  shardPath,
  writePart,
} from '../../../../scripts/gallery/feature-folder.ts';
import { COLOUR_GRADIENT } from '../../../../src/models/colour-gradient.ts';

export const DIMENSIONS = COLOUR_GRADIENT.features;

export const MODEL = {
  architecture: 'colour-gradient',
  weights: 'colour-gradient',
  sha256: null,
  preprocessing: COLOUR_GRADIENT.preprocessing,
  features: 'colour-gradient@1/test',
  dimensions: DIMENSIONS,
} as const;

/** An empty folder that is deleted when the test ends. */
export async function emptyFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'likeness-test-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

export const imagesNamed = (count: number): ListedImage[] =>
  Array.from({ length: count }, (_, i) => ({
    path: `test/gallery/${i % 3}/${i}.jpg`,
    split: 'gallery',
    className: `class ${i % 3}`,
  }));

/** The features of image `path`: any will do, so long as they are its own. */
export function featuresOf(path: string): Float32Array<ArrayBuffer> {
  let state = [...path].reduce((hash, letter) => Math.imul(hash, 31) + letter.charCodeAt(0), 7);
  return Float32Array.from({ length: DIMENSIONS }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32 - 0.5;
  });
}

export const manifestOf = (images: readonly ListedImage[], shard: number, of: number): Manifest => ({
  version: 1,
  model: MODEL,
  half: false,
  shard,
  of,
  images: images.filter(({ path }) => shardOf(path, of) === shard).length,
  partRows: 4,
  dataset: { images: images.length, digest: imagesDigest(images) },
});

/** Writes all parts of a shard, as `npm run evaluate` does. */
export async function writeShard(
  folder: string,
  images: readonly ListedImage[],
  shard: number,
  of: number,
  change: Partial<Manifest> = {},
): Promise<string> {
  const manifest = { ...manifestOf(images, shard, of), ...change };
  const path = shardPath(folder, MODEL.architecture, shard, of);
  const opened = await openShard(path, manifest);
  const own = images.filter((image) => shardOf(image.path, of) === shard);
  for (let part = 0; part < partsOf(manifest); part++) {
    const some = own.slice(part * manifest.partRows, (part + 1) * manifest.partRows);
    const thumbnails = some.map((_, i) => new Uint8Array(i + 1).fill(i));
    await writePart(opened, {
      part: { version: 1, part, rows: some.length, images: imagesDigest(some), failures: [] },
      rows: some.map((image, i) => ({
        path: image.path,
        hash: (part * 100 + i + shard * 10_000).toString(16).padStart(64, '0'),
        class: image.className,
        split: image.split,
        thumbnail: i + 1,
      })),
      features: (async function* () {
        for (const image of some) yield featuresOf(image.path);
      })(),
      thumbnails: (async function* () {
        yield* thumbnails;
      })(),
    });
  }
  return path;
}
