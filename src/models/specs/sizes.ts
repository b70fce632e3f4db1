import { ARCHITECTURES, type ArchitectureName } from './architectures.ts';

/** Below it, convolutional networks have no pixel left at their end. */
const SMALLEST = 32;
/** Above it, one image's activations fill the memory that a tab gets. */
const LARGEST = 1024;

/** Why a network does not take square images of so many pixels, as a clause; null where it does. */
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
