import * as core from '../../core/embed.ts';
import type { ExtractionResult } from '../../core/extract.ts';
import { aborted } from '../../errors.ts';
import type { ImageRecord, Weights } from '../../types.ts';
import { context } from '../context.ts';
import { openFile } from '../dataset/session.ts';
import type { JobContext } from '../jobs/jobs.ts';
import type { Workspace } from '../workspace.ts';
import { noteRate } from './rates.ts';

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
