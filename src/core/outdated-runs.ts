import type { WantedRuns } from './plan.ts';
import { membersKey, type RunChoice } from './run-choice.ts';

/**
 * The comparisons that make these runs again: one for each recipe, over all seeds. Of a model that was ranked in several ways
 * the plain run is made; its rankings are scored from it.
 */
export function wantedAgain(choices: readonly RunChoice[]): WantedRuns[] {
  const groups = new Map<string, RunChoice[]>();
  for (const choice of choices) {
    if (choice.loaded !== null) continue;
    const { seed: _, ...settings } = choice.recipe;
    const key = JSON.stringify(Object.entries(settings).sort());
    const group = groups.get(key);
    if (group) group.push(choice);
    else groups.set(key, [choice]);
  }
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (!first) return [];
    const seeds = group.map(({ recipe }) => recipe.seed);
    const [from, to] = [Math.min(...seeds), Math.max(...seeds)];
    const singles = new Map<string, { weightsId: string; frozen: boolean; finetuned: boolean }>();
    const ensembles = new Map<string, WantedRuns['ensembles'][number]>();
    for (const { members, combine } of group) {
      const [only] = members;
      if (combine !== null) {
        const key = membersKey(members);
        const known = ensembles.get(key)?.combine ?? [];
        ensembles.set(key, { members, combine: [...new Set([...known, combine])] });
      } else if (only) {
        const { weightsId, head } = only;
        const known = singles.get(weightsId) ?? { weightsId, frozen: false, finetuned: false };
        singles.set(weightsId, { ...known, [head]: true });
      }
    }
    const recipe = { ...first.recipe, seed: from };
    return [{ singles: [...singles.values()], ensembles: [...ensembles.values()], recipe, seeds: to - from + 1 }];
  });
}
