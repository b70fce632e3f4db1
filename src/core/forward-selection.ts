import { mean } from '../math/statistics.ts';

/** What a candidate is worth: a value of every question, the same questions in the same order for all candidates. */
export interface Worth {
  readonly values: Float64Array;
  /** Each question's group: those of one group are not independent draws. */
  readonly groups: Int32Array;
  /** Decides where two candidates are worth the same: the greater is the better. */
  readonly tieBreak: number;
}

/** `late`: there was no time left. `failed`: it cannot be judged, and the others can. */
export type Judgement = Worth | 'late' | 'failed';

/** How much better one candidate is than another, question by question. */
export interface Gain {
  readonly mean: number;
  readonly standardError: number;
}

export interface SelectionStep<Candidate> {
  readonly candidate: Candidate;
  /** Mean of its values. */
  readonly value: number;
  /** Over the step before; null of the first. */
  readonly gain: Gain | null;
}

export interface Selection<Candidate> {
  /** From the first candidate to the one that is chosen: the last. */
  readonly path: readonly [SelectionStep<Candidate>, ...SelectionStep<Candidate>[]];
  readonly tried: number;
  /** Whether it ended because nothing helped any more, and not because time was up. */
  readonly complete: boolean;
}

/**
 * Paired over the questions. The standard error is that over groups of questions (cluster-robust: Liang & Zeger 1986), by which ten
 * questions that one cause decides count about as one; each question is a group of its own where `groups` says nothing.
 */
export function gainOf(after: Float64Array, before: Float64Array, groups: Int32Array | null = null): Gain {
  const differences = after.map((value, i) => value - (before[i] ?? 0));
  const centre = mean(differences);
  const sums = new Map<number, number>();
  differences.forEach((difference, i) => {
    const group = groups?.[i] ?? i;
    sums.set(group, (sums.get(group) ?? 0) + difference - centre);
  });
  let squares = 0;
  for (const sum of sums.values()) squares += sum * sum;
  const standardError = sums.size < 2 ? 0 : Math.sqrt((squares * sums.size) / (sums.size - 1)) / differences.length;
  return { mean: centre, standardError };
}

/**
 * Greedy forward selection: starts with the best of `first`, and goes on to the best of `next(chosen)` as long as it is
 * better by more than the standard error of its gain. Among candidates, one that is `simpler` than the best takes its place
 * where it is not worse by more than that. Where there is no time left, the best so far is chosen; null where there is none. `tell` hears of each step as it is taken.
 */
export async function forwardSelection<Candidate>(
  first: readonly Candidate[],
  next: (chosen: Candidate) => readonly Candidate[],
  judge: (candidate: Candidate) => Promise<Judgement>,
  simpler: (one: Candidate, than: Candidate) => boolean = () => false,
  tell: (step: SelectionStep<Candidate>) => void = () => {},
): Promise<Selection<Candidate> | null> {
  let tried = 0;
  const best = async (candidates: readonly Candidate[]) => {
    const judged: { readonly candidate: Candidate; readonly worth: Worth }[] = [];
    let complete = true;
    for (const candidate of candidates) {
      const worth = await judge(candidate);
      if (worth === 'late') {
        complete = false;
        break;
      }
      if (worth === 'failed') continue;
      tried++;
      judged.push({ candidate, worth });
    }
    const [first = null] = judged.toSorted((a, b) =>
      isBetter(a.worth, b.worth) ? -1 : isBetter(b.worth, a.worth) ? 1 : 0,
    );
    const simplest = judged.find(({ candidate, worth }) => {
      if (first === null || !simpler(candidate, first.candidate)) return false;
      const lost = gainOf(first.worth.values, worth.values, worth.groups);
      return lost.mean <= lost.standardError;
    });
    return { found: simplest ?? first, complete };
  };
  const start = await best(first);
  if (start.found === null) return null;
  let chosen = start.found;
  let { complete } = start;
  const path: [SelectionStep<Candidate>, ...SelectionStep<Candidate>[]] = [stepOf(chosen, null)];
  tell(path[0]);
  while (complete) {
    const { found, complete: whole } = await best(next(chosen.candidate));
    complete = whole;
    if (found === null) break;
    const gain = gainOf(found.worth.values, chosen.worth.values, chosen.worth.groups);
    if (gain.mean <= gain.standardError || gain.mean <= 0) break;
    chosen = found;
    const step = stepOf(found, gain);
    path.push(step);
    tell(step);
  }
  return { path, tried, complete };
}

const stepOf = <Candidate>(
  { candidate, worth: { values } }: { readonly candidate: Candidate; readonly worth: Worth },
  gain: Gain | null,
): SelectionStep<Candidate> => ({ candidate, value: mean(values), gain });

function isBetter(a: Worth, b: Worth): boolean {
  const difference = mean(a.values) - mean(b.values);
  return difference > 0 || (difference === 0 && a.tieBreak > b.tieBreak);
}
