import type { Ranking } from '../ranking.ts';

/** By cosine similarity. */
export const plain: Ranking<'plain'> = {
  name: 'plain',
  label: 'plain',
  order: 'by similarity',
  summary: 'The most similar images first.',
  explanation: [
    'Nearest first, by the similarity of the images alone.',
    'It leaves unused what the training labels tell about the classes.',
  ],
  usesClasses: false,
  keys: ({ similarities }, keys) => keys.set(similarities),
};
