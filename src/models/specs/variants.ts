/** How images may be shown to a network besides as its weights' authors did: at another size, and mirrored too. */
import type { Preprocessing } from './architecture.ts';
import { ARCHITECTURES, type ArchitectureName } from './architectures.ts';

/** An input size with the crop that belongs to it. */
export type SizeChoice = Pick<Preprocessing, 'size' | 'cropPct'>;

/** What a user may choose otherwise than the weights' own preprocessing has it. */
export interface Variant {
  /** Input size in pixels; null for the weights' own. */
  readonly size: number | null;
  /** Whether features are the mean of those of the image and of its mirror image. */
  readonly flip: boolean;
}

/** As the weights' authors have it. */
export const OWN: Variant = { size: null, flip: false };

/** Below it, convolutional networks have no pixel left at their end. */
const SMALLEST = 32;
/** Above it, one image's activations fill the memory that a tab gets. */
const LARGEST = 1024;

/**
 * What names a set of weights in a variant: the set's own name and what is chosen, `resnet50.tv_in1k@288`,
 * `resnet50.tv_in1k@flip`, `resnet50.tv_in1k@288-flip`.
 */
export function variantId(weightsId: string, { size, flip }: Variant): string {
  const chosen = [size, flip ? 'flip' : null].filter((part) => part !== null);
  return chosen.length === 0 ? weightsId : `${weightsId}@${chosen.join('-')}`;
}

/** The set's own name, and what is chosen where it names a variant. No set's own name has an @. */
export function partsOfId(id: string): { readonly weightsId: string } & Variant {
  const [, weightsId, size, flip] = /^(.+)@(?:(\d{1,4})(-flip)?|flip)$/.exec(id) ?? [];
  if (weightsId === undefined) return { weightsId: id, ...OWN };
  return { weightsId, size: size === undefined ? null : Number(size), flip: size === undefined || flip !== undefined };
}

/** "at 288, flip-averaged", for names; null of what is as the weights have it. */
export function variantWords({ size, flip }: Variant): string | null {
  const words = [size === null ? null : `at ${size}`, flip ? 'flip-averaged' : null].filter((part) => part !== null);
  return words.length === 0 ? null : words.join(', ');
}

/**
 * The preprocessing of a variant. Another size comes with the crop that the weights' authors name for it (`test_crop_pct`),
 * else with theirs.
 */
export function preprocessingOf(
  own: Preprocessing,
  { size, flip }: Variant,
  sizes: readonly SizeChoice[],
): Preprocessing {
  const named = sizes.find((choice) => choice.size === size);
  const sized = size === null ? own : { ...own, size, cropPct: named?.cropPct ?? own.cropPct };
  return flip ? { ...sized, flip: true } : sized;
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
