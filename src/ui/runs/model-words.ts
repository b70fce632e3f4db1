import type { MemberChoice } from '../../app/comparison/comparison.ts';
import { isFineTuned } from '../../core/run-choice.ts';
import { sameEntries, useStore } from '../use-store.ts';
import { useWorkspace } from '../workspace.tsx';

/** Id of a set of weights → its name for people. */
export type Labels = Readonly<Record<string, string>>;

export function useLabels(): Labels {
  return useStore(
    useWorkspace().models,
    (state): Labels => Object.fromEntries(state.rows.map(({ weights }) => [weights.id, weights.label])),
    sameEntries,
  );
}

export const headWords = { frozen: 'frozen', finetuned: 'fine-tuned' } as const;

/** "ResNet-50 + ViT-B/16"; beside fine-tuned members, frozen ones say so: "ResNet-50 + ResNet-50 (frozen)". */
export function membersName(members: readonly MemberChoice[], labels: Labels): string {
  const trained = members.some(isFineTuned);
  return members
    .map(({ weightsId, head }) => {
      const name = labels[weightsId] ?? weightsId;
      return trained && head === 'frozen' ? `${name} (frozen)` : name;
    })
    .join(' + ');
}

/** "fine-tuned", "frozen", "fine-tuned and frozen". */
export function membersHeads(members: readonly MemberChoice[]): string {
  const heads = new Set(members.map(({ head }) => head));
  return (['finetuned', 'frozen'] as const)
    .filter((head) => heads.has(head))
    .map((head) => headWords[head])
    .join(' and ');
}
