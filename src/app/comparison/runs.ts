import * as chosen from '../../core/chosen-run.ts';
import type { Run } from '../../core/run.ts';
import type { RunChoice } from '../../core/run-choice.ts';
import type { ImageRecord } from '../../types.ts';
import { context } from '../context.ts';

export * from '../../core/run-choice.ts';

export const subjectDigest = (images: readonly ImageRecord[]): Promise<string> => context.digests.subject(images);

/** The chosen run on those images of the open data set that all its members have embedded; null where there are none. */
export async function runOf(choice: RunChoice, images: readonly ImageRecord[]): Promise<Run | null> {
  const datasetId = images[0]?.datasetId;
  return datasetId === undefined ? null : chosen.runOf(context, choice, { datasetId, images });
}

export async function searchableRunOf(choice: RunChoice, images: readonly ImageRecord[]): Promise<Run | null> {
  const datasetId = images[0]?.datasetId;
  return datasetId === undefined ? null : chosen.searchableRunOf(context, choice, { datasetId, images });
}
