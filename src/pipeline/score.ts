import { codeLabels } from '../metrics/labels.ts';
import type { Embeddings } from '../storage/embeddings.ts';
import type { Scores } from '../types.ts';
import { controlled } from '../workers/connect.ts';
import type { Measured } from '../workers/protocol.ts';
import { searchWorker } from './search-client.ts';

/** The ks that the screens show. */
export const USUAL_KS = [1, 5, 10] as const;
/** Seed of the bootstrap, so that the same run has the same interval everywhere. */
const BOOTSTRAP_SEED = 0;

/**
 * Scores a model: every query's exact ranking of the open gallery `key`, measured and averaged in the search worker.
 * Labels are in row order, null where unknown. Null where no query counts, since there is nothing to average then.
 */
export async function scoreQueries(
  key: string,
  queries: Embeddings,
  queryLabels: readonly (string | null)[],
  galleryLabels: readonly (string | null)[],
  ks: readonly number[],
  signal: AbortSignal,
): Promise<Scores | null> {
  if (queryLabels.length === 0 || galleryLabels.length === 0) return null;
  const labels = codeLabels(queryLabels, galleryLabels);
  const { matrix } = queries;
  const { scores } = await controlled<number, Measured>(
    signal,
    () => {},
    (control) => searchWorker().measure(key, matrix, labels, { ks, seed: BOOTSTRAP_SEED }, control),
  );
  if (scores.queries === 0) return null;
  const { queries: counted, skipped, topk, mapAtR, mrr, ci95 } = scores;
  return { queries: counted, skipped, topk, mapAtR, mrr, ci95 };
}
