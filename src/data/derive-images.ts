import type { ImageRecord, Problem, RoleFolder } from '../types.ts';
import { type AssembleInput, assemble } from './assemble.ts';
import type { Choices } from './choices.ts';
import type { GroundTruth } from './ground-truth.ts';
import { labelImages } from './label-images.ts';
import { findNotices, type Notice } from './notices.ts';
import { sortImages } from './order.ts';

export interface DerivedImages {
  /** Sorted as by `sortImages`; not read yet. Every training image has a class. */
  readonly images: ImageRecord[];
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
  const assembled = assemble({ ...files, roles: new Map(choices.roles) });
  const labelled = labelImages(assembled, truth, choices);
  const images = sortImages(labelled.images);
  return {
    images: images.filter(({ split, className }) => split !== 'training' || className !== null),
    folders: assembled.folders,
    problems: [...assembled.problems, ...labelled.problems],
    notices: findNotices({ ...assembled, images, choices }),
  };
}
