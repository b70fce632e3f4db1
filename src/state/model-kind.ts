import type { MemberChoice, RunChoice } from './runs.ts';

export type ModelKind = 'frozen' | 'finetuned' | 'ensemble';

export const isFineTuned = ({ head }: MemberChoice): boolean => head === 'finetuned';

export function kindOf({ members }: Pick<RunChoice, 'members'>): ModelKind {
  return members.length > 1 ? 'ensemble' : members.some(isFineTuned) ? 'finetuned' : 'frozen';
}

/** Equal for equal members in whatever order. */
export function membersKey(members: readonly MemberChoice[]): string {
  return members
    .map((member) => `${member.weightsId}:${member.head}`)
    .sort()
    .join('+');
}
