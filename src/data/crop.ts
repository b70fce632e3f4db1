import type { Preprocessing } from '../types.ts';
import { type AxisTaps, plainResample, type Resample, type Strip } from './resample.ts';
import { tapsFor } from './resample-taps.ts';

/** Opaque pixels that can be read piece by piece, so that a large image is never held twice. */
export interface PixelSource {
  readonly width: number;
  readonly height: number;
  /** RGBA of the rectangle, row by row. Valid until the next call. */
  read(x: number, y: number, width: number, height: number): Uint8ClampedArray;
}

export type CropRule = Pick<Preprocessing, 'size' | 'cropPct' | 'interpolation'>;

interface Axis extends AxisTaps {
  /** Black pixels before the first position, where the resized image is smaller than the crop. */
  readonly padding: number;
}

/** Pixels read at a time: 4 MB of RGBA. */
const STRIP_PIXELS = 2 ** 20;

/** Width and height after resizing: the shorter side floor(size / cropPct), the longer one in proportion, truncated. */
export function resizedSize(width: number, height: number, rule: CropRule): [number, number] {
  const shorter = Math.floor(rule.size / rule.cropPct);
  return width <= height
    ? [shorter, Math.trunc((shorter * height) / width)]
    : [Math.trunc((shorter * width) / height), shorter];
}

/**
 * Resizes and centre-crops as torchvision does with Pillow images (`Resize(floor(size / cropPct), antialias)`,
 * `CenterCrop(size)`): the same numbers, but only the rows and columns that the crop shows are computed. Writes
 * [size, size, 3] RGB to `out` from `at` on, where zeros must be: parts outside the image stay black. `source` is only read.
 */
export function cropInto(
  source: PixelSource,
  rule: CropRule,
  out: Uint8ClampedArray,
  at: number,
  resample: Resample = plainResample,
): void {
  const [resizedWidth, resizedHeight] = resizedSize(source.width, source.height, rule);
  const across = planAxis(source.width, resizedWidth, rule);
  const down = planAxis(source.height, resizedHeight, rule);
  const corner = at + (down.padding * rule.size + across.padding) * 3;
  resample(strips(source, across, down), across, down, out, corner, rule.size * 3);
}

function* strips(source: PixelSource, across: Axis, down: Axis): Generator<Strip, void> {
  const width = across.end - across.start;
  const stripRows = Math.max(1, Math.floor(STRIP_PIXELS / width));
  for (let y = down.start; y < down.end; y += stripRows) {
    const rows = Math.min(stripRows, down.end - y);
    yield { pixels: source.read(across.start, y, width, rows), rows };
  }
}

function planAxis(length: number, resized: number, { size, interpolation }: CropRule): Axis {
  const offset = Math.max(0, roundHalfEven((resized - size) / 2));
  const padding = Math.max(0, Math.floor((size - resized) / 2));
  const taps = tapsFor(length, resized, offset, Math.min(size, resized), interpolation);
  const last = taps.starts.length - 1;
  return { padding, taps, start: taps.starts[0] ?? 0, end: (taps.starts[last] ?? 0) + (taps.counts[last] ?? 0) };
}

/** As Python's round(). */
function roundHalfEven(value: number): number {
  const below = Math.floor(value);
  if (value - below !== 0.5) return Math.round(value);
  return below % 2 === 0 ? below : below + 1;
}
