import type { Weights } from '../../types.ts';
import { formatBytes } from '../format.ts';

/** Where a set of weights comes from. */
export function originOf({ id, origin, repository }: Weights): string {
  switch (origin) {
    case 'built-in':
      return 'built in';
    case 'origin':
      return `this app’s server: ${id}`;
    case 'hub':
      return repository === null ? 'Hugging Face hub' : `Hugging Face hub: ${repository}`;
    case 'local':
      return `your file: ${id}`;
  }
}

/** "BSD-3-Clause, from this app’s server". */
export function provenanceOf(weights: Weights): string {
  const licence = weights.licence ?? (weights.origin === 'built-in' ? null : 'licence unknown');
  return [licence, originOf(weights)].filter((part) => part !== null).join(' · ');
}

export function sizeOf({ bytes }: Weights): string {
  if (bytes === null) return 'size unknown';
  return bytes === 0 ? 'no download' : formatBytes(bytes);
}
