import * as v from 'valibot';
import { fetchWeights } from '../../core/embed.ts';
import * as client from '../../core/weights-files.ts';
import { AppError, toAppError } from '../../errors.ts';
import { defaultRecipe } from '../../heads/recipe.ts';
import { isArchitecture } from '../../models/specs/architectures.ts';
import { partsOfId } from '../../models/specs/variants.ts';
import { usableHashes } from '../../storage/imported.ts';
import { getRuns } from '../../storage/runs.ts';
import { getSetting, putSetting } from '../../storage/settings.ts';
import type { Weights } from '../../types.ts';
import { frozenChoice, runId, type StoredRun, storedRunSchema, subjectDigest } from '../comparison/runs.ts';
import { context, database } from '../context.ts';
import { jobs } from '../jobs/jobs.ts';
import { openedWorkspace } from '../opened.ts';
import type { Workspace } from '../workspace.ts';
import { arranged, groupFor, type ModelRow } from './models.ts';
import { loadRates, rateOf } from './rates.ts';
import {
  allWeights,
  cachedWeights,
  findWeightsById,
  isOriginListed,
  loadWeightsLists,
  usableWeights,
} from './weights.ts';

const TICKED = 'ticked-models';
/** Ids of sets of weights that the user listed once more (app/models/variants.ts). */
export const VARIANTS = 'variants';

/** Looks up weights at start, without what is embedded with them. The app works without: the descriptor needs none. */
export async function loadModels(): Promise<void> {
  await loadWeightsLists().catch((error) => jobs.fail('models', error));
  await loadRates().catch((error) => jobs.fail('models', error));
  const kept = await getSetting(database, TICKED, v.array(v.string())).catch((error) => jobs.fail('models', error));
  const variants = await getSetting(database, VARIANTS, v.array(v.string())).catch((error) =>
    jobs.fail('models', error),
  );
  context.weights.listVariants(variants ?? []);
  const ticked = new Set(kept ?? ['colour-gradient']);
  const rows = allWeights().map((weights) => emptyRow(weights, ticked.has(weights.id)));
  openedWorkspace().models.setState({ rows: arranged(rows) });
}

/** Weights with nothing of them counted yet. */
export function emptyRow(weights: Weights, ticked: boolean): ModelRow {
  const nothing = {
    partialBytes: 0,
    download: null,
    embedded: 0,
    embedding: false,
    imagesPerSecond: rateOf(weights),
    scores: null,
  };
  const cached = cachedWeights(weights.id);
  return { weights, group: groupFor(weights, cached), ticked, cached, ...nothing };
}

/** All sets of weights with nothing of them here: no file, no features, no scores. */
export function forgetModels(workspace: Workspace): void {
  const isTicked = (weights: Weights) => weights.architecture === 'colour-gradient';
  workspace.models.setState({ rows: arranged(allWeights().map((weights) => emptyRow(weights, isTicked(weights)))) });
}

export function changeRow(workspace: Workspace, id: string, part: Partial<ModelRow>): void {
  workspace.models.setState(({ rows }) => ({
    rows: rows.map((row) => (row.weights.id === id ? { ...row, ...part } : row)),
  }));
}

/**
 * Brings every row up to date with the cache, the data set and the stored results. Before the start has listed weights
 * and ticks there is nothing to bring up to date, and it does so itself afterwards.
 */
