import type { MemberChoice } from '../../app/comparison/comparison.ts';
import { isFineTuned } from '../../core/run-choice.ts';

/** What a head can be trained on: the data set as a whole, and imported vectors that lack what it takes. */
export interface Trainable {
  readonly canFineTune: boolean;
  /** Vectors of training images of fewer than two classes. */
  readonly frozenOnly: readonly string[];
}

/** Why a head of one of these members cannot be trained; undefined where all can, or none is wanted. */
export function fineTuningObstacle(
  members: readonly MemberChoice[],
  { canFineTune, frozenOnly }: Trainable,
): string | undefined {
  const trained = members.filter(isFineTuned);
  if (trained.length > 0 && !canFineTune) return 'Fine-tuning needs training images of two classes';
  return trained.some(({ weightsId }) => frozenOnly.includes(weightsId))
    ? 'Fine-tuning needs vectors of training images of two classes'
    : undefined;
}
