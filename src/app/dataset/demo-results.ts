import { kinds } from '../../data/demo/composition.ts';
import type { RunRow } from '../comparison/comparison.ts';
import type { ModelRow } from '../models/models.ts';

export { hands } from '../../data/demo/hands.ts';

export const demoKinds = kinds.length;

/** What fine-tuning brought one model on the demo: shares of the queries, between 0 and 1. */
export interface DemoResult {
  readonly weightsId: string;
  readonly label: string;
  readonly top1: DemoPair;
  readonly top10: DemoPair;
}

export interface DemoPair {
  readonly frozen: number;
  readonly finetuned: number;
}

/** Results of each single model that was scored frozen and fine-tuned (the latest run of each kind), in the order of the rows. */
export function demoResults(runs: readonly RunRow[], rows: readonly ModelRow[]): DemoResult[] {
  return rows.flatMap(({ weights }) => {
    const scoresOf = (head: 'frozen' | 'finetuned') =>
      runs.findLast(({ choice: { members, loaded } }) => {
        const [member, ...others] = members;
        return loaded === null && others.length === 0 && member?.weightsId === weights.id && member.head === head;
      })?.result.test;
    const [frozen, finetuned] = [scoresOf('frozen'), scoresOf('finetuned')];
    if (!frozen || !finetuned) return [];
    const pair = (k: string) => ({ frozen: frozen.topk[k] ?? 0, finetuned: finetuned.topk[k] ?? 0 });
    return [{ weightsId: weights.id, label: weights.label, top1: pair('1'), top10: pair('10') }];
  });
}

/** Networks whose weights are here or on the app's own server, and that were not compared yet. */
export function offeredOnDemo(rows: readonly ModelRow[], results: readonly DemoResult[]): ModelRow[] {
  return rows.filter(
    ({ weights, cached }) =>
      weights.origin !== 'built-in' &&
      (cached !== null || weights.origin === 'origin') &&
      results.every(({ weightsId }) => weightsId !== weights.id),
  );
}
