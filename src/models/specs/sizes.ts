import type { Preprocessing } from './architecture.ts';
import { ARCHITECTURES, type ArchitectureName } from './architectures.ts';

/** An input size with the crop that belongs to it. */
export type SizeChoice = Pick<Preprocessing, 'size' | 'cropPct'>;

/** Below it, convolutional networks have no pixel left at their end. */
const SMALLEST = 32;
/** Above it, one image's activations fill the memory that a tab gets. */
const LARGEST = 1024;

/** What names a set of weights at an input size that the user chose: the set's own name and the size, `resnet50.tv_in1k@288`. */
export const sizedId = (weightsId: string, size: number): string => `${weightsId}@${size}`;

/** The set's own name, and the size where it names one. No set's own name has an @. */
export function partsOfId(id: string): { weightsId: string; size: number | null } {
  const [, weightsId, size] = /^(.+)@(\d{1,4})$/.exec(id) ?? [];
  return weightsId === undefined ? { weightsId: id, size: null } : { weightsId, size: Number(size) };
}

/**
 * The preprocessing for another input size: with the crop that the weights' authors name for it (`test_crop_pct`), else as
 * it is.
 */
export function atSize(preprocessing: Preprocessing, size: number, sizes: readonly SizeChoice[]): Preprocessing {
  const named = sizes.find((choice) => choice.size === size);
  return { ...preprocessing, size, cropPct: named?.cropPct ?? preprocessing.cropPct };
}

/** Why a network does not take square images of that many pixels, as a clause; null where it does. */
export function sizeProblem(architecture: ArchitectureName, size: number): string | null {
  const { label, network } = ARCHITECTURES[architecture];
  if (!Number.isInteger(size) || size < SMALLEST || size > LARGEST) {
    return `${label} takes images of ${SMALLEST} to ${LARGEST} pixels a side`;
  }
  if (network.family === 'vit' && size % network.patch !== 0) {
    return `${label} takes multiples of ${network.patch} pixels`;
  }
  return null;
}
