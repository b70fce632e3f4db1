import { differencesOf } from '../../core/analysis-client.ts';
import { type DifferenceFacts, type RunFacts, runWords } from '../../exports/facts.ts';
import type { QueryOutcomes, ScoredSplit } from '../../types.ts';
import { outcomesOf } from './export-outcomes.ts';

/** The headline figure. */
const K = 10;

interface Column {
  readonly run: RunFacts;
  readonly outcomes: QueryOutcomes;
  /** 1 where a right one is among the first K, else 0; queries that count, in order. */
  readonly hits: Float64Array<ArrayBuffer>;
}

/**
 * The best run (highest top-10 accuracy) against every other one, then each fine-tuned model against its frozen
 * backbone: by the paired bootstrap, where both were scored on the same queries against the same gallery.
 */
export async function differenceFacts(
  runs: readonly RunFacts[],
  split: ScoredSplit,
  signal: AbortSignal,
): Promise<DifferenceFacts[]> {
  const columns: Column[] = [];
  for (const run of runs) {
    const outcomes = run.result[split] ? await outcomesOf(run.id, split) : null;
    if (outcomes) columns.push({ run, outcomes, hits: hitsOf(outcomes) });
  }
  const best = columns.reduce<Column | null>((top, one) => (!top || share(one) > share(top) ? one : top), null);
  if (!best) return [];
  const others = columns.filter((column) => column !== best);
  const facts = await against(best, others, split, true, signal);
  for (const column of columns) {
    if (column === best) continue;
    const frozen = others.filter((other) => isFrozenOf(column.run, other.run));
    facts.push(...(await against(column, frozen, split, false, signal)));
  }
  return facts;
}

const share = ({ hits }: Column): number =>
  hits.length === 0 ? 0 : hits.reduce((sum, hit) => sum + hit, 0) / hits.length;

function hitsOf({ relevant, firstHitRank }: QueryOutcomes): Float64Array<ArrayBuffer> {
  const counted = [...relevant.keys()].filter((entry) => (relevant[entry] ?? 0) > 0);
  return Float64Array.from(counted, (entry) => {
    const rank = firstHitRank[entry] ?? 0;
    return rank > 0 && rank <= K ? 1 : 0;
  });
}

async function against(
  first: Column,
  others: readonly Column[],
  split: ScoredSplit,
  firstIsHighest: boolean,
  signal: AbortSignal,
): Promise<DifferenceFacts[]> {
  const fair = others.filter(({ outcomes }) => sameQueries(first.outcomes, outcomes));
  if (fair.length === 0 || first.hits.length === 0) return [];
  const columns = fair.map(({ hits }) => hits);
  const differences = await differencesOf(first.hits, columns, signal);
  return differences.map(({ difference, interval }, i) => ({
    split,
    k: K,
    first: runWords(first.run),
    second: fair[i] ? runWords(fair[i].run) : '',
    firstIsHighest,
    difference,
    interval,
    queries: first.hits.length,
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
