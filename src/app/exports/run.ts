import type { ReadImage, Run } from '../../core/run.ts';
import { classCosines, type RunClasses, validationParts } from '../../core/run-classes.ts';
import { embedImages, headsOf, runEmbeddings } from '../../core/run-embeddings.ts';
import { queryRows, scoredImages } from '../../core/scored-images.ts';
import { AppError } from '../../errors.ts';
import type { Embeddings } from '../../storage/embeddings.ts';
import type { ScoredSplit } from '../../types.ts';
import type { RunRow } from '../comparison/comparison.ts';
import { runOf } from '../comparison/runs.ts';
import { context } from '../context.ts';
import type { Workspace } from '../workspace.ts';
import { openDataset } from './facts.ts';

export type ScoredPart = 'query' | 'gallery';

/** The run with its stored features. Throws AppError 'dataset-unusable' where they have been deleted since. */
export async function storedRun(workspace: Workspace, row: RunRow): Promise<Run> {
  const run = await runOf(row.choice, openDataset(workspace).images);
  if (run && run.images.length > 0) return run;
  const sentence = `The features of ${row.label} are not stored any more. Run the comparison again, then export.`;
  throw new AppError('dataset-unusable', sentence);
}

/** The images that are asked with or searched on a split, in row order: those of evaluateTest and evaluateValidation. */
export function scoredPart(run: Run, split: ScoredSplit, part: ScoredPart): ReadImage[] {
  if (split === 'test') return scoredImages(run.images, 'test')[part === 'query' ? 'queries' : 'gallery'];
  return [...(validationParts(run)?.[part] ?? [])];
}

/** Their embeddings; on validation by the heads that were fitted without them. */
export async function scoredEmbeddings(
  run: Run,
  split: ScoredSplit,
  part: ScoredPart,
  images: readonly ReadImage[],
): Promise<Embeddings> {
  if (split === 'test') return ofTest(run, part, (of) => runEmbeddings(context, run, of));
  const heads = await headsOf(context, run, 'fitHeads');
  const hashes = images.map(({ hash }) => hash);
  return embedImages(context, run, hashes, heads);
}

function ofTest(run: Run, part: ScoredPart, rowsOf: (split: ScoredPart) => Promise<Embeddings>): Promise<Embeddings> {
  return part === 'gallery' ? rowsOf(part) : queryRows(scoredImages(run.images, 'test'), rowsOf);
}

/** The cosines of the same images to each class, by which the run is ranked. */
export async function scoredClasses(
  run: Run,
  split: ScoredSplit,
  part: ScoredPart,
  { validated }: RunClasses,
): Promise<Embeddings> {
  if (split === 'test') return ofTest(run, part, (of) => classCosines(context, run, of));
  const known = part === 'query' ? validated?.queries : validated?.gallery;
  if (known) return known;
  throw new AppError('dataset-unusable', 'The validation images of this run are not there any more. Score it again.');
}
