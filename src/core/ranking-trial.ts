/** How a run's rankings do on its validation images: what may be offered in place of `plain`, without a look at the test. */
import { USUAL_KS } from '../metrics/registry.ts';
import { RANKINGS, type RankingName } from '../search/rankings.ts';
import type { QueryOutcomes, Scores } from '../types.ts';
import type { Context } from './context.ts';
import { evaluateValidation } from './evaluate-run.ts';
import { gainOf } from './forward-selection.ts';
import type { Run } from './run.ts';
import { knownClasses } from './run-classes.ts';

export interface RankingTrial {
  /** Validation images that were asked with. */
  readonly queries: number;
  readonly scores: ReadonlyMap<RankingName, Scores>;
  /** Whether `class` brings the right answers forward: offered as the better one. */
  readonly classIsBetter: boolean;
}

/**
 * Scores every ranking on the run's validation images, by heads that have not learned from them. Null where no class is
 * large enough to be divided, and of a head from a file. The gallery that answers on the screen stays where it is.
 */
export async function tryRankings(context: Context, run: Run, signal: AbortSignal): Promise<RankingTrial | null> {
  const classes = await knownClasses(context, run, 'auto');
  if (!classes.validated) return null;
  const scores = new Map<RankingName, Scores>();
  const outcomes = new Map<RankingName, QueryOutcomes>();
  for (const { name, usesClasses } of RANKINGS) {
    const used = usesClasses ? classes : null;
    const judged = await evaluateValidation(context, { ...run, rank: name }, USUAL_KS, used, signal, 'searched-kept');
    if (!judged?.scores) return null;
    scores.set(name, judged.scores);
    outcomes.set(name, judged.outcomes);
  }
  const [plain, byClass] = [outcomes.get('plain'), outcomes.get('class')];
  if (!plain || !byClass) return null;
  return { queries: scores.get('plain')?.queries ?? 0, scores, classIsBetter: isBetter(byClass, plain) };
}

/**
 * By the rule of the choice of the best model: better by more than the standard error of the difference, query by query, in
 * the average precision of the right answers, and no worse than that in the first answer.
 */
export function isBetter(one: QueryOutcomes, than: QueryOutcomes): boolean {
  const counted = [...than.relevant.keys()].filter((query) => (than.relevant[query] ?? 0) > 0);
  const of = (value: (outcomes: QueryOutcomes, query: number) => number) =>
    gainOf(
      Float64Array.from(counted, (query) => value(one, query)),
      Float64Array.from(counted, (query) => value(than, query)),
    );
  if (counted.length === 0) return false;
  const precision = of(({ apAtR }, query) => apAtR[query] ?? 0);
  const first = of(({ firstHitRank }, query) => (firstHitRank[query] === 1 ? 1 : 0));
  return precision.mean > precision.standardError && first.mean >= -first.standardError;
}
