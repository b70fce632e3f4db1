import type { Combination, MemberChoice } from '../../app/comparison/comparison.ts';
import { isFineTuned, membersKey } from '../../core/run-choice.ts';
import { headWords, type Labels } from '../runs/model-words.ts';

/** Why these members make no ensemble that could be added, as a sentence; null where they do. */
export function ensembleProblem(
  members: readonly MemberChoice[],
  combine: readonly Combination[],
  taken: readonly string[],
  labels: Labels,
): string | null {
  const keys = members.map((member) => membersKey([member]));
  const twice = members.find((_, at) => keys.indexOf(keys[at] ?? '') < at);
  if (twice !== undefined) {
    return `${labels[twice.weightsId] ?? twice.weightsId}, ${headWords[twice.head]}, is named twice.`;
  }
  if (combine.length === 0) return 'Tick at least one way to combine them.';
  if (combine.includes('shared') && members.filter(isFineTuned).length < 2) {
    return 'Shared needs two fine-tuned members.';
  }
  return taken.includes(membersKey(members)) ? 'This ensemble is in the plan already.' : null;
}
