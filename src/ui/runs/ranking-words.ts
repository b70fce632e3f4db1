import type { RankingName } from '../../core/run-choice.ts';

/** What each order of the answers is called, and what it does, in a line. */
export const rankingWords: Readonly<Record<RankingName, { readonly name: string; readonly explanation: string }>> = {
  plain: {
    name: 'by similarity',
    explanation: 'The most similar images first.',
  },
  class: {
    name: 'by class',
    explanation:
      'Similarity, raised where query and image are probably of one class by what the training labels say: more of the first images are right.',
  },
  cover: {
    name: 'by cover',
    explanation:
      'Likely classes side by side: each next image is the one that is most probably the first of the right class. More queries find one among the first k, and fewer find several.',
  },
};
