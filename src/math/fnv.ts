/** FNV-1a's offset basis for 32 bits. */
const BASIS = 0x811c9dc5;
const PRIME = 0x01000193;

/**
 * 32-bit FNV-1a (Fowler, Noll, Vo) over `words[start … end)`, each of at most 32 bits and taken whole: of bytes it is the
 * published function. `seed` is what the words before came to. Returns a signed integer.
 */
export function fnv1a(words: ArrayLike<number>, start = 0, end = words.length, seed = BASIS): number {
  let hash = seed;
  for (let i = start; i < end; i++) hash = Math.imul(hash ^ (words[i] as number), PRIME);
  return hash;
}
