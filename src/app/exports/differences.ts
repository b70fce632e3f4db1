import { differencesOf } from '../../core/analysis.ts';
import { type DifferenceFacts, type RunFacts, runWords } from '../../exports/facts.ts';
import { bestRuns } from '../../exports/results-table.ts';
import type { Metric } from '../../metrics/registry.ts';
import type { QueryOutcomes, ScoredSplit } from '../../types.ts';
import { context } from '../context.ts';
import type { Workspace } from '../workspace.ts';
import { outcomesOf } from './outcomes.ts';

interface Column {
  readonly run: RunFacts;
  readonly outcomes: QueryOutcomes;
  /** One value a query that counts, in order. */
  readonly values: Float64Array<ArrayBuffer>;
}

/**
 * The best run by the headline metric (or by what decides where several are perfect in it) against every other one, then
 * each fine-tuned model against its frozen backbone: by the paired bootstrap, where both were scored on the same queries
 * against the same gallery.
 */
export async function differenceFacts(
  workspace: Workspace,
  runs: readonly RunFacts[],
  split: ScoredSplit,
  signal: AbortSignal,
): Promise<DifferenceFacts[]> {
  const best = bestRuns(runs, split);
  if (!best) return [];
  const { metric } = best;
  const columns: Column[] = [];
  for (const run of runs) {
    const outcomes = run.result[split] ? await outcomesOf(workspace, run.id, split) : null;
    if (outcomes) columns.push({ run, outcomes, values: valuesOf(outcomes, metric) });
  }
  const first = columns.find(({ run }) => run === best.rows[0]);
  if (!first) return [];
  const others = columns.filter((column) => column !== first);
  const shared = { split, metric };
  const facts = await against(first, others, { ...shared, firstIsBest: true }, signal);
  for (const column of others) {
    const frozen = others.filter((other) => isFrozenOf(column.run, other.run));
    facts.push(...(await against(column, frozen, { ...shared, firstIsBest: false }, signal)));
  }
  return facts;
}

function valuesOf(outcomes: QueryOutcomes, metric: Metric): Float64Array<ArrayBuffer> {
  const counted = [...outcomes.relevant.keys()].filter((entry) => (outcomes.relevant[entry] ?? 0) > 0);
  return Float64Array.from(counted, (entry) => metric.queryValue(outcomes, entry) ?? Number.NaN);
}

async function against(
  first: Column,
  others: readonly Column[],
  asked: Pick<DifferenceFacts, 'split' | 'metric' | 'firstIsBest'>,
  signal: AbortSignal,
): Promise<DifferenceFacts[]> {
  const fair = others.filter(({ outcomes }) => sameQueries(first.outcomes, outcomes));
  if (fair.length === 0 || first.values.length === 0) return [];
  const columns = fair.map(({ values }) => values);
  const differences = await differencesOf(context, first.values, columns, asked.metric.aggregate, signal);
  return differences.map(({ difference, interval }, i) => ({
    ...asked,
    first: runWords(first.run),
    second: fair[i] ? runWords(fair[i].run) : '',
    difference,
    interval,
    queries: first.values.length,
  }));
}

/** Runs of other seeds were validated on other images. */
function sameQueries(a: QueryOutcomes, b: QueryOutcomes): boolean {
  const same = (x: Int32Array, y: Int32Array) => x.length === y.length && x.every((value, i) => value === y[i]);
  return same(a.queries, b.queries) && same(a.relevant, b.relevant);
}

function isFrozenOf(trained: RunFacts, frozen: RunFacts): boolean {
  const [a, b] = [trained.members[0], frozen.members[0]];
  const single = trained.members.length === 1 && frozen.members.length === 1;
  return single && a?.head === 'finetuned' && b?.head === 'frozen' && a.weightsId === b.weightsId;
}
