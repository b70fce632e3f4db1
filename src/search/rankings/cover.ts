import type { Ranking } from '../ranking.ts';
import { WEIGHT } from './class.ts';

/** Images that are chosen to cover the classes: the k of the headline metric. */
export const COVERED = 10;

/**
 * The first image is `class`'s. Each next one, up to the tenth, is the image that is most probably the first hit:
 * argmax_g Σ_c r_c p(c|g), where r_c = p(c|q) Π (1 − p(c|chosen)) is what is left of class c after the images before;
 * ties by `class`. The rest follow by `class`.
 */
export const cover: Ranking<'cover'> = {
  name: 'cover',
  label: 'cover',
  order: 'by cover',
  summary:
    'Likely classes side by side: each next image is the one that is most probably the first of the right class. More queries find one among the first k, and fewer find several.',
  explanation: [
    'The first ten show the query’s likely classes side by side, so that the right one is among them more often; what is likely follows from the training labels alone.',
    'It mixes classes on purpose: fewer of the first ten are right.',
  ],
  usesClasses: true,
  keys(candidates, keys, kernel) {
    // Above the keys of `class`, which never exceed 2.
    kernel.cover(candidates, WEIGHT, keys, COVERED).forEach((row, rank) => {
      keys[row] = 2 + COVERED - rank;
    });
  },
};
