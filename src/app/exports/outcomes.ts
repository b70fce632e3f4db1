import { getNeighbours, getOutcomes } from '../../storage/runs.ts';
import type { QueryNeighbours, QueryOutcomes, ScoredSplit } from '../../types.ts';
import { subjectDigest } from '../comparison/runs.ts';
import { database } from '../context.ts';
import type { Workspace } from '../workspace.ts';
import { openDataset } from './facts.ts';

/** A run's queries on a split with their first neighbours, entry by entry. */
export interface JudgedQueries {
  readonly outcomes: QueryOutcomes;
  readonly neighbours: QueryNeighbours;
}

/** From storage; null where the run has no queries on that split. */
export async function judgedQueries(
  workspace: Workspace,
  runId: string,
  split: ScoredSplit,
): Promise<JudgedQueries | null> {
  const { dataset, images } = openDataset(workspace);
  const subject = await subjectDigest(images);
  const outcomes = await getOutcomes(database, dataset.id, runId, split, subject);
  const neighbours = await getNeighbours(database, dataset.id, runId, split, subject);
  return outcomes && neighbours ? { outcomes, neighbours } : null;
}

export async function outcomesOf(
  workspace: Workspace,
  runId: string,
  split: ScoredSplit,
): Promise<QueryOutcomes | null> {
  const { dataset, images } = openDataset(workspace);
  return getOutcomes(database, dataset.id, runId, split, await subjectDigest(images));
}
