/** Sets of weights that the user lists once more: at another input size, or with features of image and mirror image. */
import * as v from 'valibot';
import { isArchitecture } from '../../models/specs/architectures.ts';
import { sizeProblem, type Variant, variantId } from '../../models/specs/variants.ts';
import { getSetting, putSetting } from '../../storage/settings.ts';
import { context, database } from '../context.ts';
import { jobs } from '../jobs/jobs.ts';
import type { Workspace } from '../workspace.ts';
import { refreshModels, tickModel, VARIANTS } from './rows.ts';
import { findWeightsById } from './weights.ts';

/** More are no choice but a mistake. */
const MOST = 100;

const listed = async (): Promise<readonly string[]> =>
  (await getSetting(database, VARIANTS, v.array(v.string()))) ?? [];

/** Lists a variant behind its set of weights, and ticks it. Resolves to the sentence that says why it cannot; null where it did. */
export async function listVariant(workspace: Workspace, weightsId: string, variant: Variant): Promise<string | null> {
  const [weights, id] = [findWeightsById(weightsId), variantId(weightsId, variant)];
  if (!weights || id === weightsId) return 'Name a size or tick the mirror images first.';
  const { architecture } = weights;
  const problem =
    variant.size === null || !isArchitecture(architecture) ? null : sizeProblem(architecture, variant.size);
  if (problem !== null) return `${problem}.`;
  const found = findWeightsById(id);
  if (!found) return `${weights.label} looks at images as they are.`;
  try {
    const before = await listed();
    if (before.includes(id)) return `${found.label} is in the list already.`;
    if (before.length >= MOST) return `The list has ${MOST} of these already: take one out first.`;
    await keep(workspace, [...before, id]);
    tickModel(workspace, id, true);
  } catch (error) {
    jobs.fail('models', error);
  }
  return null;
}

/** Takes a variant out of the list; its features stay. */
export async function unlistVariant(workspace: Workspace, id: string): Promise<void> {
  try {
    tickModel(workspace, id, false);
    await keep(
      workspace,
      (await listed()).filter((other) => other !== id),
    );
  } catch (error) {
    jobs.fail('models', error);
  }
}

async function keep(workspace: Workspace, ids: readonly string[]): Promise<void> {
  context.weights.listVariants(ids);
  await putSetting(database, VARIANTS, ids);
  await refreshModels(workspace);
  context.changes.tell({ kind: 'weights' });
}
