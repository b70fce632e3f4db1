import { defaultRecipe } from '../../heads/recipe.ts';
import { datasetStore } from '../datasets.ts';
import { evaluate, USUAL_SETTINGS } from '../evaluation.ts';
import { embedWith } from '../extraction.ts';
import { modelsStore } from '../models.ts';
import { operate } from '../operations.ts';
import { frozenChoice, runId } from '../runs.ts';
import { searchStore } from '../search.ts';
import { refreshComparison } from './comparison.ts';
import { continueReading } from './data.ts';
import { refreshModels } from './models.ts';
import { openRun } from './search.ts';
import { refreshStorage } from './storage.ts';

/** Downloads what the ticked models lack, embeds what is not embedded, builds indexes, computes scores. */
export async function embed(): Promise<void> {
  const ticked = modelsStore.getState().rows.filter((row) => row.ticked);
  if (!datasetStore.getState().dataset || ticked.length === 0) return;
  if (!(await continueReading())) return;
  const again = { label: 'Go on embedding', run: () => void embed() };
  await operate(
    'models',
    'Embedding',
    'images',
    async (operation) => {
      const { images } = datasetStore.getState();
      for (const { weights } of ticked) {
        await embedWith(weights, images, operation);
        operation.stage(`Scoring ${weights.label}`, 'images');
        await evaluate(frozenChoice(weights.id, defaultRecipe('cosine')), images, USUAL_SETTINGS, operation.signal);
      }
    },
    again,
  );
  await refreshModels();
  await refreshComparison();
  await refreshStorage();
  const last = ticked.at(-1)?.weights.id;
  const chosen = searchStore.getState().runId ?? (last && runId(frozenChoice(last, defaultRecipe('cosine'))));
  if (chosen) await openRun(chosen);
}
