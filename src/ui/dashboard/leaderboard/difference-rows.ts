import {
  type Difference,
  differenceOf,
  type LeaderboardState,
  type PairDifference,
} from '../../../app/dashboard/leaderboard.ts';
import { ensemblesAgainstMembers, finetunedAgainstFrozen, type ModelPair } from '../../../core/model-pairs.ts';
import type { ResultRow } from '../../../core/result-rows.ts';
import type { Metric } from '../../../metrics/registry.ts';
import type { ScoredSplit } from '../../../types.ts';
import { headWords, type Labels } from '../../runs/model-words.ts';
import { headDetail, modelDetail, modelName } from '../../runs/result-words.ts';
import { rowWords } from './leaderboard-rows.ts';

/** A line of the differences' table. */
export interface DifferenceRow {
  readonly key: string;
  readonly name: string;
  /** "fine-tuned, cosine against frozen". */
  readonly detail: string;
  /** Undefined until it has been computed; null where no query counts for both. */
  readonly difference: PairDifference | undefined;
  /** Why there is none, or what it leaves out; null where there is nothing to say. */
  readonly remark: string | null;
}

interface Subject {
  readonly rows: readonly ResultRow[];
  readonly split: ScoredSplit;
  readonly judged: Metric;
  readonly labels: Labels;
  readonly differences: LeaderboardState['differences'];
}

export function headDifferences({ rows, split, judged, labels, differences }: Subject): DifferenceRow[] {
  return finetunedAgainstFrozen(rows, split).map((pair) => ({
    key: keyOf(pair),
    name: modelName(pair.first, labels),
    detail: `${headDetail(pair.first.runs[0])} against ${headWords.frozen}`,
    difference: differenceOf(pair, split, judged, differences),
    remark: null,
  }));
}

export function ensembleDifferences({ rows, split, judged, labels, differences }: Subject): DifferenceRow[] {
  const pairs = ensemblesAgainstMembers(rows, split, judged);
  // Where its members were not ranked the same way, nothing can be compared; the model itself is listed once.
  const told = pairs.filter(({ ensemble, member }) => member !== null || ensemble.runs[0].choice.rank === 'plain');
  return told.map(({ ensemble, member, missing }) => {
    const named = missing.map(({ weightsId, head }) => `${labels[weightsId] ?? weightsId}, ${headWords[head]}`);
    const remark = `${named.join('; ')}: not scored alone with this recipe`;
    const own = modelDetail(ensemble.runs[0]);
    return {
      key: ensemble.key,
      name: modelName(ensemble, labels),
      detail: member === null ? own : `${own} against ${rowWords(member, labels)}`,
      difference:
        member === null ? null : differenceOf({ first: ensemble, second: member }, split, judged, differences),
      remark: missing.length === 0 ? null : remark,
    };
  });
}

const keyOf = ({ first, second }: ModelPair): string => `${first.key} ${second.key}`;

/** Ends of the bars' common axis: all intervals and 0 are on it, ends are whole percentage points, or whole ranks. */
export function axisOf(differences: readonly Difference[], format: Metric['format']): readonly [number, number] {
  const steps = format === 'share' ? 100 : 1;
  const lows = differences.map(({ interval: [low] }) => low);
  const highs = differences.map(({ interval: [, high] }) => high);
  const low = Math.floor(Math.min(0, ...lows) * steps - 0.5) / steps;
  const high = Math.ceil(Math.max(0, ...highs) * steps + 0.5) / steps;
  return [low, high];
}
