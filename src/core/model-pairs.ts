/** Which models are held against which: pure. */
import type { Metric } from '../metrics/registry.ts';
import type { ScoredSplit } from '../types.ts';
import { bestRows, extentOf, type ResultRow, sameGallery, scoreOfRuns, seedOf } from './result-rows.ts';
import { isFineTuned, kindOf, type MemberChoice } from './run-choice.ts';
import type { RunRow } from './run-name.ts';

/** The difference first − second is what is asked. */
export interface ModelPair {
  readonly first: ResultRow;
  readonly second: ResultRow;
}

/** An ensemble with the best of its members that were scored alone, by the same recipe. */
export interface EnsemblePair {
  readonly ensemble: ResultRow;
  /** Null where none was. */
  readonly member: ResultRow | null;
  /** Members that were not scored alone: the best might be one of them. */
  readonly missing: readonly MemberChoice[];
}

export const pairKey = ({ first, second }: ModelPair, split: ScoredSplit, metric: Metric): string =>
  JSON.stringify([split, metric.key, first.key, second.key]);

/** A query is answered more easily in a part of the gallery: no such answer is held against one in all of it. */
const searchedAlike = (a: ResultRow, b: ResultRow, split: ScoredSplit): boolean =>
  sameGallery(extentOf(a.runs, split), extentOf(b.runs, split));

/** The model against every other of which the metric is known, and that searched the same gallery. */
export function againstOthers(
  first: ResultRow,
  rows: readonly ResultRow[],
  split: ScoredSplit,
  metric: Metric,
): ModelPair[] {
  return rows
    .filter((row) => row !== first && scoreOfRuns(row.runs, split, metric) !== null)
    .filter((row) => searchedAlike(first, row, split))
    .map((second) => ({ first, second }));
}

/** Each fine-tuned backbone against the same backbone frozen, recipe by recipe. */
export function finetunedAgainstFrozen(rows: readonly ResultRow[], split: ScoredSplit): ModelPair[] {
  const scored = rows.filter((row) => isScored(row, split));
  return scored
    .filter((row) => kindOfRow(row) === 'finetuned')
    .flatMap((first) =>
      scored
        .filter((row) => kindOfRow(row) === 'frozen' && memberOf(row).weightsId === memberOf(first).weightsId)
        .filter((row) => rankOf(row) === rankOf(first) && searchedAlike(first, row, split))
        .map((second) => ({ first, second })),
    );
}

/** Each ensemble with its best single member on the split, by the metric; of equals the first. */
export function ensemblesAgainstMembers(
  rows: readonly ResultRow[],
  split: ScoredSplit,
  metric: Metric,
): EnsemblePair[] {
  const ensembles = rows.filter((row) => kindOfRow(row) === 'ensemble' && isScored(row, split));
  return ensembles.map((ensemble) => {
    const { members } = ensemble.runs[0].choice;
    const alone = members.map((member) => rows.filter((row) => isMemberAlone(row, member, ensemble, split)));
    return {
      ensemble,
      member: bestRows(alone.flat(), split, metric)?.rows[0] ?? null,
      missing: members.filter((_, at) => alone[at]?.length === 0),
    };
  });
}

/** Whether the row is the ensemble's member on its own; a fine-tuned one learned by the ensemble's recipe. */
function isMemberAlone(row: ResultRow, member: MemberChoice, ensemble: ResultRow, split: ScoredSplit): boolean {
  const { members, loaded } = row.runs[0].choice;
  const [own, ...others] = members;
  if (own === undefined || others.length > 0 || loaded !== null || !isScored(row, split)) return false;
  if (rankOf(row) !== rankOf(ensemble) || !searchedAlike(row, ensemble, split)) return false;
  if (own.weightsId !== member.weightsId || own.head !== member.head) return false;
  return !isFineTuned(member) || recipeKey(row) === recipeKey(ensemble);
}

/** Equal for recipes that differ in the seed alone. */
function recipeKey({ runs: [{ choice }] }: ResultRow): string {
  return JSON.stringify(
    Object.entries(choice.recipe)
      .filter(([name]) => name !== 'seed')
      .sort(),
  );
}

const kindOfRow = ({ runs: [{ choice }] }: ResultRow) => kindOf(choice);

const rankOf = ({ runs: [{ choice }] }: ResultRow) => choice.rank;

const memberOf = ({ runs: [{ choice }] }: ResultRow): { weightsId: string } => choice.members[0] ?? { weightsId: '' };

const isScored = ({ runs }: ResultRow, split: ScoredSplit): boolean => runs.some(({ result }) => result[split]);

/**
 * The runs by which two models are compared. On validation each seed divides the training images in its own way: there
 * only seeds that both have are compared, so that both search the same gallery.
 */
export function pairedRuns(
  { first, second }: ModelPair,
  split: ScoredSplit,
): { readonly first: RunRow[]; readonly second: RunRow[] } {
  const ofRow = ({ runs }: ResultRow, other: ResultRow) =>
    runs.filter((run) => split === 'test' || other.runs.some((its) => seedOf(its) === seedOf(run)));
  return { first: ofRow(first, second), second: ofRow(second, first) };
}
