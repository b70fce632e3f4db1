/** Why an image stands where it does in an order that uses classes. */

import { TIE } from '../search/classes/kernel.ts';
import { COVERED } from '../search/rankings/cover.ts';
import type { RankingName } from '../search/rankings.ts';

export type RankReason =
  /** It is that probable that query and image are of one class; `share` 0 … 1. */
  | { readonly kind: 'agrees'; readonly share: number }
  /** It stands for that class: of what the images before it had left uncovered, it covers most. */
  | { readonly kind: 'covers'; readonly className: string };

/**
 * What put each image of an order there: one reason an image. `query`: p(c|q), [C]; `images`: p(c|g) [n, C] of the images in their
 * order, from its first on, the query's own among them where it is one; `names` [C], null where they are unknown.
 */
export function rankReasons(
  ranking: Exclude<RankingName, 'plain'>,
  query: Float32Array,
  images: Float32Array,
  names: readonly string[] | null,
): RankReason[] {
  const classes = query.length;
  const left = Float64Array.from(query);
  let covering = ranking === 'cover';
  return Array.from({ length: classes === 0 ? 0 : images.length / classes }, (_, at): RankReason => {
    let share = 0;
    let gain = 0;
    let most = 0;
    let mostOf = -1;
    for (let c = 0; c < classes; c++) {
      const own = images[at * classes + c] ?? 0;
      const covered = (left[c] ?? 0) * own;
      share += (query[c] ?? 0) * own;
      gain += covered;
      if (covered > most) [most, mostOf] = [covered, c];
      if (covering) left[c] = (left[c] ?? 0) * (1 - own);
    }
    // As the ranking does: what follows where nothing is left to cover is in the order of `class`.
    covering = covering && at < COVERED && gain >= TIE;
    const className = names?.[mostOf];
    return covering && className !== undefined ? { kind: 'covers', className } : { kind: 'agrees', share };
  });
}
