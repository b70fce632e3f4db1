import { differencesOf } from '../../core/analysis.ts';
import { storedOutcomes } from '../../core/judged-queries.ts';
import { againstOthers, finetunedAgainstFrozen, type ModelPair } from '../../core/model-pairs.ts';
import { bestRows, type ResultRow, resultRows } from '../../core/result-rows.ts';
import { type DifferenceFacts, modelWords } from '../../exports/facts.ts';
import type { Metric } from '../../metrics/registry.ts';
import type { QueryOutcomes, ScoredSplit } from '../../types.ts';
import type { RunRow } from '../comparison/comparison.ts';
import { context } from '../context.ts';
import { pairReader } from '../dashboard/compare-models.ts';
import { queriesOf } from '../dashboard/judged-neighbours.ts';
import { openSubject } from '../dataset/session.ts';
import type { Workspace } from '../workspace.ts';
import { runFacts } from './facts.ts';

/**
 * The best model by the metric (or by what decides where several are perfect in it) against every other one, then each
 * fine-tuned model against its frozen backbone: the leaderboard's pairs, by its paired bootstrap.
 */
export async function differenceFacts(
  workspace: Workspace,
  runs: readonly RunRow[],
  split: ScoredSplit,
  metric: Metric,
  signal: AbortSignal,
): Promise<DifferenceFacts[]> {
  const rows = resultRows(runs);
  const best = bestRows(rows, split, metric);
  if (!best) return [];
  const by = best.metric;
  const outcomes = new Map<string, QueryOutcomes>();
  for (const { id, result } of runs) {
    const stored = result[split] ? await storedOutcomes(context, openSubject(workspace), id, split) : null;
    if (stored) outcomes.set(id, stored);
  }
  const valuesOf = pairReader(workspace, { split, outcomes }, queriesOf(workspace));
  const [first] = best.rows;
  const pairs: readonly (ModelPair & { readonly firstIsBest: boolean })[] = [
    ...againstOthers(first, rows, split, by).map((pair) => ({ ...pair, firstIsBest: true })),
    ...finetunedAgainstFrozen(rows, split)
      .filter((pair) => pair.first !== first)
      .map((pair) => ({ ...pair, firstIsBest: false })),
  ];
  const facts: DifferenceFacts[] = [];
  for (const { firstIsBest, ...pair } of pairs) {
    const values = await valuesOf(pair, by);
    if (values.first.length === 0) continue;
    const [found] = await differencesOf(context, values.first, [values.second], by.aggregate, signal);
    const queries = values.first.length;
    const said = { split, metric: by, first: wordsOf(pair.first), second: wordsOf(pair.second), firstIsBest, queries };
    if (found) facts.push({ ...said, ...found });
  }
  return facts;
}

function wordsOf({ runs: [first, ...others] }: ResultRow): string {
  return modelWords([runFacts(first), ...others.map(runFacts)]);
}
