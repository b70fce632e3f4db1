import type { Recipe, RunRow } from '../../app/comparison/comparison.ts';
import { scoredImages } from '../../app/dashboard/dashboard.ts';
import { type Extent, type ResultRow, seedOf } from '../../core/result-rows.ts';
import { isFineTuned, isSeeded, kindOf, rankingNamed } from '../../core/run-choice.ts';
import * as runName from '../../core/run-name.ts';
import type { ImageRecord, ScoredSplit } from '../../types.ts';
import { formatAmount, formatCount, formatNumber } from '../format.ts';
import { type Labels, membersHeads, membersName } from './model-words.ts';

/** What the user calls it, or its members. */
export const modelName = ({ runs: [{ choice, name }] }: ResultRow, labels: Labels): string =>
  name ?? membersName(choice.members, labels);

/** "fine-tuned, linear, dropout 0.2", "ensemble, concat, fine-tuned and frozen, cosine", "frozen, by class". */
export function modelDetail(run: RunRow, shared: readonly string[] = []): string {
  const { members, combine, rank } = run.choice;
  const parts =
    kindOf({ members }) === 'ensemble' ? ['ensemble', combine, headDetail(run, shared)] : [headDetail(run, shared)];
  return [...parts, rank === 'plain' ? null : rankingNamed(rank).order].filter((part) => part !== null).join(', ');
}

/** "frozen", "fine-tuned, linear, dropout 0.2", "fine-tuned and frozen, cosine"; without what is said of all elsewhere. */
export function headDetail({ choice: { members, recipe, loaded } }: RunRow, shared: readonly string[] = []): string {
  const trained = members.some(isFineTuned) ? recipeParts(recipe) : [];
  const own = trained.filter((part) => !shared.includes(part));
  return [membersHeads(members), ...own, ...(loaded === null ? [] : [runName.loadedWords(loaded)])].join(', ');
}

/** The classifier, and what differs from its defaults. */
const recipeParts = (recipe: Recipe): string[] => [recipe.classifier, ...recipeChanges(recipe)];

/** What all heads that were trained here have in common; of one, all that there is to say. */
export function sharedParts(runs: readonly RunRow[]): readonly string[] {
  const trained = runs.filter(({ choice }) => choice.loaded === null && choice.members.some(isFineTuned));
  const [first, ...others] = trained.map(({ choice }) => recipeParts(choice.recipe));
  if (first === undefined) return [];
  return first.filter((part) => others.every((parts) => parts.includes(part)));
}

/** "cosine classifier, at most 200 epochs, learning rate 0.0001, seed 0": what all heads have in common; null for nothing. */
export function sharedSentence(runs: readonly RunRow[]): string | null {
  const trained = runs.filter(({ choice }) => choice.loaded === null && choice.members.some(isFineTuned));
  const [first, ...others] = trained.map(({ choice }) => choice.recipe);
  if (first === undefined) return null;
  const same = (field: keyof Recipe) => others.every((recipe) => recipe[field] === first[field]);
  const { classifier, epochs, learningRate, seed } = first;
  const said = /^(cosine|linear|epochs|learning rate)\b/;
  const parts = [
    same('classifier') ? `${classifier} classifier` : null,
    same('epochs') ? `at most ${formatAmount(epochs, 'epoch')}` : null,
    same('learningRate') ? `learning rate ${formatNumber(learningRate)}` : null,
    ...sharedParts(runs).filter((part) => !said.test(part)),
    same('seed') ? `seed ${seed}` : null,
  ].filter((part) => part !== null);
  return parts.length === 0 ? null : `${trained.length === 1 ? 'The head' : 'All heads'}: ${parts.join(', ')}.`;
}

/** Whether there are heads, and one seed is that of all runs to which seeds matter. */
export const oneSeed = (runs: readonly RunRow[]): boolean =>
  runs.some(({ choice }) => choice.loaded === null && choice.members.some(isFineTuned)) &&
  new Set(runs.filter(({ choice }) => isSeeded(choice)).map(seedOf)).size === 1;

/** "seed 0", "mean of 3 seeds"; null where no seed matters. */
export function seedWords(runs: ResultRow['runs']): string | null {
  const [first] = runs;
  if (runs.length > 1) return `mean of ${formatAmount(runs.length, 'seed')}`;
  return isSeeded(first.choice) ? `seed\u00a0${seedOf(first)}` : null;
}

/** What is asked on the test. */
export interface Asked {
  /** Whether there are no query images, and the gallery is searched within itself. */
  readonly within: boolean;
  /** Images that are asked with and have no class. */
  readonly unlabelled: number;
}

