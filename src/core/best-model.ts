/** The best of what is embedded: members, their combination and a ranking, chosen on validation alone. */

import { AppError } from '../errors.ts';
import type { Recipe } from '../heads/recipe.ts';
import { mean } from '../math/statistics.ts';
import { boundedMeanInterval } from '../metrics/intervals.ts';
import { partsOfId, variantId } from '../models/specs/variants.ts';
import { RANKING_NAMES } from '../search/rankings.ts';
import { runOf } from './chosen-run.ts';
import type { Context, Step, Subject } from './context.ts';
import { evaluateWithinValidation } from './evaluate-run.ts';
import { forwardSelection, type SelectionStep, type Worth } from './forward-selection.ts';
import { createMeter } from './meter.ts';
import { trainedTogether } from './run.ts';
import { type ChoiceStep, type Chosen, type MemberChoice, membersKey, type RunChoice } from './run-choice.ts';
import { type OpenChoice, runClasses, validationParts } from './run-classes.ts';
import { runLabel } from './run-name.ts';
import { trainHeads } from './train-heads.ts';

/** Splits of training/ on which a choice must prove itself: on a single one, luck would be chosen. */
const SPLITS = 3;

export interface BestRequest {
  /** Sets of weights whose features are stored. */
  readonly weightsIds: readonly string[];
  /** The k of the top-k accuracy that is chosen for. */
  readonly k: number;
  /** Of heads; its seed is the first split's and the winner's. */
  readonly recipe: Recipe;
  readonly open: OpenChoice;
  /** Milliseconds after which the best so far is chosen. */
  readonly budgetMs: number;
}

export type BestFound = Omit<Chosen, 'k' | 'chosenAt'>;

/** What is chosen among: a ranking's and a combination's change count as a step, as a further member does. */
type Candidate = Pick<RunChoice, 'members' | 'combine' | 'rank'>;

/**
 * Greedy forward selection over members (each backbone frozen and fine-tuned), rankings, and `mean` in place of `concat`:
 * no step is taken that does not help by more than its standard error, over three splits. Heads are trained
 * where they are not there. Throws AppError 'dataset-unusable' where nothing can be validated.
 *
 * Validation images are easier than what is asked later, and nearly every model has a hit among ten: models are told apart
 * by the mean of top-1 to top-k accuracy, which for top-1 is itself, over all validation images, each asked among the others:
 * the queries of the splits alone are too few, and luck chose among them (docs/accuracy.md). A ranking other than `plain` is taken only where it is
 * better than the simpler one by more than the standard error, too. `tell` hears of each step as it is taken.
 */
export async function findBest(
  context: Context,
  subject: Subject,
  { weightsIds, k, recipe, open, budgetMs }: BestRequest,
  { signal, report, stage }: Step,
  tell: (step: ChoiceStep) => void = () => {},
): Promise<BestFound> {
  const end = performance.now() + budgetMs;
  const singles: Candidate[] = weightsIds.flatMap((weightsId) =>
    (['finetuned', 'frozen'] as const).map((head) => ({
      members: [{ weightsId, head }],
      combine: null,
      rank: 'plain' as const,
    })),
  );
  const choiceOf = (candidate: Candidate, split = 0): RunChoice => ({
    ...candidate,
    recipe: { ...recipe, seed: recipe.seed + split },
    loaded: null,
  });
  const labelOf = (candidate: Candidate) => runLabel(context.weights, choiceOf(candidate));
  let meter = createMeter(singles.length);
  const inRound = (candidates: readonly Candidate[]) => {
    meter = createMeter(candidates.length);
    return candidates;
  };
  let queries = 0;
  const judge = async (candidate: Candidate): Promise<Worth | null> => {
    if (performance.now() >= end) return null;
    const ranks: number[] = [];
    for (let split = 0; split < SPLITS; split++) {
      const label = `${labelOf(candidate)}, split ${split + 1} of ${SPLITS}`;
      const judged = await judgeSplit(context, subject, choiceOf(candidate, split), k, open, label, {
        signal,
        report,
        stage,
      });
      ranks.push(...judged);
      queries = judged.length;
    }
    report(meter.advance(1));
    return {
      values: Float64Array.from(ranks, (rank) => (rank === 0 ? 0 : Math.max(0, k + 1 - rank) / k)),
      tieBreak: mean(ranks.map((rank) => (rank > 0 ? 1 / rank : 0))),
    };
  };
  const next = (chosen: Candidate) => inRound(furtherThan(chosen, singles));
  const stepFrom = ({ candidate, value, gain }: SelectionStep<Candidate>): ChoiceStep => ({
    choice: choiceOf(candidate),
    label: labelOf(candidate),
    value,
    gain,
  });
  const selection = await forwardSelection(singles, next, judge, isSimpler, (step) => tell(stepFrom(step)));
  if (!selection) {
    throw new AppError('bad-argument', 'The time was up before anything was tried. Give the choice more time.');
  }
  const { path, tried, complete } = selection;
  const last = path.at(-1) ?? path[0];
  return {
    path: path.map(stepFrom),
    interval: boundedMeanInterval(last.value, queries),
    tried,
    complete,
  };
}

