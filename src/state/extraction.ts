import type { Change } from '../core/changes.ts';
import * as core from '../core/embed.ts';
import type { ExtractionResult } from '../core/extract.ts';
import { AppError, aborted } from '../errors.ts';
import type { ImageRecord, Problem, Weights } from '../types.ts';
import { changeRow } from './actions/models.ts';
import { changeSession, datasetSession, openFile } from './dataset-session.ts';
import { type JobContext, jobs } from './jobs.ts';
import { modelsStore } from './models.ts';
import { context } from './session.ts';
import { findWeightsById } from './weights.ts';

/** Computes the features of images of the open data set that are missing; null where none were. */
export async function embedWith(
  weights: Weights,
  images: readonly ImageRecord[],
  job: JobContext,
): Promise<ExtractionResult | null> {
  if (job.signal.aborted) throw aborted();
  const session = datasetSession();
  const files = { readable: () => session?.readable.size !== 0, open: (path: string) => openFile(path, session) };
  return core.embedWith(context, weights, { datasetId: images[0]?.datasetId ?? '', images }, files, job);
}

context.changes.on((change) => {
  if (change.kind === 'embedding') showEmbedding(change);
  else if (change.kind === 'unembedded') void listUnembedded(change).catch((error) => jobs.fail('models', error));
});

function showEmbedding({ datasetId, weightsId, state, embedded, imagesPerSecond }: Change & { kind: 'embedding' }) {
  // Rows count the open data set.
  if (datasetSession()?.stored.id !== datasetId) return;
  const row = modelsStore.getState().rows.find(({ weights }) => weights.id === weightsId);
  changeRow(weightsId, {
    embedding: state === 'running',
    imagesPerSecond: imagesPerSecond ?? row?.imagesPerSecond ?? null,
    ...(embedded !== null ? { embedded } : {}),
  });
}

/** Lists the images that the model could not be given among the data set's problems, and takes those off that it now has. */
async function listUnembedded({ datasetId, weightsId, tried, failures }: Change & { kind: 'unembedded' }) {
  const label = findWeightsById(weightsId)?.label ?? weightsId;
  const [first] = failures;
  if (first) {
    const sentence = `${failures.length} of ${tried.length} images could not be embedded with ${label}. The first: ${first.path}. ${first.reason} The others are kept; all that are missing are listed among the problems of the data set.`;
    jobs.fail('models', new AppError('image-undecodable', sentence));
  }
  const session = datasetSession();
  if (session?.stored.id !== datasetId) return;
  const keyOf = (path: string) => JSON.stringify([weightsId, path]);
  const unembedded = new Map<string, Problem>(session.unembedded);
  for (const path of tried) unembedded.delete(keyOf(path));
  for (const { path, reason } of failures) {
    unembedded.set(keyOf(path), {
      kind: 'not-embedded',
      severity: 'warning',
      path,
      reason,
      action: `left out of ${label}; embedding again tries it again`,
    });
  }
  if (unembedded.size > 0 || session.unembedded?.size) await changeSession({ unembedded });
}
