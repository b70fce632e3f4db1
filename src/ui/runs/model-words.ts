import type { MemberChoice } from '../../app/comparison/comparison.ts';
import { unlistedLabel } from '../../app/models/models.ts';
import { modelName } from '../../core/run-name.ts';
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

/** "ResNet-50 + ViT-B/16"; with their heads where they differ: "ResNet-50 (fine-tuned) + ResNet-50 (frozen)". */
export const membersName = (members: readonly MemberChoice[], labels: Labels): string =>
  modelName({ label: (id) => labels[id] ?? unlistedLabel(id) }, { members });

/** "fine-tuned", "frozen", "fine-tuned and frozen". */
export function membersHeads(members: readonly MemberChoice[]): string {
  const heads = new Set(members.map(({ head }) => head));
  return (['finetuned', 'frozen'] as const)
    .filter((head) => heads.has(head))
    .map((head) => headWords[head])
    .join(' and ');
}
