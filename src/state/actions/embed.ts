import { defaultRecipe } from '../../heads/recipe.ts';
import { whileOpen } from '../dataset-session.ts';
import { datasetStore } from '../datasets.ts';
import { evaluate, USUAL_SETTINGS } from '../evaluation.ts';
import { embedWith } from '../extraction.ts';
import { jobs, type StartedJob } from '../jobs.ts';
import { modelsStore } from '../models.ts';
import { frozenChoice, runId } from '../runs.ts';
import { searchStore } from '../search.ts';
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
  const finished = await jobs.start(
    { kind: 'embed', datasetId: dataset.id, weightsIds },
    async (started) => (await continueReading()) && embedAll(weightsIds, started),
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

function embedAll(weightsIds: readonly string[], { run }: StartedJob): Promise<boolean> {
  const remedy = { label: 'Go on embedding', run: () => void embed(weightsIds) };
  return run({ stage: 'Embedding', unit: 'images', remedy }, async (job) => {
    const { images } = datasetStore.getState();
    for (const weights of weightsIds.flatMap((id) => findWeightsById(id) ?? [])) {
      const made = await embedWith(weights, images, job);
      job.stage(`Scoring ${weights.label}`, 'images');
      await evaluate(frozenChoice(weights.id, defaultRecipe('cosine')), images, USUAL_SETTINGS, job.signal, {
        extractMs: made?.elapsedMs ?? 0,
        imagesPerSecond: made?.imagesPerSecond ?? null,
        trainMs: 0,
      });
    }
  });
}