export function askedOf(images: readonly ImageRecord[]): Asked {
  const { queries, own } = scoredImages(images, 'test');
  return { within: own !== null, unlabelled: queries.filter(({ className }) => className === null).length };
}

/** "left out: 39 queries without a class, 1 whose class no labelled gallery image has": why queries do not count; null where all do. */
export function leftOut(skipped: number, { within, unlabelled }: Asked): string | null {
  const without = Math.min(skipped, unlabelled);
  const alone = skipped - without;
  const lonely = within ? 'without another image of their class' : 'whose class no labelled gallery image has';
  const noun = (count: number) => (within ? formatAmount(count, 'image') : formatAmount(count, 'query', 'queries'));
  // Where they are searched too, that belongs to them: they stand last.
  const classless =
    without > 0 ? ` without a class${within ? ', which count as wrong where they are found' : ''}` : null;
  const parts = [
    { count: without, words: classless },
    { count: alone, words: alone > 0 ? ` ${lonely}` : null },
  ].filter(({ words }) => words !== null);
  const [first, second] = within ? parts.toReversed() : parts;
  if (!first) return null;
  const rest = second ? `, ${formatCount(second.count)}${second.words}` : '';
  return `left out: ${noun(first.count)}${first.words}${rest}`;
}

/** "knows 12 of the 34 classes": what a head from a file was trained on, of this data set; null of other heads. */
function knownWords({ classesKnown }: RunRow): string | null {
  return classesKnown
    ? `knows ${formatCount(classesKnown.known)} of the ${formatAmount(classesKnown.of, 'class', 'classes')} here`
    : null;
}

/** What sets a run apart from others: "knows 12 of the 34 classes here", "judged on 12 of 32 queries"; null where nothing does. */
export function apartWords(run: RunRow, split: ScoredSplit, all: Extent): string | null {
  const parts = [knownWords(run), partWords(run, split, all)].filter((words) => words !== null);
  return parts.length === 0 ? null : parts.join(', ');
}

/**
 * "judged on 12 of 32 queries against 300 of 648 gallery images": that a run was judged on less than others, as imported vectors of
 * some images are; null where it was not.
 */
function partWords({ result }: RunRow, split: ScoredSplit, all: Extent): string | null {
  const own = result[split];
  if (!own) return null;
  const { queries, gallery = all.gallery } = own;
  const parts = [
    queries < all.queries ? `on ${formatCount(queries)} of ${formatAmount(all.queries, 'query', 'queries')}` : null,
    gallery < all.gallery ? `against ${formatCount(gallery)} of ${formatAmount(all.gallery, 'gallery image')}` : null,
  ].filter((part) => part !== null);
  return parts.length === 0 ? null : `judged ${parts.join(' ')}`;
}

/** Which queries the figures are of: how many count, and how many do not, and why. */
export function queriesSentence(runs: readonly RunRow[], split: ScoredSplit, asked: Asked): string {
  const scores = runs.flatMap(({ result }) => result[split] ?? []);
  const from = Math.min(...scores.map(({ queries }) => queries));
  const to = Math.max(...scores.map(({ queries }) => queries));
  const queries = from === to ? formatAmount(to, 'query', 'queries') : `${from} to ${to} queries`;
  const skipped = Math.max(...scores.filter(({ queries: own }) => own === to).map((score) => score.skipped));
  if (split === 'validation') {
    const left =
      skipped === 0
        ? ''
        : `; ${formatAmount(skipped, 'query', 'queries')} left out, since no gallery image has their class`;
    return `Validation: ${queries} from training, which no head has learned from, against a gallery from training${left}.`;
  }
  const out = leftOut(skipped, asked);
  const said = asked.within
    ? `the gallery within itself, each of ${formatAmount(to, 'image')} asked against all others`
    : `${queries} of test/query against test/gallery`;
  return `Test: ${said}${out === null ? '' : `; ${out}`}.`;
}

/** What differs from the classifier's defaults, as people read numbers here. */
export const recipeChanges = (recipe: Recipe): string[] => runName.recipeChanges(recipe, formatNumber);

/** "ResNet-50, fine-tuned, cosine, seed 0": tells every run from the others. */
export function runWords(run: RunRow, labels: Labels): string {
  const seed = isSeeded(run.choice) ? [`seed ${seedOf(run)}`] : [];
  return [run.name ?? membersName(run.choice.members, labels), modelDetail(run), ...seed].join(', ');
}
