import { defaultRecipe } from '../../heads/recipe.ts';
import { evaluate, USUAL_SETTINGS } from '../comparison/evaluation.ts';
import { refreshComparison } from '../comparison/plan.ts';
import { frozenChoice, runId } from '../comparison/runs.ts';
import { continueReading } from '../dataset/read.ts';
import { jobs, type StartedJob } from '../jobs/jobs.ts';
import { openRun } from '../search/query.ts';
import { refreshStorage } from '../settings/storage.ts';
import type { Workspace } from '../workspace.ts';
import { embedWith } from './extraction.ts';
import { refreshModels } from './rows.ts';
import { findWeightsById } from './weights.ts';

const ticked = (workspace: Workspace) =>
  workspace.models.getState().rows.flatMap((row) => (row.ticked ? [row.weights.id] : []));

/**
 * Downloads what these models (the ticked ones) lack, embeds what is not embedded, builds indexes, computes scores.
 * Resolves to whether it came to its end.
 */
export async function embed(workspace: Workspace, weightsIds: readonly string[] = ticked(workspace)): Promise<boolean> {
  const { dataset } = workspace.dataset.getState();
  if (!dataset || weightsIds.length === 0) return false;
  const finished = await jobs.start(
    { kind: 'embed', datasetId: dataset.id, weightsIds },
    async (started) => (await continueReading(workspace)) && embedAll(workspace, weightsIds, started),
  );
  await refreshModels(workspace);
  await refreshComparison(workspace);
  await refreshStorage();
  if (workspace.closed.aborted) return finished;
  const last = weightsIds.at(-1);
  const chosen = workspace.search.getState().runId ?? (last && runId(frozenChoice(last, defaultRecipe('cosine'))));
  if (chosen) await openRun(workspace, chosen);
  return finished;
}

function embedAll(workspace: Workspace, weightsIds: readonly string[], { run }: StartedJob): Promise<boolean> {
  const remedy = { label: 'Go on embedding', run: () => void embed(workspace, weightsIds) };
  return run({ stage: 'Embedding', unit: 'images', remedy }, async (job) => {
    const { images } = workspace.dataset.getState();
    for (const weights of weightsIds.flatMap((id) => findWeightsById(id) ?? [])) {
      const made = await embedWith(workspace, weights, images, job);
      job.stage(`Scoring ${weights.label}`, 'images');
      await evaluate(frozenChoice(weights.id, defaultRecipe('cosine')), images, USUAL_SETTINGS, job.signal, {
        extractMs: made?.elapsedMs ?? 0,
        imagesPerSecond: made?.imagesPerSecond ?? null,
        trainMs: 0,
      });
    }
  });
}
