import type { RunRow } from '../../app/comparison/comparison.ts';
import type { Dataset, ImageRecord, ScoredSplit } from '../../types.ts';
import { formatAmount, formatCount } from '../format.ts';
import { askedOf, leftOut, queriesSentence } from '../runs/result-words.ts';

type Queries = readonly Pick<ImageRecord, 'split' | 'className'>[];

/**
 * How many queries the figures of the split are of; with partial labels how many do not count, and why; and what was excluded by
 * hand, since figures of fewer images are others.
 */
export function countedSentence(
  runs: readonly RunRow[],
  split: ScoredSplit,
  images: readonly ImageRecord[],
  excluded: readonly Pick<ImageRecord, 'split'>[] = [],
): string {
  return [ofQueries(runs, split, images), ofExcluded(excluded, split)].filter((part) => part !== null).join(' ');
}

function ofQueries(runs: readonly RunRow[], split: ScoredSplit, images: readonly ImageRecord[]): string {
  const scores = runs.flatMap(({ result }) => result[split] ?? []);
  if (scores.length === 0)
    return 'No query has a known class, so nothing can be scored. The map and the search need none.';
  const asked = askedOf(images);
  if (split === 'validation' || asked.within) return queriesSentence(runs, split, asked);
  const counted = Math.max(...scores.map(({ queries }) => queries));
  // Vectors of a part of the images leave out others: their rows say so.
  const skipped = Math.max(...scores.filter(({ queries }) => queries === counted).map((score) => score.skipped));
  if (skipped === 0) {
    return counted === 1
      ? 'Test: the one query of test/query counts.'
      : `Test: all ${formatAmount(counted, 'query', 'queries')} of test/query count.`;
  }
  const all = formatAmount(counted + skipped, 'query', 'queries');
  return `Test: ${formatCount(counted)} of ${all} ${counted === 1 ? 'counts' : 'count'}; ${leftOut(skipped, asked)}.`;
}

/** Null where nothing was excluded that the split's figures are made of. */
function ofExcluded(excluded: readonly Pick<ImageRecord, 'split'>[], split: ScoredSplit): string | null {
  const count = (of: ImageRecord['split']) => excluded.filter((image) => image.split === of).length;
  const [queries, gallery, training] = [count('query'), count('gallery'), count('training')];
  const parts = [
    split === 'test' && queries > 0 ? formatAmount(queries, 'query', 'queries') : null,
    split === 'test' && gallery > 0 ? formatAmount(gallery, 'gallery image') : null,
    training > 0 ? formatAmount(training, 'training image') : null,
  ].filter((part) => part !== null);
  return parts.length === 0 ? null : `Excluded by hand: ${parts.join(', ')}.`;
}

/** Why there are no test figures; null where some run has them. */
export function noTestSentence(runs: readonly RunRow[], counts: Dataset['counts'], images: Queries): string | null {
  if (runs.some(({ result }) => result.test)) return null;
  const standIn = runs.some(({ result }) => result.validation)
    ? ' Validation results are shown instead: queries and gallery from training.'
    : '';
  if (counts.query === 0) return `This data set has no query images to test with.${standIn}`;
  if (counts.gallery === 0) return `This data set has no gallery images to search.${standIn}`;
  const classesOf = (split: 'query' | 'gallery') =>
    new Set(images.flatMap((image) => (image.split === split && image.className !== null ? [image.className] : [])));
  const [asked, searched] = [classesOf('query'), classesOf('gallery')];
  if (asked.size > 0 && searched.size > 0 && ![...asked].some((name) => searched.has(name))) {
    return `No query’s class is in the gallery, so that none of them can be answered.${standIn}`;
  }
  return `The test images have no labels, so right and wrong cannot be told apart.${standIn}`;
}
