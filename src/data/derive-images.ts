import type { ImageRecord, Problem, RoleFolder, Split } from '../types.ts';
import { type AssembleInput, assemble } from './assemble.ts';
import { type Choices, NO_CHOICES, type Notice } from './choices.ts';
import type { GroundTruth } from './ground-truth.ts';
import { labelImages } from './label-images.ts';
import { findNotices } from './notices.ts';
import { compareCodeUnits, sortImages } from './order.ts';
import { withTableDecisions } from './place-labels.ts';

export interface DerivedImages {
  /** Those in use, sorted as by `sortImages`; not read yet. Every training image has a class. */
  readonly images: ImageRecord[];
  /** Left out by the user, with the split and class that they would have. */
  readonly excluded: readonly ImageRecord[];
  /** Training images without a class: left out until they get one. */
  readonly unclassed: readonly ImageRecord[];
  readonly folders: readonly RoleFolder[];
  /** About files, and about what tables and folders say against each other. */
  readonly problems: readonly Problem[];
  /** About folders and classes, with what can be done. */
  readonly notices: readonly Notice[];
}

/** A data set's images from its files, the labels of tables, and what the user decided. */
export function deriveImages(
  files: Omit<AssembleInput, 'roles'>,
  truth: GroundTruth | null,
  choices: Choices,
): DerivedImages {
  const assembled = assemble({ ...files, roles: new Map(choices.roles), innermost: choices.innermost });
  const labelled = labelImages(assembled, truth, choices);
  const left = new Set(choices.excluded);
  const all = sortImages(labelled.images);
  const images = all.filter(({ path }) => !left.has(path));
  const isUnclassed = ({ split, className }: ImageRecord) => split === 'training' && className === null;
  return {
    images: images.filter((image) => !isUnclassed(image)),
    excluded: all.filter(({ path }) => left.has(path)),
    unclassed: images.filter(isUnclassed),
    folders: assembled.folders,
    problems: [...assembled.problems, ...labelled.problems],
    notices: [...labelled.notices, ...findNotices({ ...assembled, images, listed: labelled.listed, choices })],
  };
}

/** The choices of a data set about which nobody has decided anything but what its table brings along. */
export function choicesOfTable(files: Omit<AssembleInput, 'roles'>, truth: GroundTruth | null): Choices {
  const { images, root } = assemble({ ...files, roles: new Map() });
  return withTableDecisions(NO_CHOICES, truth, images, root);
}

/** What a Dataset says about its images. */
interface Summary {
  /** Union of the class names of all splits, by code unit. */
  readonly classes: string[];
  readonly counts: Record<Split, number>;
}

/** Classes and counts of any list of images: before reading, after it, or after ground truth was applied. */
export function summarise(images: readonly ImageRecord[]): Summary {
  const classes = new Set<string>();
  const counts: Record<Split, number> = { training: 0, query: 0, gallery: 0 };
  for (const { split, className } of images) {
    counts[split]++;
    if (className !== null) classes.add(className);
  }
  return { classes: [...classes].sort(compareCodeUnits), counts };
}
