import type { EnsembleChoice, MemberChoice } from '../../app/comparison/comparison.ts';
import { embeddedRows, type ModelRow } from '../../app/models/models.ts';
import { membersKey } from '../../core/run-choice.ts';
import type { BackboneName } from '../../types.ts';

/** A row of the plan's ensembles. */
export interface OfferedEnsemble extends EnsembleChoice {
  /** Presets are always in the plan; a user's own can be taken out. */
  readonly own: boolean;
}

const ofThePaper: readonly (readonly [BackboneName, BackboneName])[] = [
  ['resnet50', 'vit_base_patch16_224'],
  ['efficientnet_b0', 'vit_base_patch16_224'],
];

/** More members than this take longer to search than they are worth. */
const MOST_MEMBERS = 4;

/**
 * What is embedded, together; the paper's two, of the weights that are here where some are; then the chosen ones, then
 * those whose last tick was just removed.
 */
export function offeredEnsembles(
  rows: readonly ModelRow[],
  images: number,
  chosen: readonly EnsembleChoice[],
  unticked: readonly (readonly MemberChoice[])[],
  canFineTune: boolean,
): OfferedEnsemble[] {
  const head = canFineTune ? 'finetuned' : 'frozen';
  const offered = new Map<string, OfferedEnsemble>();
  const preset = (of: readonly ModelRow[]) => {
    const members = of.map(({ weights }): MemberChoice => ({ weightsId: weights.id, head }));
    offered.set(membersKey(members), { members, combine: [], own: false });
  };
  // Where there is no room for all, the descriptor goes.
  const embedded = embeddedRows(rows, images).toSorted((a, b) => Number(isDescriptor(a)) - Number(isDescriptor(b)));
  if (embedded.length > 1) preset(embedded.slice(0, MOST_MEMBERS));
  for (const architectures of ofThePaper) {
    const of = architectures.flatMap((architecture) => {
      const same = rows.filter(({ weights }) => weights.architecture === architecture);
      return same.find((row) => row.embedded > 0) ?? same.find((row) => !isMissing(row)) ?? same[0] ?? [];
    });
    if (of.length === architectures.length) preset(of);
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

/** Those members whose weights would have to be downloaded. */
export function missingMembers(members: readonly MemberChoice[], rows: readonly ModelRow[]): ModelRow[] {
  const ids = new Set(members.map(({ weightsId }) => weightsId));
  return rows.filter((row) => ids.has(row.weights.id) && isMissing(row));
}

const isDescriptor = ({ weights }: ModelRow): boolean => weights.origin === 'built-in';

const isMissing = ({ weights, cached, embedded }: ModelRow): boolean =>
  weights.origin !== 'built-in' && cached === null && embedded === 0;
