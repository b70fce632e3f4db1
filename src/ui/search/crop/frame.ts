/** The geometry of the crop frame, in shares of the picture's sides. */
import type { CropFrame } from '../../../types.ts';
import { wholePercent } from '../../format.ts';

export const WHOLE: CropFrame = { x: 0, y: 0, width: 1, height: 1 };

/** If smaller, its corners would overlap, and there would be little left to recognise. */
export const SMALLEST = 0.1;

/** So near the edge is at the edge: less than a pixel of a picture on the screen. */
const SLACK = 1e-3;

/** Which edges go along when something of the frame is dragged; none moves it. */
export interface Edges {
  readonly left?: true;
  readonly right?: true;
  readonly top?: true;
  readonly bottom?: true;
}

const clamp = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value));

export function isWhole({ x, y, width, height }: CropFrame): boolean {
  return x < SLACK && y < SLACK && width > 1 - SLACK && height > 1 - SLACK;
}

/** Whether it is a frame that could have been drawn here. */
export function isInside({ x, y, width, height }: CropFrame): boolean {
  const axis = (start: number, length: number) =>
    start >= 0 && length >= SMALLEST - SLACK && start + length <= 1 + SLACK;
  return axis(x, width) && axis(y, height);
}

/** Moved by shares of the picture, as far as the picture goes. */
export function movedBy(frame: CropFrame, dx: number, dy: number): CropFrame {
  return { ...frame, x: clamp(frame.x + dx, 0, 1 - frame.width), y: clamp(frame.y + dy, 0, 1 - frame.height) };
}

/** Those edges moved by shares of the picture; the opposite ones stay. */
export function resizedBy(frame: CropFrame, edges: Edges, dx: number, dy: number): CropFrame {
  const [x, width] = resizedAxis(frame.x, frame.width, edges.left, edges.right, dx);
  const [y, height] = resizedAxis(frame.y, frame.height, edges.top, edges.bottom, dy);
  return { x, y, width, height };
}

function resizedAxis(
  start: number,
  length: number,
  movesStart: true | undefined,
  movesEnd: true | undefined,
  by: number,
): [start: number, length: number] {
  const end = start + length;
  if (movesStart) {
    const moved = clamp(start + by, 0, end - SMALLEST);
    return [moved, end - moved];
  }
  if (movesEnd) return [start, clamp(end + by, start + SMALLEST, 1) - start];
  return [start, length];
}

/** What one press of an arrow key moves. */
const STEP = 0.02;

const arrows: Readonly<Record<string, readonly [dx: number, dy: number]>> = {
  ArrowLeft: [-STEP, 0],
  ArrowRight: [STEP, 0],
  ArrowUp: [0, -STEP],
  ArrowDown: [0, STEP],
};

/** Arrow keys move the frame; with Shift its right and lower edges. Null for other keys. */
export function afterKey(frame: CropFrame, key: string, shift: boolean): CropFrame | null {
  const arrow = arrows[key];
  if (arrow === undefined) return null;
  return shift ? resizedBy(frame, { right: true, bottom: true }, ...arrow) : movedBy(frame, ...arrow);
}

/** The square in the middle of the frame that the network sees; all of the frame where `cropPct` is null. */
export function seenPart(
  frame: CropFrame,
  cropPct: number | null,
  picture: { readonly width: number; readonly height: number },
): CropFrame {
  if (cropPct === null) return frame;
  const side = Math.min(frame.width * picture.width, frame.height * picture.height) * cropPct;
  const [width, height] = [side / picture.width, side / picture.height];
  return { x: frame.x + (frame.width - width) / 2, y: frame.y + (frame.height - height) / 2, width, height };
}

/** For those who do not see it. */
export function frameWords(frame: CropFrame | null): string {
  if (frame === null || isWhole(frame)) return 'Whole image';
  const percent = (share: number) => `${wholePercent(share + SLACK)} %`;
  return `${percent(frame.width)} of the width and ${percent(frame.height)} of the height, ${percent(frame.x)} from the left and ${percent(frame.y)} from the top`;
}
