/** Which models are held against which: pure. */
import type { ScoredSplit } from '../types.ts';
import type { MemberChoice, RunRow } from './comparison.ts';
import { isFineTuned, kindOf } from './model-kind.ts';
import { figureOf, type Measure, type ResultRow, seedOf } from './result-rows.ts';

/** The difference first − second is what is asked. */
export interface ModelPair {
  readonly first: ResultRow;
  readonly second: ResultRow;
}

/** An ensemble with the best of its members that were measured alone, by the same recipe. */
export interface EnsemblePair {
  readonly ensemble: ResultRow;
  /** Null where none was. */
  readonly member: ResultRow | null;
  /** Members that were not measured alone: the best might be one of them. */
  readonly missing: readonly MemberChoice[];
}

export const pairKey = ({ first, second }: ModelPair, split: ScoredSplit, measure: Measure): string =>
  JSON.stringify([split, measure, first.key, second.key]);

/** The model with the highest figure; null where none was measured on the split. Of equals the first. */
export function highestRow(rows: readonly ResultRow[], split: ScoredSplit, measure: Measure): ResultRow | null {
  let highest: { row: ResultRow; share: number } | null = null;
  for (const row of rows) {
    const share = figureOf(row.runs, split, measure)?.share;
    if (share !== undefined && (!highest || share > highest.share)) highest = { row, share };
  }
  return highest?.row ?? null;
}

/** The model against every other that was measured on the split. */
export function againstOthers(first: ResultRow, rows: readonly ResultRow[], split: ScoredSplit): ModelPair[] {
  return rows.filter((row) => row !== first && isMeasured(row, split)).map((second) => ({ first, second }));
}

/** Each fine-tuned backbone against the same backbone frozen, recipe by recipe. */
export function finetunedAgainstFrozen(rows: readonly ResultRow[], split: ScoredSplit): ModelPair[] {
  const measured = rows.filter((row) => isMeasured(row, split));
  return measured
    .filter((row) => kindOfRow(row) === 'finetuned')
    .flatMap((first) =>
      measured
        .filter((row) => kindOfRow(row) === 'frozen' && memberOf(row).weightsId === memberOf(first).weightsId)
        .map((second) => ({ first, second })),
    );
}

/** Each ensemble with its best single member on the split, by the measure. */
export function ensemblesAgainstMembers(
  rows: readonly ResultRow[],
  split: ScoredSplit,
  measure: Measure,
): EnsemblePair[] {
  const ensembles = rows.filter((row) => kindOfRow(row) === 'ensemble' && isMeasured(row, split));
  return ensembles.map((ensemble) => {
    const { members } = ensemble.runs[0].choice;
    const alone = members.map((member) => rows.filter((row) => isMemberAlone(row, member, ensemble, split)));
    return {
      ensemble,
      member: highestRow(alone.flat(), split, measure),
      missing: members.filter((_, at) => alone[at]?.length === 0),
    };
  });
}

/** Whether the row is the ensemble's member on its own; a fine-tuned one learned by the ensemble's recipe. */
function isMemberAlone(row: ResultRow, member: MemberChoice, ensemble: ResultRow, split: ScoredSplit): boolean {
  const { members, loaded } = row.runs[0].choice;
  const [own, ...others] = members;
  if (own === undefined || others.length > 0 || loaded !== null || !isMeasured(row, split)) return false;
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

const memberOf = ({ runs: [{ choice }] }: ResultRow): { weightsId: string } => choice.members[0] ?? { weightsId: '' };

const isMeasured = ({ runs }: ResultRow, split: ScoredSplit): boolean => runs.some(({ result }) => result[split]);

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
