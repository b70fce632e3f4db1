import { aborted } from '../../errors.ts';
import { defaultRecipe } from '../../heads/recipe.ts';
import { whileOpen } from '../dataset-session.ts';
import { datasetStore } from '../datasets.ts';
import { evaluate, USUAL_SETTINGS } from '../evaluation.ts';
import { embedWith } from '../extraction.ts';
import type { Entry } from '../journal.ts';
import { modelsStore } from '../models.ts';
import { operate } from '../operations.ts';
import { frozenChoice, runId } from '../runs.ts';
import { searchStore } from '../search.ts';
import { undertake } from '../undertake.ts';
import { findWeightsById } from '../weights.ts';
import { refreshComparison } from './comparison.ts';
import { continueReading } from './data.ts';
import { refreshModels } from './models.ts';
import { openRun } from './search.ts';
import { refreshStorage } from './storage.ts';

const ticked = () => modelsStore.getState().rows.flatMap((row) => (row.ticked ? [row.weights.id] : []));

/**
 * Downloads what these models (the ticked ones) lack, embeds what is not embedded, builds indexes, computes scores.
 * Resolves to whether it came to its end.
 */
export async function embed(weightsIds: readonly string[] = ticked()): Promise<boolean> {
  const { dataset } = datasetStore.getState();
  if (!dataset || weightsIds.length === 0) return false;
  const open = whileOpen();
  const finished = await undertake(
    { kind: 'embed', datasetId: dataset.id, weightsIds },
    async (entry) => (await continueReading()) && embedAll(weightsIds, entry),
  );
  await refreshModels();
  await refreshComparison();
  await refreshStorage();
  if (!open()) return finished;
  const last = weightsIds.at(-1);
  const chosen = searchStore.getState().runId ?? (last && runId(frozenChoice(last, defaultRecipe('cosine'))));
  if (chosen) await openRun(chosen);
  return finished;
}

function embedAll(weightsIds: readonly string[], entry: Entry): Promise<boolean> {
  return operate(
    'models',
    'Embedding',
    'images',
    async (operation) => {
      if (operation.signal.aborted) throw aborted();
      const { images } = datasetStore.getState();
      for (const weights of weightsIds.flatMap((id) => findWeightsById(id) ?? [])) {
        await embedWith(weights, images, operation);
        operation.stage(`Scoring ${weights.label}`, 'images');
        await evaluate(frozenChoice(weights.id, defaultRecipe('cosine')), images, USUAL_SETTINGS, operation.signal);
      }
    },
    { label: 'Go on embedding', run: () => void embed(weightsIds) },
    entry,
  );
}
