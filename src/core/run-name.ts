import { safeName } from '../exports/names.ts';
import { type RunResult, runName as reportName } from '../exports/report.ts';
import { defaultRecipe, type Recipe } from '../heads/recipe.ts';
import {
  type Chosen,
  fingerprint,
  isFineTuned,
  isSeeded,
  type MemberChoice,
  type RunChoice,
  runId,
  type StoredRun,
} from './run-choice.ts';
import type { WeightsCatalogue } from './weights-catalogue.ts';

/** "ResNet-50 + DeiT-Tiny, fine-tuned, mean", "ResNet-50 (frozen) + DeiT-Tiny (fine-tuned), mean": the same for all seeds. */
export function runLabel(weights: Pick<WeightsCatalogue, 'label'>, choice: RunChoice): string {
  const { members, combine, loaded, rank } = choice;
  return [
    modelName(weights, choice),
    haveOneHeadKind(members) ? (members.some(isFineTuned) ? 'fine-tuned' : 'frozen') : null,
    combine,
    loaded && loadedWords(loaded),
    rankWords(rank),
  ]
    .filter((part) => part !== null)
    .join(', ');
}

const haveOneHeadKind = (members: readonly MemberChoice[]): boolean =>
  new Set(members.map(({ head }) => head)).size < 2;

/** "ranked by class"; null of the ranking that goes without saying. */
const rankWords = (rank: RunChoice['rank']): string | null => (rank === 'plain' ? null : `ranked by ${rank}`);

/** "ResNet-50 (fine-tuned) + DeiT-Tiny (frozen)": members by name, with their heads where they differ. */
export function modelName(
  weights: Pick<WeightsCatalogue, 'label'>,
  { members }: { readonly members: readonly MemberChoice[] },
): string {
  const alike = haveOneHeadKind(members);
  return members
    .map((member) => {
      const name = weights.label(member.weightsId);
      return alike ? name : `${name} (${isFineTuned(member) ? 'fine-tuned' : 'frozen'})`;
    })
    .join(' + ');
}

/** "ResNet-50, fine-tuned, seed 1": tells the runs of several seeds apart. */
export function runName({ label, choice }: { readonly label: string; readonly choice: RunChoice }): string {
  return isSeeded(choice) ? `${label}, seed ${choice.recipe.seed}` : label;
}

/** What differs from the classifier's defaults, the seed apart: "dropout 0.2", "no refit". */
export function recipeChanges(recipe: Recipe, formatNumber: (value: number) => string = String): string[] {
  const usual = new Map<string, unknown>(Object.entries(defaultRecipe(recipe.classifier)));
  return Object.entries(recipe).flatMap(([name, value]) => {
    if (name === 'seed' || usual.get(name) === value) return [];
    const words = name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
    if (typeof value === 'boolean') return [value ? words : `no ${words}`];
    return [`${words} ${typeof value === 'number' ? formatNumber(value) : value}`];
  });
}

/** "head from a file (3f9a1c)": which one, since two for the same weights would look alike. */
export const loadedWords = (loaded: string): string => `head from a file (${shortDigest(loaded)})`;

const shortDigest = (digest: string): string => digest.slice(0, 6);

/** "linear, dropout 0.2", "3f9a1c": what tells a run from others of the same label; of heads from files, which file. */
export const recipeWords = ({ recipe, loaded }: Pick<RunChoice, 'recipe' | 'loaded'>): string =>
  loaded === null ? [recipe.classifier, ...recipeChanges(recipe)].join(', ') : shortDigest(loaded);

/** "ResNet-50 + DeiT-Tiny, cosine, seed 0": heads that are trained together. */
export function trainingName(
  weights: Pick<WeightsCatalogue, 'label'>,
  members: readonly { readonly weightsId: string }[],
  { classifier, seed }: RunChoice['recipe'],
): string {
  return `${members.map(({ weightsId }) => weights.label(weightsId)).join(' + ')}, ${classifier}, seed ${seed}`;
}

/** A finished run of a data set, with the labels it had then. */
export interface RunRow {
  readonly id: string;
  /** "ResNet-50 + ViT-B/16, fine-tuned, mean", or what the user calls it: tells it from all runs but those of other seeds. */
  readonly label: string;
  /** What the user calls it; missing where it has the name of what it is. */
  readonly name?: string;
  readonly note?: string;
  /** How it was chosen as the best, once for each k; missing where it was not. */
  readonly chosen?: readonly Chosen[];
  /** Of a head from a file: how many of the data set's classes it was trained on. */
  readonly classesKnown?: NonNullable<StoredRun['classesKnown']>;
  readonly choice: RunChoice;
  /** Slot of its colour in every figure. */
  readonly colour: number;
  readonly result: RunResult;
}

/** What a row is made of. */
type Nameable = Pick<StoredRun, 'choice' | 'colour' | 'result' | 'name' | 'note' | 'chosen' | 'classesKnown'>;

/** The runs of a data set as rows. Where runs that differ in more than their seed would have one label, it tells their recipes. */
export function rowsOf(weights: Pick<WeightsCatalogue, 'label'>, runs: readonly Nameable[]): RunRow[] {
  const alike = new Map<string, Set<string>>();
  const labels = runs.map(({ choice, name }) => name ?? runLabel(weights, choice));
  runs.forEach(({ choice }, at) => {
    const label = labels[at] ?? '';
    alike.set(label, (alike.get(label) ?? new Set()).add(seedless(choice)));
  });
  return runs.map(({ choice, colour, result, name, note, chosen, classesKnown }, at) => {
    const label = labels[at] ?? '';
    return {
      id: runId(choice),
      label: alike.get(label)?.size === 1 ? label : `${label} (${tellingWords(choice)})`,
      ...(name === undefined ? {} : { name }),
      ...(note === undefined ? {} : { note }),
      ...(chosen === undefined ? {} : { chosen }),
      ...(classesKnown === undefined ? {} : { classesKnown }),
      choice,
      colour,
      result,
    };
  });
}

/** Equal for runs that differ in their seed alone, where names tell it. */
const seedless = ({ recipe, ...choice }: RunChoice): string =>
  runId({ ...choice, recipe: isSeeded(choice) ? { ...recipe, seed: 0 } : recipe });

/** Earlier versions scored frozen models side by side once for each seed, and those runs are there still. */
const tellingWords = (choice: RunChoice): string =>
  choice.combine === 'concat' && !choice.members.some(isFineTuned) ? `seed ${choice.recipe.seed}` : recipeWords(choice);

/**
 * Names of the runs for files, by id: as reports name them (exports/report.ts) where that names one run alone, else with
 * a fingerprint of what it leaves out. `rows` are all runs of the data set: a run has one name, whatever is saved with it.
 */
export function fileNames(rows: readonly RunRow[]): Map<string, string> {
  const plain = rows.map(({ result }) => safeName(reportName(result)));
  const counts = new Map<string, number>();
  // File systems that do not tell capitals apart would write one over the other.
  for (const name of plain) counts.set(name.toLowerCase(), (counts.get(name.toLowerCase()) ?? 0) + 1);
  return new Map(
    rows.map(({ id }, at) => {
      const name = plain[at] ?? '';
      return [id, counts.get(name.toLowerCase()) === 1 ? name : `${name}.${fingerprint(id)}`];
    }),
  );
}