/** One step further: another member, with any ranking; another ranking; or the members averaged. */
function furtherThan({ members, combine, rank }: Candidate, singles: readonly Candidate[]): Candidate[] {
  const there = new Set(members.map(networkOf));
  const more = singles.flatMap(({ members: [one] }) =>
    one && !there.has(networkOf(one))
      ? RANKING_NAMES.map((other) => ({
          members: [...members, one],
          combine: combine ?? ('concat' as const),
          rank: other,
        }))
      : [],
  );
  const ranked = RANKING_NAMES.filter((other) => other !== rank).map((other) => ({ members, combine, rank: other }));
  const averaged = combine === 'concat' ? [{ members, combine: 'mean' as const, rank }] : [];
  return [...more, ...ranked, ...averaged];
}

/** Of one set of weights, a model has one variant with a head and one without. */
const networkOf = ({ weightsId, head }: MemberChoice): string =>
  membersKey([{ weightsId: partsOfId(weightsId).weightsId, head }]);

/** The same model with a ranking that comes first in the list, or with features of the image alone in place of image and mirror image. */
function isSimpler(one: Candidate, than: Candidate): boolean {
  const [its, others] = [effortOf(one), effortOf(than)];
  return (
    one.combine === than.combine &&
    its.model === others.model &&
    its.rank <= others.rank &&
    its.flips <= others.flips &&
    (its.rank < others.rank || its.flips < others.flips)
  );
}

function effortOf({ members, rank }: Candidate): {
  readonly model: string;
  readonly rank: number;
  readonly flips: number;
} {
  const own = members.map(({ weightsId: id, head }) => {
    const { weightsId, size, flip } = partsOfId(id);
    return { flip, member: { weightsId: variantId(weightsId, { size, flip: false }), head } };
  });
  return {
    model: membersKey(own.map(({ member }) => member)),
    rank: RANKING_NAMES.indexOf(rank),
    flips: own.filter(({ flip }) => flip).length,
  };
}

/** Ranks of the first hit of one split's validation images, each asked among the others. */
async function judgeSplit(
  context: Context,
  subject: Subject,
  choice: RunChoice,
  k: number,
  open: OpenChoice,
  label: string,
  { signal, report, stage }: Step,
): Promise<Int32Array> {
  const run = await runOf(context, choice, subject);
  if (!run) throw new AppError('weights-missing', `The weights of ${label} are not there. Download them first.`);
  if (!validationParts(run)) {
    throw new AppError(
      'dataset-unusable',
      'Nothing can be chosen: no class in training/ has the four images that it takes to validate. Choose models by name.',
    );
  }
  for (const group of trainedTogether(run)) {
    stage(`Training ${label}`, 'epochs');
    const epochs = createMeter(choice.recipe.epochs);
    await trainHeads(context, run, group, signal, ({ epoch }) => report(epochs.reach(epoch)));
  }
  stage(`Trying ${label}`, 'models');
  const judged = await evaluateWithinValidation(context, run, [k], await runClasses(context, run, open), signal);
  const { relevant = [], firstHitRank = [] } = judged?.outcomes ?? {};
  return Int32Array.from([...firstHitRank].filter((_, at) => relevant[at] !== 0));
}
