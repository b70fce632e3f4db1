import { defaultRecipe, type Recipe } from '../heads/recipe.ts';
import { isFineTuned, isSeeded, type MemberChoice, type RunChoice } from './run-choice.ts';
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
