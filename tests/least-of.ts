/**
 * The least of up to `tries` measurements; the first below `bound` is enough. Other programs on the machine can only lengthen what
 * is measured here, so the least says most of the program under test. What `measure` expects besides has to hold each time.
 */
export async function leastOf(tries: number, bound: number, measure: () => Promise<number>): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < tries && !(least < bound); i++) least = Math.min(least, await measure());
  return least;
}
