import { seededRandom } from '../../math/random.ts';
import type { QueryOutcomes } from '../../types.ts';

/** Keep the draws of the two kinds apart from each other. */
const RIGHT_STREAM = 0x4e1;
const FAILED_STREAM = 0x4e2;

/** Entries of the outcomes' lists. */
export interface ChosenExamples {
  /** Queries of each kind. */
  readonly rightOf: number;
  readonly failedOf: number;
  readonly right: readonly number[];
  readonly failed: readonly number[];
}

/**
 * Up to `count` queries whose first neighbour is right, and up to `count` with no right one among the first `failedAt`,
 * each drawn at random from all of its kind by the seed. Queries that count nowhere are of neither kind.
 */
export function chooseExamples(
  { relevant, firstHitRank }: QueryOutcomes,
  failedAt: number,
  count: number,
  seed: number,
): ChosenExamples {
  const counted = [...relevant.keys()].filter((entry) => (relevant[entry] ?? 0) > 0);
  const rankOf = (entry: number) => firstHitRank[entry] || Number.POSITIVE_INFINITY;
  const right = counted.filter((entry) => rankOf(entry) === 1);
  const failed = counted.filter((entry) => rankOf(entry) > failedAt);
  const drawn = (entries: readonly number[], stream: number) =>
    seededRandom(seed, stream)
      .shuffle([...entries])
      .slice(0, count);
  return {
    rightOf: right.length,
    failedOf: failed.length,
    right: drawn(right, RIGHT_STREAM),
    failed: drawn(failed, FAILED_STREAM),
  };
}
