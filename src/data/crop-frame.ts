import type { CropFrame } from '../types.ts';
import type { PixelSource } from './crop.ts';

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
