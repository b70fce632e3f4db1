import * as core from '../../core/embed.ts';
import type { ExtractionResult } from '../../core/extract.ts';
import { doneOneByOne } from '../../core/setbacks.ts';
import { aborted } from '../../errors.ts';
import { defaultRecipe } from '../../heads/recipe.ts';
import type { ImageRecord, Weights } from '../../types.ts';
import { canScore } from '../comparison/comparison.ts';
import { tickEmbedded } from '../comparison/plan.ts';
import { evaluate, frozenChoice } from '../comparison/runs.ts';
import { context } from '../context.ts';
import { readFirst } from '../dataset/read.ts';
import { openFile } from '../dataset/session.ts';
import { type JobContext, jobs, type StartedJob } from '../jobs/jobs.ts';
import { openAnyRun } from '../search/answering-run.ts';
import type { Workspace } from '../workspace.ts';
import { leftToEmbed, type ModelRow } from './models.ts';
import { noteRate } from './rates.ts';
import { changeRow, listOriginAgain } from './rows.ts';
import { findWeightsById } from './weights.ts';

/** Computes the features of images of the open data set that are missing; null where none were. */
export async function embedWith(
  workspace: Workspace,
  weights: Weights,
  images: readonly ImageRecord[],
  job: JobContext,
): Promise<ExtractionResult | null> {
  if (job.signal.aborted) throw aborted();
  const session = workspace.session;
  const files = {
    readable: () => session?.readable.size !== 0,
    open: (path: string) => openFile(workspace, path, session),
  };
  const result = await core.embedWith(context, weights, { datasetId: images[0]?.datasetId ?? '', images }, files, job);
  if (result) noteRate(weights, Math.round((result.imagesPerSecond * result.elapsedMs) / 1000), result.elapsedMs);
  return result;
}

const ticked = (workspace: Workspace) =>
  workspace.models.getState().rows.flatMap((row) => (row.ticked ? [row.weights.id] : []));

/**
 * Downloads what these models (the ticked ones) lack, embeds what is not embedded, builds indexes, computes scores.
 * Resolves to whether it came to its end.
 */
export async function embed(workspace: Workspace, weightsIds: readonly string[] = ticked(workspace)): Promise<boolean> {
  const { dataset } = workspace.dataset.getState();
  if (!dataset || weightsIds.length === 0) return false;
  const answering = workspace.searching.session !== null;
  const finished = await jobs.start(
    { kind: 'embed', datasetId: dataset.id, weightsIds },
    async (started) => (await readFirst(workspace, 'embed')) && embedAll(workspace, weightsIds, started),
  );
  await workspace.catchUp.settled();
  // Its gallery may have more images now. Where none answered, one does by now.
  if (answering && !workspace.closed.aborted) await openAnyRun(workspace);
  return finished;
}

function embedAll(workspace: Workspace, weightsIds: readonly string[], { run }: StartedJob): Promise<boolean> {
  const remedy = {
    label: 'Go on embedding',
    run: () => void embed(workspace, weightsIds),
    // A comparison embeds as well.
    needed: () => isUnfinished(workspace, weightsIds),
  };
  return run({ stage: 'Embedding', unit: 'images', remedy }, async (job) => {
    await listOriginAgain(workspace);
    const { images } = workspace.dataset.getState();
    const wanted = weightsIds.flatMap((id) => findWeightsById(id) ?? []);
    const unfinished = wanted.filter((weights) => embeddingSeconds(workspace, weights) !== 0);
    const pieces = wanted.map((weights) => ({ id: weights.id, name: weights.label, needs: [], weights }));
    await doneOneByOne(pieces, async ({ weights }) => {
      const step = partOf(job, workspace, unfinished, unfinished.indexOf(weights));
      const made = await embedWith(workspace, weights, images, step);
      step.stage(`Scoring ${weights.label}`, 'images');
      const timing = { extractMs: made?.elapsedMs ?? 0, imagesPerSecond: made?.imagesPerSecond ?? null, trainMs: 0 };
      const choice = frozenChoice(weights.id, defaultRecipe('cosine'));
      const scored = await evaluate(choice, images, job.signal, timing);
      // What a model reached is shown while the next one is worked on, and what is embedded can be compared.
      changeRow(workspace, weights.id, { scores: scored?.result.test ?? null });
      tickEmbedded(workspace, [weights.id]);
    });
  });
}

/** Whether one of these models lacks features that can be computed, or scores over all images. */
function isUnfinished(workspace: Workspace, weightsIds: readonly string[]): boolean {
  const { rows } = workspace.models.getState();
  const { images } = workspace.dataset.getState();
  const lacksScores = ({ embedded, scores }: ModelRow) =>
    embedded >= images.length && scores === null && canScore(images);
  return rows.some(
    (row) => weightsIds.includes(row.weights.id) && (leftToEmbed(row, images.length) > 0 || lacksScores(row)),
  );
}

/** The job as one of its models sees it: every report says of which model, and how long those after it will take. Those with nothing to do (−1) are not counted. */
function partOf(job: JobContext, workspace: Workspace, wanted: readonly Weights[], at: number): JobContext {
  const say = (downloading: boolean) => {
    const after = wanted.slice(downloading ? at : at + 1).map((weights) => embeddingSeconds(workspace, weights));
    const secondsAfter = after.includes(null) ? null : after.reduce<number>((sum, seconds) => sum + (seconds ?? 0), 0);
    job.part({ noun: 'model', number: at + 1, of: wanted.length, secondsAfter });
  };
  if (at < 0) return job;
  say(false);
  return {
    ...job,
    stage(name, unit) {
      job.stage(name, unit);
      // After a download, its own images come as well.
      say(unit === 'bytes');
    },
  };
}

/** Null where this machine was never measured with it, or the weights must come first. */
function embeddingSeconds(workspace: Workspace, { id }: Weights): number | null {
  const row = workspace.models.getState().rows.find(({ weights }) => weights.id === id);
  if (!row) return null;
  const left = leftToEmbed(row, workspace.dataset.getState().images.length);
  if (left === 0) return 0;
  return row.imagesPerSecond === null || !isHere(row) ? null : left / row.imagesPerSecond;
}

/** Whether nothing has to be downloaded before it can embed. */
const isHere = ({ cached, weights, download }: ModelRow): boolean =>
  cached !== null || weights.origin === 'built-in' || weights.origin === 'own' || download !== null;
