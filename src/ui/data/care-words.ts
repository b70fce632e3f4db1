import type { CareReport } from '../../app/dataset/care.ts';
import type { ModelRow } from '../../app/models/models.ts';
import type { Dataset, ImageRecord, Split } from '../../types.ts';
import { formatRecall, formatSimilarity } from '../format.ts';

export type Kind = 'pairs' | 'suspects' | 'outliers';

interface KindWords {
  readonly label: string;
  readonly explanation: string;
  readonly threshold: (value: number) => string;
  readonly range: readonly [number, number];
  readonly usual: number;
}

/** What is looked for, and how far it goes. Usual thresholds by a trial on photos of groceries (docs/accuracy.md). */
export const kinds: Readonly<Record<Kind, KindWords>> = {
  pairs: {
    label: 'Near-duplicates',
    explanation: 'Two files that show one picture: smaller, compressed again, or cropped by up to a fifth.',
    threshold: (value) =>
      `Correlation of the pictures at least ${formatSimilarity(value)} (a copy comes to ${formatSimilarity(0.98)} and more)`,
    range: [0.8, 1],
    usual: 0.95,
  },
  suspects: {
    label: 'Likely wrong labels',
    explanation:
      'A classifier that has learned from all images but this one prefers another class to its label. Look-alike classes are found too: nothing is changed until you press.',
    threshold: (value) => `Score at least ${formatSimilarity(value)} (1: it sees nothing of the label)`,
    range: [0, 1],
    usual: 0.25,
  },
  outliers: {
    label: 'Outliers',
    explanation: 'Images that are like no others: screenshots, drawings, photos of something else.',
    threshold: (value) => `Mean similarity to the five nearest at most ${formatSimilarity(value)}`,
    range: [0, 1],
    usual: 0.55,
  },
};

/** The kinds that can be found there: without classes no label is wrong. */
export const kindsOf = ({ classes }: Pick<Dataset, 'classes'>): readonly Kind[] =>
  classes.length > 1 ? ['pairs', 'suspects', 'outliers'] : ['pairs', 'outliers'];

/** What a copy in another split does, where there is one: "Across training and test they are leaks, …". */
export function leakSentence({ counts }: Pick<Dataset, 'counts'>): string {
  const where =
    counts.training > 0 && counts.query + counts.gallery > 0
      ? 'Across training and test'
      : counts.query > 0 && counts.gallery > 0
        ? 'Across query and gallery'
        : null;
  return where === null ? '' : ` ${where} they are leaks, which make every figure too good.`;
}

/** The models whose embeddings the images can be compared by, the one that has most of them first. */
export const comparableBy = (rows: readonly ModelRow[]): ModelRow[] =>
  rows
    .filter(({ embedded }) => embedded > 1)
    .sort((a, b) => b.embedded - a.embedded || b.weights.features - a.weights.features);

const splitWords: Readonly<Record<Split, string>> = { training: 'training', query: 'query', gallery: 'gallery' };
export const splitWord = (split: Split): string => splitWords[split];

/** Whether two near-duplicates are a leak: one is learned from, or searched, and the other asks. */
const isLeak = (a: ImageRecord, b: ImageRecord): boolean => a.split !== b.split;

export function copySentence(a: ImageRecord, b: ImageRecord, correlation: number): string {
  const where = isLeak(a, b) ? `Leak between ${splitWord(a.split)} and ${splitWord(b.split)}` : 'One picture twice';
  const classes = a.className !== null && b.className !== null && a.className !== b.className ? ', of two classes' : '';
  return `${where}${classes} (${formatRecall(correlation)})`;
}

/**
 * The parts of a report that still hold for the images as they are now: excluded images are dropped, and a label that was set since is
 * no longer suspect.
 */
export function currentFindings(
  report: CareReport,
  images: readonly ImageRecord[],
  thresholds: Readonly<Record<Kind, number>>,
): CareReport {
  const now = new Map(images.map((image) => [image.path, image]));
  const still = <Image extends ImageRecord>(image: Image): Image[] => {
    const known = now.get(image.path);
    return known ? [{ ...image, className: known.className, split: known.split }] : [];
  };
  return {
    ...report,
    pairs: report.pairs.flatMap(({ a, b, correlation }) =>
      correlation < thresholds.pairs
        ? []
        : still(a).flatMap((first) => still(b).map((second) => ({ a: first, b: second, correlation }))),
    ),
    suspects: report.suspects.flatMap((suspect) =>
      suspect.score < thresholds.suspects || now.get(suspect.image.path)?.className !== suspect.image.className
        ? []
        : [suspect],
    ),
    outliers: report.outliers.flatMap(({ image, similarity }) =>
      similarity > thresholds.outliers ? [] : still(image).map((one) => ({ image: one, similarity })),
    ),
  };
}
