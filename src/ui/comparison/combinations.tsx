import type { Combination } from '../../app/comparison/comparison.ts';
import { Explain } from '../components/Explain.tsx';

/** The ways to make one embedding of several, in the order of the plan. */
export const combinations: readonly Combination[] = ['mean', 'concat', 'shared'];

export const combinationTitles: Readonly<Record<Combination, string>> = {
  mean: 'Mean',
  concat: 'Concat',
  shared: 'Shared',
};

/** A sentence for each, under one button. */
export function CombinationsExplanation() {
  return (
    <Explain term="mean, concat and shared">
      <p>
        <b>Mean</b>: the average of the members’ embeddings of 512 numbers, as in the paper. Spaces that were trained
        apart are not aligned, which adds noise.
      </p>
      <p>
        <b>Concat</b>: the embeddings side by side; the similarity is exactly the mean of the members’ cosines.
      </p>
      <p>
        <b>Shared</b>: the heads are trained together against one classifier, so that a class means the same direction
        in every member’s space; then averaged. Needs two fine-tuned members.
      </p>
    </Explain>
  );
}
