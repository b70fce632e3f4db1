import type { Problem } from '../types.ts';
import type { Choice } from './choices.ts';

/**
 * Something about a folder, or about the classes of a whole data set, that a user may want otherwise: one line, whatever the
 * number of images, with what can be done about it by a press of a button.
 */
export interface Notice extends Problem {
  /** Images that it is about. */
  readonly images: number;
  readonly offers: readonly Offer[];
}

export interface Offer {
  /** As a button says it. */
  readonly label: string;
  /** What `choose` is to do. */
  readonly choice: Choice;
}
