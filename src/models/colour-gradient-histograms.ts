/** Cells a side: where in the picture a colour is. */
const COLOUR_GRID = 2;
/** Bins of hue and of lightness for coloured pixels, of lightness alone for grey ones. */
const HUES = 32;
const LIGHTS = 6;
const GREYS = 8;
/** OKLab chroma from which a pixel counts as fully coloured; below, it is shared with the greys (hue is noise there). */
const FULL_CHROMA = 0.1;
const BINS = HUES * LIGHTS + GREYS;
const STRIDE = COLOUR_GRID * BINS;

export const COLOUR_FEATURES = COLOUR_GRID * COLOUR_GRID * BINS;

/** sRGB byte → linear light (IEC 61966-2-1). */
const LINEAR = Float64Array.from({ length: 256 }, (_, byte) => {
  const value = byte / 255;
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
});

/**
 * Writes an image's spatial colour histogram to `out` ([COLOUR_GRID, COLOUR_GRID, BINS], zero before). Every block of
 * 2 × 2 pixels gives one colour in OKLab (Ottosson 2020), shared out linearly between neighbouring bins and cells; then
 * the square root of each cell's shares is taken (Hellinger), so that the dot product of two cells is their
 * Bhattacharyya coefficient. `image` is [size, size, 3] RGB.
 */
