import type { EnsembleChoice, MemberChoice } from '../../app/comparison/comparison.ts';
import type { ModelRow } from '../../app/models/models.ts';
import { membersKey } from '../../core/run-choice.ts';
import type { BackboneName } from '../../types.ts';

/** A row of the plan's ensembles. */
export interface OfferedEnsemble extends EnsembleChoice {
  /** The paper's two always stand in the plan; a user's own can be taken out. */
  readonly own: boolean;
}

const ofThePaper: readonly (readonly [BackboneName, BackboneName])[] = [
  ['resnet50', 'vit_base_patch16_224'],
  ['efficientnet_b0', 'vit_base_patch16_224'],
];

/** The paper's two where their weights are known, then the chosen ones, then those whose last tick was just removed. */
export function offeredEnsembles(
  rows: readonly ModelRow[],
  chosen: readonly EnsembleChoice[],
  unticked: readonly (readonly MemberChoice[])[],
  canFineTune: boolean,
): OfferedEnsemble[] {
  const head = canFineTune ? 'finetuned' : 'frozen';
  const offered = new Map<string, OfferedEnsemble>();
  for (const architectures of ofThePaper) {
    const members = architectures.flatMap((architecture): MemberChoice[] => {
      const same = rows.filter(({ weights }) => weights.architecture === architecture);
      const row = same.find(({ embedded, cached }) => embedded > 0 || cached !== null) ?? same[0];
      return row === undefined ? [] : [{ weightsId: row.weights.id, head }];
    });
    if (members.length === architectures.length) {
      offered.set(membersKey(members), { members, combine: [], own: false });
    }
  }
  for (const ensemble of chosen) {
    const key = membersKey(ensemble.members);
    offered.set(key, { ...ensemble, own: offered.get(key)?.own ?? true });
  }
  for (const members of unticked) {
    const key = membersKey(members);
    if (!offered.has(key)) offered.set(key, { members, combine: [], own: true });
  }
  return [...offered.values()];
}
