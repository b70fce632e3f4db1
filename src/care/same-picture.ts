/** Side of the small grey pictures that are compared. */
export const GREY_SIDE = 64;
/** The same for a first look: blocks of 4 × 4 pixels, and one sample for each 2 × 2 of them. */
const BLOCK = 4;
const COARSE_SAMPLES = 8;
const FINE_SAMPLES = 32;
/** Shares of a side that a crop may keep, and the steps of its place. */
const CROPS = [1, 0.95, 0.9, 0.85, 0.8] as const;
const STEP = 0.05;
/** Below it on the first look, pictures are not one. */
const PROMISING = 0.75;
/** Steps by which the best crop is made better, down to a third of a pixel. */
const FINER = [0.025, 0.0125, 0.006] as const;
const LEAST_SHARE = 0.78;

/**
 * Whether two pictures are one, also where one is a crop of the other that keeps at least four fifths of each side, smaller,
 * compressed again or in other light: the greatest correlation of their brightness over such crops, between −1 and 1. `a` and
 * `b` are grey pictures [64, 64], stretched to the square. Places of edges tell photos of one thing apart that an embedding
 * takes for the same. Where the first look, at an eighth of the resolution, stays below 0.75, that is what is returned.
 */
export function correlationOfCrops(a: Float32Array, b: Float32Array): number {
  return Math.max(correlationInside(a, b), correlationInside(b, a));
}

/** A square of a picture: its corner and side in shares of the whole. */
interface Crop {
  readonly x: number;
  readonly y: number;
  readonly share: number;
}

const WHOLE: Crop = { x: 0, y: 0, share: 1 };

/** Over the places where `inner` may lie in `outer`. */
function correlationInside(outer: Float32Array, inner: Float32Array): number {
  const coarse = matcher(blocks(outer), blocks(inner), GREY_SIDE / BLOCK, COARSE_SAMPLES);
  let best = { crop: WHOLE, value: -1 };
  for (const share of CROPS) {
    for (let y = 0; y <= 1 - share + 1e-9; y += STEP) {
      for (let x = 0; x <= 1 - share + 1e-9; x += STEP) {
        const crop = { x, y, share };
        const value = coarse(crop);
        if (value > best.value) best = { crop, value };
      }
    }
  }
  if (best.value < PROMISING) return best.value;
  const fine = matcher(outer, inner, GREY_SIDE, FINE_SAMPLES);
  best = { crop: best.crop, value: fine(best.crop) };
  for (const step of FINER) {
    for (let moved = true; moved; ) {
      moved = false;
      for (const crop of around(best.crop, step)) {
        const value = fine(crop);
        if (value <= best.value) continue;
        best = { crop, value };
        moved = true;
      }
    }
  }
  return best.value;
}

function around({ x, y, share }: Crop, step: number): Crop[] {
  const changed = [
    { x: x - step, y, share },
    { x: x + step, y, share },
    { x, y: y - step, share },
    { x, y: y + step, share },
    { x: x + step / 2, y: y + step / 2, share: share - step },
    { x: x - step / 2, y: y - step / 2, share: share + step },
  ];
  return changed.filter((crop) => {
    const free = 1 - crop.share + 1e-9;
    return (
      crop.share >= LEAST_SHARE &&
      crop.share <= 1 + 1e-9 &&
      crop.x >= 0 &&
      crop.y >= 0 &&
      crop.x <= free &&
      crop.y <= free
    );
  });
}

/** Correlates crops of one picture with all of another, both [side, side]. */
function matcher(outer: Float32Array, inner: Float32Array, side: number, samples: number): (crop: Crop) => number {
  const wanted = sampled(inner, side, WHOLE, new Float32Array(samples * samples));
  const found = new Float32Array(samples * samples);
  return (crop) => correlation(wanted, sampled(outer, side, crop, found));
}

/** Means of blocks. */
function blocks(picture: Float32Array): Float32Array {
  const side = GREY_SIDE / BLOCK;
  const means = new Float32Array(side * side);
  for (let at = 0; at < picture.length; at++) {
    const [row, column] = [Math.floor(at / GREY_SIDE / BLOCK), Math.floor((at % GREY_SIDE) / BLOCK)];
    means[row * side + column] = (means[row * side + column] as number) + (picture[at] as number) / BLOCK ** 2;
  }
  return means;
}

/** Brightness on a grid over a crop; between pixels linear. */
function sampled(
  picture: Float32Array,
  side: number,
  { x: left, y: top, share }: Crop,
  into: Float32Array,
): Float32Array {
  const samples = Math.sqrt(into.length);
  const last = side - 1;
  for (let row = 0; row < samples; row++) {
    const y = Math.min(last, Math.max(0, (top + (share * (row + 0.5)) / samples) * side - 0.5));
    const y0 = Math.min(last - 1, Math.floor(y));
    const fy = y - y0;
    for (let column = 0; column < samples; column++) {
      const x = Math.min(last, Math.max(0, (left + (share * (column + 0.5)) / samples) * side - 0.5));
      const x0 = Math.min(last - 1, Math.floor(x));
      const fx = x - x0;
      const at = y0 * side + x0;
      const upper = (picture[at] as number) * (1 - fx) + (picture[at + 1] as number) * fx;
      const lower = (picture[at + side] as number) * (1 - fx) + (picture[at + side + 1] as number) * fx;
      into[row * samples + column] = upper * (1 - fy) + lower * fy;
    }
  }
  return into;
}

/** Pearson's; 0 where one of both is even. */
function correlation(a: Float32Array, b: Float32Array): number {
  const n = a.length;
  let sumA = 0;
  let sumB = 0;
  let sumAA = 0;
  let sumBB = 0;
  let sumAB = 0;
  for (let i = 0; i < n; i++) {
    const x = a[i] as number;
    const y = b[i] as number;
    sumA += x;
    sumB += y;
    sumAA += x * x;
    sumBB += y * y;
    sumAB += x * y;
  }
  const spread = (sumAA - (sumA * sumA) / n) * (sumBB - (sumB * sumB) / n);
  return spread <= 1e-9 ? 0 : (sumAB - (sumA * sumB) / n) / Math.sqrt(spread);
}
