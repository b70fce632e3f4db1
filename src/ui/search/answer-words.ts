import type { Answer, Guess, RankReason } from '../../app/search/search.ts';
import { formatAmount, wholePercent } from '../format.ts';

/** What the answer says of the query's class, in pieces: names of classes come from files and are set apart. */
export type AnswerPiece = string | { readonly className: string };

/** From here on a class is probable. */
const PROBABLE = 0.5;
/** Below, a class is not worth a word. */
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
