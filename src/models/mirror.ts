import type { Extractor } from './extractor.ts';

/**
 * The extractor whose features are the mean of those of each crop and of its mirror image, in float32: those of a mirror image are
 * the same, bit for bit, as far as the extractor's do not depend on the rest of a batch. It takes two passes.
 */
export function withMirrorImages(extractor: Extractor, size: number): Extractor {
  return {
    async features(pixels, n) {
      const features = await extractor.features(pixels, n);
      const mirrored = await extractor.features(mirrorImages(pixels, size), n);
      for (let i = 0; i < features.length; i++) {
        features[i] = ((features[i] as number) + (mirrored[i] as number)) / 2;
      }
      return features;
    },
    dispose: () => extractor.dispose(),
  };
}

/** Left and right exchanged, of [n, size, size, 3] RGB; a fresh array that the caller owns. */
export function mirrorImages(pixels: Uint8Array, size: number): Uint8Array<ArrayBuffer> {
  const mirrored = new Uint8Array(pixels.length);
  const rowLength = 3 * size;
  for (let start = 0; start < pixels.length; start += rowLength) {
    for (let x = 0; x < rowLength; x += 3) {
      const [from, to] = [start + x, start + rowLength - 3 - x];
      mirrored[to] = pixels[from] as number;
      mirrored[to + 1] = pixels[from + 1] as number;
      mirrored[to + 2] = pixels[from + 2] as number;
    }
  }
  return mirrored;
}
