import { AppError } from '../errors.ts';
import type { CropFrame, Preprocessing } from '../types.ts';
import { type AxisTaps, plainResample, type Resample, type Strip, tapsFor } from './resample.ts';

/** Opaque pixels that can be read piece by piece, so that a large image is never held twice. */
export interface PixelSource {
  readonly width: number;
  readonly height: number;
  /** RGBA of the rectangle, row by row. Valid until the next call. */
  read(x: number, y: number, width: number, height: number): Uint8ClampedArray;
}

/** The part of a preprocessing that is done on 8-bit pixels. A border is coloured as the mean, which is needed only there. */
export type CropRule = Pick<Preprocessing, 'size' | 'cropPct' | 'cropMode' | 'interpolation'> &
  Partial<Pick<Preprocessing, 'mean'>>;

interface Axis extends AxisTaps {
  /** Pixels before the first position, where the resized image is smaller than the crop. */
  readonly padding: number;
}

/** Pixels read at a time: 4 MB of RGBA. */
const STRIP_PIXELS = 2 ** 20;

/**
 * Width and height after resizing. The shorter side becomes floor(size / cropPct) and the longer one follows in proportion,
 * truncated; with `border` it is the longer side, and both are rounded; with `squash` both become that, whatever they were.
 */
export function resizedSize(width: number, height: number, rule: CropRule): [number, number] {
  const target = Math.floor(rule.size / rule.cropPct);
  if (rule.cropMode === 'squash') return [target, target];
  if (rule.cropMode === 'border') {
    const ratio = Math.max(width, height) / target;
    return [Math.max(1, roundHalfEven(width / ratio)), Math.max(1, roundHalfEven(height / ratio))];
  }
  return width <= height
    ? [target, Math.trunc((target * height) / width)]
    : [Math.trunc((target * width) / height), target];
}

/**
 * Resizes and crops as timm's evaluation transforms do with Pillow images: `Resize` and `CenterCrop`; for `border`
 * `ResizeKeepRatio` and `CenterCropOrPad`. The same numbers, but only the rows and columns that the crop shows are
 * computed. Writes [size, size, 3] RGB to `out` from `at` on, where zeros must be: parts outside the image stay black, or
 * get the mean's colour with `border`. `source` is only read.
 * @throws AppError 'bad-argument' for a border without a mean.
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
  if (rule.cropMode === 'border') fillWith(rule, out, at);
  const corner = at + (down.padding * rule.size + across.padding) * 3;
  resample(strips(source, across, down), across, down, out, corner, rule.size * 3);
}

function fillWith({ mean, size }: CropRule, out: Uint8ClampedArray, at: number): void {
  if (!mean) throw new AppError('bad-argument', 'A border takes the mean as its colour.');
  const colour = mean.map((value) => roundHalfEven(255 * value));
  for (let i = 0; i < 3 * size * size; i++) out[at + i] = colour[i % 3] ?? 0;
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

/** Shares are sums of decimal fractions: so much over the edge is rounding. */
const SLACK = 1e-6;

/** Whether it is a rectangle with an inside, within the image. */
export function isFrame({ x, y, width, height }: CropFrame): boolean {
  const axis = (start: number, length: number) => start >= 0 && length > 0 && start + length <= 1 + SLACK;
  return axis(x, width) && axis(y, height);
}

/** The frame in whole pixels of an image of that size: at least one, all inside. */
export function framePixels(frame: CropFrame, width: number, height: number): CropFrame {
  const [x, across] = axisPixels(frame.x, frame.width, width);
  const [y, down] = axisPixels(frame.y, frame.height, height);
  return { x, y, width: across, height: down };
}

function axisPixels(start: number, length: number, pixels: number): [first: number, count: number] {
  const first = Math.min(pixels - 1, Math.max(0, Math.round(start * pixels)));
  const end = Math.min(pixels, Math.max(first + 1, Math.round((start + length) * pixels)));
  return [first, end - first];
}

/** The part of `source` inside the frame, as a picture of its own. Nothing is copied; `source` is only read. */
export function framed(source: PixelSource, frame: CropFrame): PixelSource {
  const { x, y, width, height } = framePixels(frame, source.width, source.height);
  return { width, height, read: (left, top, across, down) => source.read(x + left, y + top, across, down) };
}
