import type { CutoffState } from '../../app/search/cutoff.ts';
import type { Neighbour } from '../../app/search/search.ts';
import { formatAmount, formatCount, formatSimilarity } from '../format.ts';

/** The neighbours that are similar enough: the first ones, since they come by similarity. */
export function keptNeighbours(
  neighbours: readonly Neighbour[],
  { runId, cutoff }: CutoffState,
  searched: string | null,
): readonly Neighbour[] {
  // What was measured of another model says nothing of this one's similarities.
  if (cutoff === null || runId !== searched) return neighbours;
  return neighbours.filter(({ similarity }) => similarity >= cutoff.similarity);
}

/** What is hidden and why, or why nothing is; empty where there is nothing to say. */
export function cutoffSentence(state: CutoffState, searched: string | null, shown: number, hidden: number): string {
  const { precision, reason, cutoff, runId } = state;
  if (runId !== searched) return '';
  if (reason !== null) return reason;
  if (precision === null) return '';
  const wanted = `${Math.round(precision * 100)} %`;
  if (cutoff === null) {
    return `Nothing is hidden: for this model, no similarity has ${wanted} of the validation neighbours above it right.`;
  }
  const at = `${formatSimilarity(cutoff.similarity)}`;
  const right =
    cutoff.kept === 1
      ? 'this model’s one validation neighbour is right'
      : `at least ${wanted} of this model’s ${formatAmount(cutoff.kept, 'validation neighbour')} are right`;
  const why = `from ${at} on, ${right}`;
  if (shown + hidden === 0) return `Neighbours less similar than ${at} are hidden: ${why}.`;
  return hidden === 0
    ? `None is hidden: all are at least as similar as ${at}; ${why}.`
    : `${formatCount(hidden)} of ${formatAmount(shown + hidden, 'neighbour')} hidden, less similar than ${at}: ${why}.`;
}
