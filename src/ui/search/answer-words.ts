import type { CutoffState } from '../../app/search/cutoff.ts';
import type { Answer, Guess, Neighbour, RankReason } from '../../app/search/search.ts';
import { formatAmount, formatCount, formatSimilarity, wholePercent } from '../format.ts';

/** What the answer says of the query's class, in pieces: names of classes come from files and are set apart. */
export type AnswerPiece = string | { readonly className: string };

/** From here on a class is probable. */
const PROBABLE = 0.5;
/** Classes below this are not mentioned. */
const WORTH = 0.1;
const MOST = 3;

/** "Probably Granny-Smith (62 %), maybe Golden-Delicious (21 %)", "Not sure: perhaps apple (34 %), pear (30 %)". */
export function answerPieces({ guesses }: Answer): readonly AnswerPiece[] {
  const [first, ...others] = guesses;
  if (first === undefined || first.share < WORTH) return ['Like none of the classes that are known.'];
  const rest = others.filter(({ share }) => share >= WORTH).slice(0, MOST - 1);
  const start = first.share >= PROBABLE ? 'Probably ' : 'Not sure: perhaps ';
  const between = first.share >= PROBABLE ? ', maybe ' : ', ';
  return [start, ...named(first), ...rest.flatMap((guess, i) => [i === 0 ? between : ', ', ...named(guess)])];
}

const named = ({ className, share }: Guess): readonly AnswerPiece[] => [{ className }, ` (${percentOf(share)})`];

/** Whole per cent, which never claims to be certain: "62 %", "over 99 %"; no line breaks before the sign. */
export function percentOf(share: number): string {
  return share > 0.99 && share < 1 ? 'over 99\u00a0%' : `${wholePercent(share + 0.005)}\u00a0%`;
}

/** What put a neighbour at its place, in pieces: "same class 93 %", "stands for Pear". */
export function reasonPieces(reason: RankReason): readonly AnswerPiece[] {
  return reason.kind === 'covers'
    ? ['stands for ', { className: reason.className }]
    : [`same class ${percentOf(reason.share)}`];
}

/** The same for screen readers, which have no room to spare: "93 % probably of the query’s class", "stands for class Pear". */
export function spokenReason(reason: RankReason): string {
  return reason.kind === 'covers'
    ? `stands for class ${reason.className}`
    : `${percentOf(reason.share)} probably of the query’s class`;
}

/** Where it comes from. */
export function answerSource({ by, voters }: Answer): string {
  switch (by) {
    case 'head':
      return 'Class probabilities by the fine-tuned head.';
    case 'means':
      return 'Class probabilities by the nearest class means of the training images.';
    case 'votes':
      return voters === 1 ? 'Vote of the nearest image.' : `Votes of the ${formatAmount(voters, 'nearest image')}.`;
  }
}

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