export async function refreshModels(workspace: Workspace): Promise<void> {
  if (workspace.models.getState().rows.length === 0) return;
  try {
    const { dataset, images } = workspace.dataset.getState();
    const runs = dataset ? await getRuns(database, dataset.id, storedRunSchema) : new Map<string, StoredRun>();
    const subject = await subjectDigest(images);
    const found = await Promise.all(
      allWeights().map(async (weights) => {
        const cached = cachedWeights(weights.id);
        const partialBytes =
          cached || !isArchitecture(weights.architecture)
            ? 0
            : await client.partialDownload(context, partsOfId(weights.id).weightsId);
        const key = usableWeights(weights)?.featuresKey;
        const hashes = key ? await usableHashes(database, key, dataset?.id ?? '') : new Set<string>();
        const embedded = images.filter(({ hash }) => hash !== null && hashes.has(hash)).length;
        const run = runs.get(runId(frozenChoice(weights.id, defaultRecipe('cosine'))));
        const scores = run?.subject === subject ? (run.result.test ?? null) : null;
        return { weights, cached, partialBytes, embedded, scores, imagesPerSecond: rateOf(weights) };
      }),
    );
    // Looked up by now, since a user ticks and downloads go on meanwhile.
    workspace.models.setState((state) => {
      const known = new Map(state.rows.map((row) => [row.weights.id, row]));
      const rows = found.map((fresh): ModelRow => {
        const row = known.get(fresh.weights.id) ?? emptyRow(fresh.weights, false);
        return { ...row, ...fresh, group: groupFor(fresh.weights, fresh.cached) };
      });
      return { rows: arranged(rows), counted: true };
    });
  } catch (error) {
    // Embedding looks for itself what is missing: a user need not wait for figures that do not come.
    workspace.models.setState({ counted: true });
    jobs.fail('models', error);
  }
}

export function tickModel(workspace: Workspace, weightsId: string, ticked: boolean): void {
  changeRow(workspace, weightsId, { ticked });
  const all = workspace.models.getState().rows.flatMap((row) => (row.ticked ? [row.weights.id] : []));
  putSetting(database, TICKED, all).catch((error) => jobs.fail('models', error));
}

/**
 * Asks for the server's list once more where it could not be read: what it offers comes from there, and not from elsewhere. Where
 * it still cannot be, that was said before.
 */
export async function listOriginAgain(workspace: Workspace): Promise<void> {
  if (isOriginListed()) return;
  await loadWeightsLists().catch((error) => jobs.record(toAppError(error)));
  if (!isOriginListed()) return;
  // What was said of its absence at the start. A download that failed has a button of its own.
  jobs.mended('download-failed', ({ remedy }) => remedy === null);
  await refreshModels(workspace);
}

/** Resolves to whether they came. */
export async function downloadWeights(workspace: Workspace, weightsId: string): Promise<boolean> {
  await listOriginAgain(workspace);
  const weights = findWeightsById(weightsId);
  if (!weights) return false;
  let kept = 0;
  const remedy = () =>
    kept > 0
      ? { label: 'Continue the download', run: () => void downloadWeights(workspace, weightsId) }
      : { label: 'Download again', run: () => void downloadAgain(workspace, weights) };
  const finished = await jobs.start({ kind: 'download', weightsId }, ({ run }) =>
    run({ stage: `Downloading ${weights.label}`, unit: 'bytes', remedy }, async (job) => {
      try {
        await fetchWeights(context, weights, job);
      } catch (error) {
        kept = await client.partialDownload(context, partsOfId(weightsId).weightsId).catch(() => 0);
        throw error;
      }
    }),
  );
  await workspace.catchUp.settled();
  return finished;
}

/** What the server offers may be another file by now, or gone: then another host is asked on the user's press alone. */
async function downloadAgain(workspace: Workspace, { id, origin }: Weights): Promise<void> {
  await loadWeightsLists().catch((error) => jobs.fail('models', error));
  await refreshModels(workspace);
  if (findWeightsById(id)?.origin === origin) await downloadWeights(workspace, id);
  else jobs.fail('models', new AppError('download-failed', `The server offers ${id} no more. ${ELSEWHERE}`));
}

const ELSEWHERE = 'Download the weights from where the list says now, or drop a model.safetensors that you have.';

/** Lists a set of the hub that the user looked up. */
export async function offerWeights(workspace: Workspace, weights: Weights): Promise<void> {
  context.weights.offer(weights);
  await refreshModels(workspace);
}

export async function removeWeights(workspace: Workspace, weightsId: string): Promise<void> {
  try {
    context.backbones.close();
    await client.removeWeights(context, weightsId);
    context.weights.forget(weightsId);
    context.changes.tell({ kind: 'weights' });
    await workspace.catchUp.settled();
  } catch (error) {
    jobs.fail('models', error);
  }
}
