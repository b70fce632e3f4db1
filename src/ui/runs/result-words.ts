import type { RunRow } from '../../app/comparison/comparison.ts';
import { type ResultRow, seedOf } from '../../core/result-rows.ts';
import { isFineTuned, isSeeded, kindOf } from '../../core/run-choice.ts';
import type { ScoredSplit } from '../../types.ts';
import { formatAmount } from '../format.ts';
import { type Labels, membersHeads, membersName } from './model-words.ts';
import { recipeChanges } from './recipe-words.ts';

export const modelName = ({ runs: [{ choice }] }: ResultRow, labels: Labels): string =>
  membersName(choice.members, labels);

/** "fine-tuned, linear, dropout 0.2", "ensemble, concat, fine-tuned and frozen, cosine". */
export function modelDetail(run: RunRow): string {
  const { members, combine } = run.choice;
  const parts = kindOf({ members }) === 'ensemble' ? ['ensemble', combine, headDetail(run)] : [headDetail(run)];
  return parts.filter((part) => part !== null).join(', ');
}

/** "frozen", "fine-tuned, linear, dropout 0.2", "fine-tuned and frozen, cosine". */
export function headDetail({ choice: { members, recipe, loaded } }: RunRow): string {
  const trained = members.some(isFineTuned) ? [recipe.classifier, ...recipeChanges(recipe)] : [];
  return [membersHeads(members), ...trained, ...(loaded === null ? [] : ['head from a file'])].join(', ');
}

/** "seed 0", "mean of 3 seeds"; null where no seed matters. */
export function seedWords(runs: ResultRow['runs']): string | null {
  const [first] = runs;
  if (runs.length > 1) return `mean of ${formatAmount(runs.length, 'seed')}`;
  return isSeeded(first.choice) ? `seed\u00a0${seedOf(first)}` : null;
}

/** Which queries the figures are of: how many count, and how many do not. */
export function queriesSentence(runs: readonly RunRow[], split: ScoredSplit): string {
  const scores = runs.flatMap(({ result }) => result[split] ?? []);
  const from = Math.min(...scores.map(({ queries }) => queries));
  const to = Math.max(...scores.map(({ queries }) => queries));
  const queries = from === to ? formatAmount(to, 'query', 'queries') : `${from} to ${to} queries`;
  const skipped = Math.max(...scores.map((score) => score.skipped));
  const left =
    skipped === 0
      ? ''
      : `; ${formatAmount(skipped, 'query', 'queries')} left out, since no gallery image has their class`;
  return split === 'test'
    ? `Test: ${queries} of test/query against test/gallery${left}.`
    : `Validation: ${queries} from training, which no head has learned from, against a gallery from training${left}.`;
}
