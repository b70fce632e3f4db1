import { fnv1a } from '../math/fnv.ts';
import type { Gallery } from './vector-index.ts';

/** Rows that are bit-identical, lower row first. */
export interface DuplicateGroups {
  /** The first row of each group, ascending. */
  readonly representatives: Int32Array;
  /** All rows of the group whose first row is `representative`, ascending, itself included. */
  rowsOf(representative: number): readonly number[];
}

/** Groups equal rows of a gallery, in one pass over the numbers' bits. */
export function groupDuplicates({ embeddings, dimensions, rows }: Gallery): DuplicateGroups {
  const bits = new Uint32Array(embeddings.buffer, embeddings.byteOffset, embeddings.length);
  const byHash = new Map<number, number[]>();
  const further = new Map<number, number[]>();
  const representatives: number[] = [];
  for (let row = 0; row < rows; row++) {
    const start = row * dimensions;
    const hash = fnv1a(bits, start, start + dimensions);
    const candidates = byHash.get(hash);
    const same = candidates?.find((other) => areEqual(bits, other * dimensions, start, dimensions));
    if (same !== undefined) {
      const group = further.get(same);
      if (group) group.push(row);
      else further.set(same, [same, row]);
      continue;
    }
    representatives.push(row);
    if (candidates) candidates.push(row);
    else byHash.set(hash, [row]);
  }
  return {
    representatives: Int32Array.from(representatives),
    rowsOf: (representative) => further.get(representative) ?? [representative],
  };
}

function areEqual(bits: Uint32Array, a: number, b: number, length: number): boolean {
  for (let i = 0; i < length; i++) if (bits[a + i] !== bits[b + i]) return false;
  return true;
}
