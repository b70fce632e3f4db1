import type { Remote } from 'comlink';
import type { Aggregate } from '../metrics/registry.ts';
import type { QueryNeighbours } from '../types.ts';
import type { AnalysisWorker, Difference, JudgedSimilarities } from '../workers/analysis-protocol.ts';
import { type Connection, connect, controlled } from '../workers/connect.ts';
import { BOOTSTRAP_SEED } from './score.ts';
import { repeatedOnce } from './worker-faults.ts';

let connection: Connection<AnalysisWorker> | null = null;

/** The analysis worker, made at its first use and made anew after it died. */
export function analysisWorker(): Remote<AnalysisWorker> {
  if (!connection) {
    const made = connect<AnalysisWorker>(
      new Worker(new URL('../workers/analysis.worker.ts', import.meta.url), { type: 'module', name: 'analysis' }),
    );
    made.failed.catch(() => {
      if (connection === made) connection = null;
    });
    connection = made;
  }
  return connection.api;
}

/** `first` against each of `others` by the paired bootstrap; columns of one value a query, in the same order. */
export function differencesOf(
  first: Float64Array<ArrayBuffer>,
  others: readonly Float64Array<ArrayBuffer>[],
  aggregate: Aggregate,
  signal: AbortSignal,
): Promise<Difference[]> {
  return repeatedOnce(signal, () =>
    controlled<number, Difference[]>(
      signal,
      () => {},
      (control) => analysisWorker().differences(first, others, aggregate, BOOTSTRAP_SEED, control),
    ),
  );
}

/**
 * Neighbours of many queries in one list by similarity, right or wrong. Class codes: `asked` one a query, `searched` one
 * an image that `neighbours` counts.
 */
export function similaritiesOf(
  neighbours: QueryNeighbours,
  asked: Int32Array<ArrayBuffer>,
  searched: Int32Array<ArrayBuffer>,
): Promise<JudgedSimilarities> {
  return repeatedOnce(null, () => analysisWorker().similarities(neighbours, asked, searched));
}
