import type { Figure } from '../../../figures/figure.ts';

/** A figure, or a sentence that says why there is none. */
export type Drawn =
  | { readonly figure: Figure; readonly reason: null }
  | { readonly figure: null; readonly reason: string };

export const drawn = (figure: Figure): Drawn => ({ figure, reason: null });
export const notDrawn = (reason: string): Drawn => ({ figure: null, reason });
