/** The best of what is embedded: members, their combination and a ranking, chosen on validation alone. */

import { AppError, isAborted } from '../errors.ts';
import type { Recipe } from '../heads/recipe.ts';
import { mean } from '../math/statistics.ts';
import { boundedMeanInterval } from '../metrics/intervals.ts';
import { partsOfId, variantId } from '../models/specs/variants.ts';
import { RANKING_NAMES, type RankingName } from '../search/rankings.ts';
import type { Context, Step, Subject } from './context.ts';
import { forwardSelection, type Judgement, type SelectionStep } from './forward-selection.ts';
import { groupsHeldOut } from './held-out-groups.ts';
import { createHeldOutModels } from './held-out-models.ts';
import { createMeter } from './meter.ts';
import {
  type ChoiceStep,
  type Chosen,
  isFineTuned,
  type MemberChoice,
  membersKey,
  type RunChoice,
} from './run-choice.ts';
import { looksOpen, type OpenChoice } from './run-classes.ts';
import { runLabel } from './run-name.ts';
import type { Setbacks } from './setbacks.ts';

/** Parts of training/ that are held out in turn. More would leave too little in each to be searched; fewer, too little to learn from. */
const FOLDS = 3;

export interface BestRequest {
  /** Sets of weights whose features are stored. */
  readonly weightsIds: readonly string[];
  /** The k of the top-k accuracy that is chosen for. */
  readonly k: number;
  /** How heads are trained. */
  readonly recipe: Recipe;
  readonly open: OpenChoice;
  /** Milliseconds after which the best so far is chosen. */
  readonly budgetMs: number;
}

export type BestFound = Omit<Chosen, 'k' | 'chosenAt'>;

/** What is chosen among: a ranking's and a combination's change count as a step, as another member does. */
type Candidate = Pick<RunChoice, 'members' | 'combine' | 'rank'>;

/**
 * Greedy stepwise selection over members (each backbone frozen and fine-tuned), rankings, and `mean` in place of `concat`. Starts
 * with the best frozen model, and takes no step that does not help by more than its standard error. Heads are trained where they
 * are not there. Throws AppError 'dataset-unusable' where nothing can be validated.
 *
 * Every model is judged on images of training/ whose whole shoot was held out from the heads, and asked among other shoots
 * (core/held-out-groups.ts): heads are trained once for each of three folds. Held out image by image, near-copies of what was
 * learned stand among the questions, validation is saturated, and memorising wins (docs/accuracy.md). The standard error is that
 * over shoots, which decide their images' answers together. Models are judged by the mean of top-1 to top-k accuracy, which
 * for top-1 is itself: nearly every model has a hit among ten. A ranking other than `plain` is taken only where it is
 * better than the simpler one by more than the standard error, too. A model that fails is left, with all that it is a member of; the caller reads
 * it from `setbacks`. `tell` hears of each step as it is taken.
 */
