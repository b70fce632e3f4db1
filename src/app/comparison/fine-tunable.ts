import { usableHashes } from '../../storage/imported.ts';
import { database } from '../context.ts';
import { allWeights, usableWeights } from '../models/weights.ts';
import type { Workspace } from '../workspace.ts';
import { canFineTune } from './comparison.ts';

/**
 * Ids of imported vectors that are of training images of fewer than two classes: unlike those of a network, what they lack is not to
 * be computed, so that no head can ever be trained on them.
 */
export async function findFrozenOnly(workspace: Workspace): Promise<string[]> {
  const { dataset, images } = workspace.dataset.getState();
  const found: string[] = [];
  for (const weights of allWeights().filter(({ origin }) => origin === 'own')) {
    const key = usableWeights(weights)?.featuresKey;
    const hashes = key ? await usableHashes(database, key, dataset?.id ?? '') : new Set<string>();
    if (!canFineTune(images.filter(({ hash }) => hash !== null && hashes.has(hash)))) found.push(weights.id);
  }
  return found;
}

/** Of which sets of weights a head can be trained on this data set. */
export function fineTunable(workspace: Workspace): (weightsId: string) => boolean {
  const trains = canFineTune(workspace.dataset.getState().images);
  const { frozenOnly } = workspace.comparison.getState();
  return (weightsId) => trains && !frozenOnly.includes(weightsId);
}
