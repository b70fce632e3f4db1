import type { RunRow } from '../../comparison/comparison.ts';
import type { Workspace } from '../../workspace.ts';

/** The rows of the chosen runs: the one shown, then the one it is compared with. */
export function chosenRuns(workspace: Workspace): RunRow[] {
  const { a, b } = workspace.dashboard.getState();
  const { runs } = workspace.comparison.getState();
  return [a, b].flatMap((id) => runs.find((run) => run.id === id) ?? []);
}

/** "ResNet-50, fine-tuned, seed 1": runs of several seeds have the same label. */
export function runName({ label, choice: { members, combine, recipe, loaded } }: RunRow): string {
  const seeded = loaded === null && (combine !== null || members.some(({ head }) => head === 'finetuned'));
  return seeded ? `${label}, seed ${recipe.seed}` : label;
}