export function colourHistogram(image: Uint8Array, size: number, out: Float32Array): void {
  const half = size >> 1;
  const { first, share } = cellShares(half, COLOUR_GRID);
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

interface CellShares {
  /** The nearer cell towards zero of each position; its neighbour is the next one. */
  readonly first: Int32Array;
  /** Share of each position that belongs to that neighbour, 0–1; the rest belongs to the first. */
  readonly share: Float64Array;
}

/**
 * Shares `length` positions out between `cells` cells in a row, linearly between the two nearest cell centres
 * (whole beyond the outermost centres), so that a picture moved by a pixel changes the histograms only a little.
 */
function cellShares(length: number, cells: number): CellShares {
  const first = new Int32Array(length);
  const share = new Float64Array(length);
  for (let i = 0; i < length; i += 1) {
    const at = Math.min(Math.max(((i + 0.5) * cells) / length - 0.5, 0), cells - 1);
    const cell = Math.min(Math.floor(at), cells - 2);
    first[i] = cell;
    share[i] = at - cell;
  }
  return { first, share };
}

/** Cells a side, and orientations over half a turn: a bright edge on dark counts as a dark one on bright. */
const GRADIENT_GRID = 4;
const ORIENTATIONS = 12;
/** L2-Hys: no orientation may dominate its block. */
const CLIP = 0.2;
/** Mean gradient length (of values 0–1) below which a block counts as flat: its noise is not blown up to full strength. */
const FLOOR = 1e-2;

export const GRADIENT_FEATURES = GRADIENT_GRID * GRADIENT_GRID * ORIENTATIONS;

/**
 * Writes an image's histograms of oriented gradients to `out` ([GRADIENT_GRID, GRADIENT_GRID, ORIENTATIONS], zero before;
 * Dalal & Triggs 2005). Central differences of the square root of the luma, shared out linearly between neighbouring orientations and
 * cells. Each cell is normalised (L2-Hys) within each block of 2 × 2 cells that holds it, and the results are averaged,
 * as Felzenszwalb et al. 2010 reduce them: a quarter of the length, about the same accuracy. `image` is [size, size, 3] RGB.
 */
export function gradientHistogram(image: Uint8Array, size: number, out: Float32Array): void {
  const cells = orientationCells(sqrtLuma(image, size), size >> 1);
  for (let y = 0; y < GRADIENT_GRID - 1; y += 1) {
    for (let x = 0; x < GRADIENT_GRID - 1; x += 1) addBlock(cells, y * GRADIENT_GRID + x, out);
  }
  for (let y = 0; y < GRADIENT_GRID; y += 1) {
    for (let x = 0; x < GRADIENT_GRID; x += 1) {
      const blocks = (y % (GRADIENT_GRID - 1) === 0 ? 1 : 2) * (x % (GRADIENT_GRID - 1) === 0 ? 1 : 2);
      const at = (y * GRADIENT_GRID + x) * ORIENTATIONS;
      for (let i = at; i < at + ORIENTATIONS; i += 1) out[i] = (out[i] ?? 0) / blocks;
    }
  }
}

/** [size / 2, size / 2], 0–1: blocks of 2 × 2 pixels. The square root evens out edges in light and shade. */
function sqrtLuma(image: Uint8Array, size: number): Float32Array {
  const half = size >> 1;
  const luma = new Float32Array(half * half);
  for (let y = 0; y < half; y += 1) {
    for (let x = 0; x < half; x += 1) {
      const at = 2 * (y * size + x) * 3;
      const sum = pairLuma(image, at) + pairLuma(image, at + size * 3);
      luma[y * half + x] = Math.sqrt(sum / (4 * 255));
    }
  }
  return luma;
}

/** Luma (Rec. 601) of a pixel and its right neighbour, added. */
function pairLuma(image: Uint8Array, at: number): number {
  const r = (image[at] ?? 0) + (image[at + 3] ?? 0);
  const g = (image[at + 1] ?? 0) + (image[at + 4] ?? 0);
  const b = (image[at + 2] ?? 0) + (image[at + 5] ?? 0);
  return 0.299 * r + 0.587 * g + 0.114 * b;
}

/** [GRADIENT_GRID, GRADIENT_GRID, ORIENTATIONS]: mean gradient length a pixel of the cell, by orientation. */
function orientationCells(luma: Float32Array, size: number): Float64Array {
  const cells = new Float64Array(GRADIENT_FEATURES);
  const { first, share } = cellShares(size, GRADIENT_GRID);
  const perPixel = (GRADIENT_GRID / size) ** 2;
  const add = (at: number, amount: number) => {
    cells[at] = (cells[at] ?? 0) + amount;
  };
  for (let y = 1; y < size - 1; y += 1) {
    const down = share[y] ?? 0;
    for (let x = 1; x < size - 1; x += 1) {
      const at = y * size + x;
      const dx = (luma[at + 1] ?? 0) - (luma[at - 1] ?? 0);
      const dy = (luma[at + size] ?? 0) - (luma[at - size] ?? 0);
      if (dx === 0 && dy === 0) continue;
      const length = Math.sqrt(dx * dx + dy * dy) * perPixel;
      const turn = (Math.atan2(dy, dx) / Math.PI + 1) * ORIENTATIONS;
      const turn0 = Math.floor(turn);
      const low = turn0 % ORIENTATIONS;
      const high = (turn0 + 1) % ORIENTATIONS;
      const toHigh = length * (turn - turn0);
      const toLow = length - toHigh;
      const right = share[x] ?? 0;
      const cell = ((first[y] ?? 0) * GRADIENT_GRID + (first[x] ?? 0)) * ORIENTATIONS;
      for (let corner = 0; corner < 4; corner += 1) {
        const weight = (corner & 2 ? down : 1 - down) * (corner & 1 ? right : 1 - right);
        const bins = cell + (corner & 2 ? GRADIENT_GRID * ORIENTATIONS : 0) + (corner & 1 ? ORIENTATIONS : 0);
        add(bins + low, weight * toLow);
        add(bins + high, weight * toHigh);
      }
    }
  }
  return cells;
}

/** Adds the four cells of the block whose upper left cell is `corner`, normalised together, to `out`. */
function addBlock(cells: Float64Array, corner: number, out: Float32Array): void {
  const starts = [corner, corner + 1, corner + GRADIENT_GRID, corner + GRADIENT_GRID + 1];
  const block = starts.flatMap((cell) => [...cells.subarray(cell * ORIENTATIONS, (cell + 1) * ORIENTATIONS)]);
  const clipped = normalised(block, FLOOR ** 2).map((value) => Math.min(value, CLIP));
  normalised(clipped, 0).forEach((value, i) => {
    const at = (starts[Math.floor(i / ORIENTATIONS)] ?? 0) * ORIENTATIONS + (i % ORIENTATIONS);
    out[at] = (out[at] ?? 0) + value;
  });
}

function normalised(values: readonly number[], floor: number): number[] {
  let squares = floor;
  for (const value of values) squares += value * value;
  const length = Math.sqrt(squares);
  return length === 0 ? [...values] : values.map((value) => value / length);
}