export async function findBest(
  context: Context,
  subject: Subject,
  { weightsIds, k, recipe, open, budgetMs }: BestRequest,
  step: Step,
  setbacks: Setbacks,
  tell: (step: ChoiceStep) => void = () => {},
): Promise<BestFound> {
  const deadline = AbortSignal.timeout(budgetMs);
  const folds = await groupsHeldOut(context, subject, weightsIds, FOLDS, step);
  if (!folds) {
    throw new AppError(
      'dataset-unusable',
      'Nothing can be chosen: no class in training/ has the four images that it takes to validate. Choose models by name.',
    );
  }
  const singles: Candidate[] = weightsIds.flatMap((weightsId) =>
    (['frozen', 'finetuned'] as const).map((head) => ({
      members: [{ weightsId, head }],
      combine: null,
      rank: 'plain' as const,
    })),
  );
  const frozen = singles.filter(({ members }) => !members.some(isFineTuned));
  const choiceOf = (candidate: Candidate): RunChoice => ({ ...candidate, recipe, loaded: null });
  const labelOf = (candidate: Candidate) => runLabel(context.weights, choiceOf(candidate));
  /** A gallery with other classes is that of the test: held-out images are of the classes of training/. */
  const isOpen = open === 'auto' ? looksOpen(subject.images) : open === 'on';
  const models = createHeldOutModels(context, k, isOpen);
  let meter = createMeter(frozen.length);
  const inRound = (candidates: readonly Candidate[]) => {
    meter = createMeter(candidates.length);
    step.report(meter.reach(0));
    return candidates;
  };
  let groups = 0;
  // A training that is under way when the time is up would take minutes more.
  const inTime: Step = { ...step, signal: AbortSignal.any([step.signal, deadline]) };
  const judge = async (candidate: Candidate): Promise<Judgement> => {
    if (deadline.aborted) return 'late';
    const ranks: number[] = [];
    const ofRanks: number[] = [];
    for (const [at, fold] of folds.entries()) {
      const label = `${labelOf(candidate)}, part ${at + 1} of ${folds.length}`;
      for (const [way, judged] of (await models.judge(fold, choiceOf(candidate), label, inTime)).entries()) {
        const { queries, relevant, firstHitRank } = judged.outcomes;
        queries.forEach((query, i) => {
          if (relevant[i] === 0) return;
          ranks.push(firstHitRank[i] ?? 0);
          ofRanks.push(fold.groups[way]?.[query] ?? -1);
        });
      }
    }
    step.report(meter.advance(1));
    groups = new Set(ofRanks).size;
    return {
      values: Float64Array.from(ranks, (rank) => (rank === 0 ? 0 : Math.max(0, k + 1 - rank) / k)),
      groups: Int32Array.from(ofRanks),
      tieBreak: mean(ranks.map((rank) => (rank > 0 ? 1 / rank : 0))),
    };
  };
  const broken = new Set<string>();
  const attempt = async (candidate: Candidate): Promise<Judgement> => {
    const keys = candidate.members.map((member) => membersKey([member]));
    if (keys.some((key) => broken.has(key))) return 'failed';
    const judgement = await setbacks.attempt(labelOf(candidate), () =>
      judge(candidate).catch((error: unknown) => {
        if (isAborted(error) && !step.signal.aborted) return 'late' as const;
        throw error;
      }),
    );
    const [only, another] = keys;
    if (judgement === null && only !== undefined && another === undefined) broken.add(only);
    return judgement ?? 'failed';
  };
  const next = (chosen: Candidate) => inRound(besides(chosen, singles));
  const stepFrom = ({ candidate, value, gain }: SelectionStep<Candidate>): ChoiceStep => ({
    choice: choiceOf(candidate),
    label: labelOf(candidate),
    value,
    gain,
  });
  const selection = await forwardSelection(frozen, next, attempt, isSimpler, (taken) => tell(stepFrom(taken)));
  if (!selection) {
    throw (
      setbacks.error('Nothing was chosen.') ??
      new AppError('bad-argument', 'The time was up before anything was tried. Give the choice more time.')
    );
  }
  const { path, tried, complete } = selection;
  const last = path.at(-1) ?? path[0];
  return {
    path: path.map(stepFrom),
    interval: boundedMeanInterval(last.value, groups),
    tried,
    complete,
  };
}

/**
 * All models one step away: with a further member, and any ranking; with one member in place of another, or without one; with
 * another ranking; with its members averaged.
 */
function besides({ members, combine, rank }: Candidate, singles: readonly Candidate[]): Candidate[] {
  const others = (kept: readonly MemberChoice[]) => {
    const there = new Set([...members, ...kept].map(networkOf));
    return singles.flatMap(({ members: [one] }) => (one && !there.has(networkOf(one)) ? [one] : []));
  };
  const joined = (some: readonly MemberChoice[], other: RankingName): Candidate => ({
    members: [...some],
    combine: some.length > 1 ? (combine ?? 'concat') : null,
    rank: other,
  });
  const more = others(members).flatMap((one) => RANKING_NAMES.map((other) => joined([...members, one], other)));
  const replaced = members.flatMap((_, at) => {
    const kept = members.toSpliced(at, 1);
    const without = kept.length > 0 ? [joined(kept, rank)] : [];
    return [...without, ...others(kept).map((one) => joined(members.with(at, one), rank))];
  });
  const ranked = RANKING_NAMES.filter((other) => other !== rank).map((other) => ({ members, combine, rank: other }));
  const averaged = combine === 'concat' ? [{ members, combine: 'mean' as const, rank }] : [];
  // Single members first: one that fails is then left out of all that follows.
  return [...replaced, ...more, ...ranked, ...averaged];
}

/** A model has at most one variant of a set of weights with a head, and one without. */
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
