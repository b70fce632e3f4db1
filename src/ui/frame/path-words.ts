import type { Step, StepName } from '../../app/settings/path.ts';

/** What each step is called, and what is done there: the end of a sentence that begins with “Next:”. */
export const stepWords: Readonly<Record<StepName, { readonly label: string; readonly sentence: string }>> = {
  data: { label: 'Data', sentence: 'open a folder of images, or try the demo.' },
  models: { label: 'Models', sentence: 'embed the images with a model; Colour and gradient needs no download.' },
  comparison: { label: 'Comparison', sentence: 'compare a model frozen with itself fine-tuned, or with others.' },
  search: { label: 'Search', sentence: 'see which model is best in the dashboard, and search with an image.' },
  dashboard: { label: 'Dashboard', sentence: 'see which model is best, and where it fails.' },
};

/** Where the dashboard has been looked at. */
const LEFT_TO_SEARCH = 'search with an image.';

/** Where there are no training images of two classes. */
const COMPARE_FROZEN = 'compare models as they are, alone or together.';

/** Where labels or images were changed since. */
const COMPARE_AGAIN = 'run the comparison again: some results no longer count.';

/** Where there are no classes to compare models by. */
const plainSentences: Partial<Record<StepName, string>> = {
  search: 'search with an image, or see on the map what is alike.',
  dashboard: 'see on the map what is alike, and name it.',
};

export interface PathSituation {
  /** Null while it is not known what is done. */
  readonly steps: readonly Step[] | null;
  /** Whether a data set is open. */
  readonly opened: boolean;
  /** Whether no image has a class to compare models by. */
  readonly plain: boolean;
  /** Whether there are training images to fine-tune on. */
  readonly fineTunes: boolean;
  /** Whether results were made with other labels or images, and count no longer. */
  readonly outdated: boolean;
  /** What goes before any step: work here, work of another tab, work that a reload broke off. */
  readonly working: 'here' | 'elsewhere' | 'interrupted' | null;
}

/** What the strip says, and the steps that it leads to. */
export interface PathSaid {
  readonly sentence: string;
  readonly ways: readonly StepName[];
}

export function pathSaid({ steps, opened, plain, fineTunes, outdated, working }: PathSituation): PathSaid {
  const alone = (sentence: string): PathSaid => ({ sentence, ways: [] });
  if (working === 'here') return alone('Work is under way. You can look around meanwhile.');
  if (working === 'elsewhere') return alone('Another tab works on this data set. You can look around meanwhile.');
  if (working === 'interrupted') return alone('Next: continue what was interrupted, with the button below.');
  if (steps === null) return alone('');
  const open = steps.filter(({ done }) => !done).map(({ name }) => name);
  const [next] = open;
  if (next === undefined) return alone('All steps are done.');
  const unread = next === 'data' && opened ? 'read the images that have not been read yet.' : null;
  const search = next === 'search' && open.length === 1 ? LEFT_TO_SEARCH : null;
  const again = next === 'comparison' && outdated ? COMPARE_AGAIN : null;
  const frozen = next === 'comparison' && !fineTunes ? COMPARE_FROZEN : null;
  return {
    sentence: `Next: ${unread ?? search ?? again ?? frozen ?? (plain ? plainSentences[next] : null) ?? stepWords[next].sentence}`,
    // Once models are compared, what is left is to look at it, in whatever order.
    ways: next === 'search' ? open : [next],
  };
}
