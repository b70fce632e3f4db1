import { cellShares } from './colour-gradient-cells.ts';

/** Cells a side: where in the picture a colour is. */
const GRID = 2;
/** Bins of hue and of lightness for coloured pixels, of lightness alone for grey ones. */
const HUES = 32;
const LIGHTS = 6;
const GREYS = 8;
/** OKLab chroma from which a pixel counts as fully coloured; below, it is shared with the greys (hue is noise there). */
const FULL_CHROMA = 0.1;
const BINS = HUES * LIGHTS + GREYS;
const STRIDE = GRID * BINS;

export const COLOUR_FEATURES = GRID * GRID * BINS;

/** sRGB byte → linear light (IEC 61966-2-1). */
const LINEAR = Float64Array.from({ length: 256 }, (_, byte) => {
  const value = byte / 255;
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
});

/**
 * Writes an image's spatial colour histogram to `out` ([GRID, GRID, BINS], zero before). Every block of 2 × 2 pixels
 * gives one colour in OKLab (Ottosson 2020), shared out linearly between neighbouring bins and cells; then the square
 * root of each cell's shares is taken (Hellinger), so that the dot product of two cells is their Bhattacharyya
 * coefficient. `image` is [size, size, 3] RGB.
 */
export function colourHistogram(image: Uint8Array, size: number, out: Float32Array): void {
  const half = size >> 1;
  const { first, share } = cellShares(half, GRID);
  const add = (at: number, amount: number) => {
    out[at] = (out[at] ?? 0) + amount;
  };
  for (let y = 0; y < half; y += 1) {
    const down = share[y] ?? 0;
    for (let x = 0; x < half; x += 1) {
      const at = 2 * (y * size + x) * 3;
      const below = at + size * 3;
      const r = blockMean(image, at, below);
      const g = blockMean(image, at + 1, below + 1);
      const b = blockMean(image, at + 2, below + 2);
      const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
      const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
      const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
      const light = Math.min(1, 0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s);
      const redGreen = 1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s;
      const blueYellow = 0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s;

      const coloured = Math.min(1, Math.sqrt(redGreen * redGreen + blueYellow * blueYellow) / FULL_CHROMA);
      const hue = (Math.atan2(blueYellow, redGreen) / (2 * Math.PI) + 1) * HUES;
      const hue0 = Math.floor(hue);
      const hueShare = hue - hue0;
      const lowHue = (hue0 % HUES) * LIGHTS;
      const highHue = ((hue0 + 1) % HUES) * LIGHTS;
      const tone = light * (LIGHTS - 1);
      const tone0 = Math.min(LIGHTS - 2, Math.floor(tone));
      const grey = light * (GREYS - 1);
      const grey0 = Math.min(GREYS - 2, Math.floor(grey));

      const right = share[x] ?? 0;
      const cell = (first[y] ?? 0) * STRIDE + (first[x] ?? 0) * BINS;
      for (let corner = 0; corner < 4; corner += 1) {
        const weight = (corner & 2 ? down : 1 - down) * (corner & 1 ? right : 1 - right);
        if (weight === 0) continue;
        const bins = cell + (corner & 2 ? STRIDE : 0) + (corner & 1 ? BINS : 0);
        const inColour = weight * coloured;
        const high = inColour * (tone - tone0);
        const low = inColour - high;
        add(bins + lowHue + tone0, low * (1 - hueShare));
        add(bins + lowHue + tone0 + 1, high * (1 - hueShare));
        add(bins + highHue + tone0, low * hueShare);
        add(bins + highHue + tone0 + 1, high * hueShare);
        const inGrey = weight - inColour;
        const upper = inGrey * (grey - grey0);
        add(bins + HUES * LIGHTS + grey0, inGrey - upper);
        add(bins + HUES * LIGHTS + grey0 + 1, upper);
      }
    }
  }
  for (let cell = 0; cell < COLOUR_FEATURES; cell += BINS) toHellinger(out.subarray(cell, cell + BINS));
}

/** Mean linear light of one channel over 2 × 2 pixels; `at` and `below` are its upper and lower left samples. */
function blockMean(image: Uint8Array, at: number, below: number): number {
  const sum =
    (LINEAR[image[at] ?? 0] ?? 0) +
    (LINEAR[image[at + 3] ?? 0] ?? 0) +
    (LINEAR[image[below] ?? 0] ?? 0) +
    (LINEAR[image[below + 3] ?? 0] ?? 0);
  return sum / 4;
}

function toHellinger(bins: Float32Array): void {
  let sum = 0;
  for (const value of bins) sum += value;
  for (let i = 0; i < bins.length; i += 1) bins[i] = Math.sqrt((bins[i] ?? 0) / sum);
}
