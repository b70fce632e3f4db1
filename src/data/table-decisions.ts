import type { ImageRecord } from '../types.ts';
import { type Choices, choose } from './choices.ts';
import { type GroundTruth, LABELLED_SPLITS } from './ground-truth.ts';
import { matchFiles } from './match-labels.ts';

/**
 * The choices with those that a table brings along: images that were excluded, or of no class, when this app wrote it. They
 * become the user's own, to be taken back like any other.
 */
export function withTableDecisions(
  choices: Choices,
  truth: GroundTruth | null,
  images: readonly ImageRecord[],
  root: string,
): Choices {
  const decided = truth?.decided ?? [];
  if (decided.length === 0) return choices;
  const excluded: string[] = [];
  const withoutClass: string[] = [];
  for (const split of LABELLED_SPLITS) {
    const those = decided.filter((one) => one.split === split);
    const ofSplit = images.filter((image) => image.split === split);
    const isAny = ofSplit.length === 0;
    const scope = { images: isAny ? images : ofSplit, root, relative: !isAny };
    const files = those.map(({ file }) => file);
    for (const { at, image } of matchFiles(files, scope)) {
      if (image === null || image === 'several') continue;
      if (those[at]?.as === 'excluded') excluded.push(image.path);
      else withoutClass.push(image.path);
    }
  }
  const left = choose(choices, { kind: 'exclude', paths: excluded });
  return choose(left, { kind: 'class', paths: withoutClass, className: null });
}
