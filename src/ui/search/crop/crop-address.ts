/** The crop frame in the address: `crop=0.25,0,0.5,1`, as x, y, width and height. */
import type { CropFrame } from '../../../types.ts';
import { isInside } from './frame.ts';

/** Finer than a pixel of any picture on a screen. */
const DIGITS = 4;

/** Null where it is none that could have been drawn. */
export function parseCrop(text: string | null): CropFrame | null {
  const [x = -1, y = -1, width = 0, height = 0, ...more] = (text ?? '').split(',').map(Number);
  const frame = { x, y, width, height };
  return more.length === 0 && isInside(frame) ? frame : null;
}

export function writeCrop({ x, y, width, height }: CropFrame): string {
  return [x, y, width, height].map((share) => Number(share.toFixed(DIGITS))).join();
}

export function sameCrop(a: CropFrame | null, b: CropFrame | null): boolean {
  return (a && writeCrop(a)) === (b && writeCrop(b));
}
