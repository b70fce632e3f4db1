import type { Aggregate } from '../metrics/registry.ts';
import type { QueryNeighbours } from '../types.ts';
import type { Difference, JudgedSimilarities } from '../workers/analysis-protocol.ts';
import { controlled } from '../workers/connect.ts';
import type { Context } from './context.ts';
import { BOOTSTRAP_SEED } from './score.ts';
import { repeatedOnce } from './worker-faults.ts';

/** `first` against each of `others` by the paired bootstrap; columns of one value a query, in the same order. */
export function differencesOf(
  { workers }: Context,
  first: Float64Array<ArrayBuffer>,
  others: readonly Float64Array<ArrayBuffer>[],
  aggregate: Aggregate,
  signal: AbortSignal,
): Promise<Difference[]> {
  return repeatedOnce(signal, () =>
    controlled<number, Difference[]>(
      signal,
      () => {},
      async (control) => (await workers.analysis.api()).differences(first, others, aggregate, BOOTSTRAP_SEED, control),
    ),
  );
}

/**
 * Neighbours of many queries in one list by similarity, right or wrong. Class codes: `asked` one a query, `searched` one
 * an image that `neighbours` counts.
 */
export function similaritiesOf(
  { workers }: Context,
  neighbours: QueryNeighbours,
  asked: Int32Array<ArrayBuffer>,
  searched: Int32Array<ArrayBuffer>,
): Promise<JudgedSimilarities> {
  return repeatedOnce(null, async () => (await workers.analysis.api()).similarities(neighbours, asked, searched));
}
