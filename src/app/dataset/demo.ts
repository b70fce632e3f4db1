import { defaultRecipe, type Recipe } from '../../heads/recipe.ts';
import { planOnly } from '../comparison/plan.ts';
import { openedWorkspace } from '../opened.ts';
import type { Workspace } from '../workspace.ts';
import { openDemo } from './open.ts';

const DESCRIPTOR = 'colour-gradient';

/**
 * The usual recipe with larger steps and fewer of them: the descriptor's head is then trained within seconds, and is as
 * good on these pictures (measured: docs/performance.md). It is shown beside the results as every recipe is.
 */
const RECIPE: Recipe = { ...defaultRecipe('cosine'), learningRate: 1e-3, epochs: 30 };

/**
 * Opens the built-in task and compares the descriptor on it, frozen and fine-tuned: nothing is downloaded for that. The comparison
 * is started before the pictures are read, which it does first: so it is written down, and a reload in between does not lose it.
 */
export async function tryDemo(): Promise<void> {
  const workspace = await openDemo();
  if (!workspace) return;
  // Which models can be ticked.
  await workspace.catchUp.settled(['comparison']);
  if (workspace === openedWorkspace()) await compareOnDemo(workspace, []);
}

/** Compares these models too, beside the descriptor and what was compared before, each frozen and fine-tuned. */
export async function compareOnDemo(workspace: Workspace, weightsIds: readonly string[]): Promise<void> {
  if (!workspace.dataset.getState().dataset?.demo || workspace.comparison.getState().running) return;
  const before = workspace.comparison
    .getState()
    .runs.flatMap(({ choice }) => choice.members.map((member) => member.weightsId));
  planOnly(workspace, [DESCRIPTOR, ...before, ...weightsIds], RECIPE);
  const { runComparison } = await import('../comparison/run-comparison.ts');
  await runComparison(workspace);
}
