import { seededRandom } from './random.ts';

/**
 * Positions of a seeded sample of `size` out of `strata.length` things, ascending: each stratum gives its share, rounded
 * up or down by chance. All positions where there are no more than `size`.
 */
export function stratifiedSample(strata: readonly string[], size: number, seed: number): Int32Array<ArrayBuffer> {
  if (strata.length <= size) return Int32Array.from(strata.keys());
  const random = seededRandom(seed);
  const members = new Map<string, number[]>();
  strata.forEach((stratum, position) => {
    const known = members.get(stratum);
    if (known) known.push(position);
    else members.set(stratum, [position]);
  });
  const places: { readonly position: number; readonly place: number }[] = [];
  for (const positions of members.values()) {
    // Spread evenly over 0 to 1: whatever is cut off behind one place takes the same share of every stratum.
    const offset = random.uniform();
    random.shuffle(positions).forEach((position, i) => {
      places.push({ position, place: (i + offset) / positions.length });
    });
  }
  places.sort((a, b) => a.place - b.place || a.position - b.position);
  return Int32Array.from(places.slice(0, size), ({ position }) => position).sort();
}
