import type { ProblemKind } from '../../types.ts';

/** What each kind of problem is called on the screen. */
export const problemWords: Readonly<Record<ProblemKind, string>> = {
  'not-an-image': 'Not an image',
  undecodable: 'Cannot be decoded',
  'empty-file': 'Empty file',
  unreadable: 'Cannot be read',
  'outside-roles': 'Outside the roles',
  'no-class': 'No class',
  duplicate: 'Duplicate',
  'conflicting-label': 'Conflicting label',
  leak: 'In training and test',
  'single-image-class': 'Class with one image',
  'empty-class': 'Empty class',
  'not-embedded': 'Could not be embedded',
  changed: 'Changed since it was read',
  'ground-truth': 'Ground truth',
  'ground-truth-refused': 'Ground truth refused',
  'looks-like-split': 'Split or class',
  'similar-classes': 'Similar classes',
  'classes-apart': 'Classes apart',
  archive: 'Archive',
};
