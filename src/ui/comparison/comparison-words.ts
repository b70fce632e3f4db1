import {
  type ChoiceStep,
  type Combination,
  defaultRecipe,
  type EpochReport,
  type FitEnd,
  type MemberChoice,
  type Recipe,
  type TrainingView,
} from '../../app/comparison/comparison.ts';
import { isFineTuned, membersKey, rankingNamed } from '../../core/run-choice.ts';
import { bestEpoch } from '../../figures/training-epochs.ts';
import { formatAll, formatAmount, formatInterval, formatShare } from '../format.ts';
import { headWords, type Labels } from '../runs/model-words.ts';
import { recipeChanges } from '../runs/result-words.ts';

const fitReports = (reports: readonly EpochReport[]): EpochReport[] => reports.filter(({ phase }) => phase === 'fit');

const refitReports = (reports: readonly EpochReport[]): EpochReport[] =>
  reports.filter(({ phase }) => phase === 'refit');

/** How far the training is, or why it ended, and what is kept of it. */
export function trainingSentence({ reports, ended }: TrainingView): string {
  const last = fitReports(reports).at(-1);
  if (last === undefined) {
    return ended === null ? 'The first epoch is under way.' : 'It was interrupted in the first epoch.';
  }
  if (ended === 'interrupted') {
    return `Interrupted after epoch ${reports.at(-1)?.epoch ?? last.epoch}; running again goes on from the last checkpoint.`;
  }
  const parts = [fitSentence(last, bestEpoch(reports), ended), refitSentence(reports, ended)];
  return parts.filter((part) => part !== null).join(' ');
}

function fitSentence(last: EpochReport, best: EpochReport | null, ended: FitEnd | null): string {
  const { epoch, epochs } = last;
  const kept = best === null ? 'the last is kept, since no class is large enough to be validated' : keptWords(best);
  switch (ended) {
    case null:
      return best === null
        ? `Epoch ${epoch} of ${epochs}; no class is large enough to be validated.`
        : `Epoch ${epoch} of at most ${epochs}; epoch ${best.epoch} has the lowest validation loss so far.`;
    case 'patience': {
      const waited = formatAmount(epoch - (best?.epoch ?? epoch), 'epoch');
      return `Stopped after epoch ${epoch}: no lower validation loss for ${waited}; ${kept}.`;
    }
    case 'epochs':
      return `${formatAll(epoch, 'epoch was', 'epochs were')} used; ${kept}.`;
    case 'stopped':
      return `Stopped by hand after epoch ${epoch}; ${kept}.`;
  }
}

function keptWords({ epoch, validation }: EpochReport): string {
  const accuracy = validation === null ? '' : `, with ${formatShare(validation.accuracy)} % validation accuracy`;
  return `epoch ${epoch} is kept${accuracy}`;
}

function refitSentence(reports: readonly EpochReport[], ended: FitEnd | null): string | null {
  const last = refitReports(reports).at(-1);
  if (last === undefined) return null;
  return ended === null || last.epoch < last.epochs
    ? `Refit on all training images: epoch ${last.epoch} of ${last.epochs}.`
    : `Refit on all training images for ${formatAmount(last.epochs, 'epoch')}.`;
}

/** A step of the path: "+ DINOv2 (frozen)", and what the model was worth then, in per cent. */
export interface StepWords {
  readonly words: string;
  readonly value: string;
}

/**
 * "ResNet-50, frozen" 61.0, then "ResNet-50, fine-tuned" 71.2, "+ DINOv2 (fine-tuned)" 80.4, "without ResNet-50 (fine-tuned)"
 * 81.0: each step by what it changes.
 */
export function pathWords(path: readonly ChoiceStep[], labels: Labels): StepWords[] {
  return path.map(({ choice, value }, at) => {
    const before = path[at - 1]?.choice;
    const there = before?.members ?? [];
    const added = choice.members.filter((member) => !isAmong(member, there));
    const gone = there.filter((member) => !isAmong(member, choice.members));
    const isAnother = gone.length === there.length;
    const parts = [
      ...added.map((member) => (isAnother ? firstWords(member, labels) : `+ ${memberWords(member, labels)}`)),
      ...(isAnother ? [] : gone.map((member) => `without ${memberWords(member, labels)}`)),
      ...(before && before.combine !== choice.combine && choice.combine === 'mean' ? ['averaged'] : []),
      ...((before?.rank ?? 'plain') === choice.rank ? [] : [`ranked ${rankingNamed(choice.rank).order}`]),
    ];
    return { words: parts.join(', '), value: formatShare(value) };
  });
}

const isAmong = (member: MemberChoice, some: readonly MemberChoice[]): boolean =>
  some.some(({ weightsId, head }) => weightsId === member.weightsId && head === member.head);

const firstWords = ({ weightsId, head }: MemberChoice, labels: Labels): string =>
  `${labels[weightsId] ?? weightsId}, ${headWords[head]}`;

const memberWords = ({ weightsId, head }: MemberChoice, labels: Labels): string =>
  `${labels[weightsId] ?? weightsId} (${headWords[head]})`;

/** "81.0 [76.2, 85.1]" */
export const worthWords = (value: number, interval: readonly [number, number]): string =>
  `${formatShare(value)} ${formatInterval(interval)}`;

/** Why these members make no ensemble that could be added, as a sentence; null where they do. */
export function ensembleProblem(
  members: readonly MemberChoice[],
  combine: readonly Combination[],
  taken: readonly string[],
  labels: Labels,
): string | null {
  const keys = members.map((member) => membersKey([member]));
  const twice = members.find((_, at) => keys.indexOf(keys[at] ?? '') < at);
  if (twice !== undefined) {
    return `${labels[twice.weightsId] ?? twice.weightsId}, ${headWords[twice.head]}, is named twice.`;
  }
  if (combine.length === 0) return 'Tick at least one way to combine them.';
  if (combine.includes('shared') && members.filter(isFineTuned).length < 2) {
    return 'Shared needs two fine-tuned members.';
  }
  return taken.includes(membersKey(members)) ? 'This ensemble is in the plan already.' : null;
}

/** The folded recipe in a line: "cosine classifier, defaults, 3 seeds". */
export function recipeLine(recipe: Recipe, seeds: number): string {
  const changes = recipeChanges(recipe);
  const seed = seeds > 1 ? formatAmount(seeds, 'seed') : recipe.seed === 0 ? [] : `seed ${recipe.seed}`;
  return [`${recipe.classifier} classifier`, changes.length === 0 ? 'defaults' : changes, seed].flat().join(', ');
}

/** The other classifier: what stood at the first one's defaults moves to the second one's, the rest stays as set. */
export function withClassifier(recipe: Recipe, classifier: Recipe['classifier']): Partial<Recipe> {
  const before = defaultRecipe(recipe.classifier);
  const after = defaultRecipe(classifier);
  return {
    classifier,
    epochs: recipe.epochs === before.epochs ? after.epochs : recipe.epochs,
    learningRate: recipe.learningRate === before.learningRate ? after.learningRate : recipe.learningRate,
  };
}
