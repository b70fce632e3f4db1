import { usableHashes } from '../storage/imported.ts';
import type { ImageRecord } from '../types.ts';
import type { Context, Subject } from './context.ts';
import type { Run, RunMember } from './run.ts';
import { isStored } from './run-blocks.ts';
import type { RunChoice } from './run-choice.ts';
import type { WeightsCatalogue } from './weights-catalogue.ts';

/** The chosen run on those of the images that all its members have embedded; null where weights were never here. */
export async function runOf(
  { database, weights }: Pick<Context, 'database' | 'weights'>,
  choice: RunChoice,
  subject: Subject,
): Promise<Run | null> {
  const run = runOn(weights, choice, subject);
  if (!run) return null;
  let embedded: readonly ImageRecord[] = subject.images;
  for (const { featuresKey } of run.members) {
    const stored = await usableHashes(database, featuresKey, subject.datasetId);
    embedded = embedded.filter(({ hash }) => hash !== null && stored.has(hash));
  }
  return { ...run, images: embedded };
}

/**
 * The chosen run, to be searched: on all images where it has stored embeddings of just these, and else as `runOf`, which
 * looks every image up; with 100,000 of them that takes seconds.
 */
export async function searchableRunOf(context: Context, choice: RunChoice, subject: Subject): Promise<Run | null> {
  const run = runOn(context.weights, choice, subject);
  if (run && (await isStored(context, run, 'gallery')) && (await isStored(context, run, 'query'))) return run;
  return runOf(context, choice, subject);
}

/** The chosen run as if all its members had embedded these images. */
export function runOn(
  weights: WeightsCatalogue,
  { members: chosen, combine, recipe, loaded, rank }: RunChoice,
  { datasetId, images }: Subject,
): Run | null {
  const members: RunMember[] = [];
  for (const { weightsId, head } of chosen) {
    const found = weights.find(weightsId);
    const usable = found && weights.usable(found);
    if (!found || !usable) return null;
    const { architecture, features } = found;
    members.push({ weightsId, architecture, featuresKey: usable.featuresKey, dimensions: features, head });
  }
  return { datasetId, members, combine, recipe, loaded, rank, images };
}
