import type { ClassAccuracy, ConfusedPair, Counted } from '../../../app/dashboard/figures/classes.ts';
import { formatAmount, formatCount, formatInterval, formatShare } from '../../format.ts';

const MINUS = '\u2212';

/** "78.2 [72.0, 84.1]"; a dash where there is no query. */
export function accuracyWords(side: ClassAccuracy | null): string {
  return side === null ? '–' : `${formatShare(side.share)} ${formatInterval(side.interval)}`;
}

/** A change in percentage points: "+20.0", "−12.5", "0.0"; a dash where there is none. */
export function changeWords(change: number | null): string {
  if (change === null) return '–';
  const size = formatShare(Math.abs(change));
  return change === 0 ? size : `${change > 0 ? '+' : MINUS}${size}`;
}

/** "3 of 5" */
export const hitsWords = (side: ClassAccuracy | null): string =>
  side === null ? 'no query' : `${formatCount(side.hits)} of ${formatCount(side.queries)}`;

/** "12 of 40 queries" */
export const pairWords = ({ count, of }: ConfusedPair): string =>
  `${formatCount(count)} of ${formatAmount(of, 'query', 'queries')}`;

/** Why no query counts. */
export function noneCountsWords({ asked, unlabelled, unanswerable }: Counted): string {
  if (asked === 0) return 'The chosen run was asked with no image.';
  const reasons = [
    unlabelled === 0 ? null : `${formatAmount(unlabelled, 'query has', 'queries have')} no label`,
    unanswerable === 0
      ? null
      : `${formatAmount(unanswerable, 'query is', 'queries are')} of a class that no labelled gallery image has`,
  ];
  return `Nobody can tell right from wrong: ${reasons.filter((reason) => reason !== null).join(', ')}.`;
}
