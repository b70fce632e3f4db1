import type { Extent, ResultRow } from '../../core/result-rows.ts';
import type { ScoredSplit } from '../../types.ts';
import type { Labels } from '../runs/model-words.ts';
import type { ResultOrder } from '../runs/result-order.ts';

/** What table and cards show alike. */
export interface ResultsViewProps {
  /** Sorted. */
  readonly rows: readonly ResultRow[];
  readonly split: ScoredSplit;
  /** Most that one of them was judged on. */
  readonly all: Extent;
  readonly labels: Labels;
  /** What is said of all heads above the rows; and whether their seed is. */
  readonly shared: readonly string[];
  readonly oneSeed: boolean;
  /** Keys of the rows whose seeds are shown one by one. */
  readonly unfolded: ReadonlySet<string>;
  readonly onFold: (key: string) => void;
  readonly order: ResultOrder;
  readonly onOrder: (order: ResultOrder) => void;
}
