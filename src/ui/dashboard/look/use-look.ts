import { useMemo } from 'react';
import type { RunRow } from '../../../app/comparison/comparison.ts';
import type { DashboardState } from '../../../app/dashboard/dashboard.ts';
import {
  everyQuery,
  filterQueries,
  type LookColumn,
  type LookFilter,
  type LookRun,
  type LookTable,
  lookTable,
  needsTwo,
} from '../../../core/look.ts';
import { useStore } from '../../use-store.ts';
import { useWorkspace } from '../../workspace.tsx';

/** One run with its letter and its answers. */
export interface LookSide {
  readonly letter: 'A' | 'B';
  readonly run: RunRow;
  readonly column: LookColumn;
}

export interface LookView {
  readonly table: LookTable;
  /** One run, or two side by side. */
  readonly sides: readonly [LookSide] | readonly [LookSide, LookSide];
}

/** The chosen runs' queries; null while they are not loaded, or were not scored on the split. */
export function useLookView(): LookView | null {
  const images = useStore(useWorkspace().dataset, (state) => state.images);
  const runs = useStore(useWorkspace().comparison, (state) => state.runs);
  const split = useStore(useWorkspace().dashboard, (state) => state.split);
  const a = useLookRun(runs, 'a');
  const b = useLookRun(runs, 'b');
  return useMemo(() => {
    if (a === null) return null;
    const table = lookTable(images, split, a.answers, b?.answers ?? null);
    const first: LookSide = { letter: 'A', run: a.run, column: table.a };
    if (b === null || table.b === null) return { table, sides: [first] };
    return { table, sides: [first, { letter: 'B', run: b.run, column: table.b }] };
  }, [images, split, a, b]);
}

function useLookRun(
  runs: readonly RunRow[],
  which: 'a' | 'b',
): { readonly run: RunRow; readonly answers: LookRun } | null {
  const run = useStore(
    useWorkspace().dashboard,
    (state: DashboardState) => runs.find(({ id }) => id === state[which]) ?? null,
  );
  const outcomes = useStore(useWorkspace().dashboard, (state) =>
    run === null ? null : (state.outcomes.get(run.id) ?? null),
  );
  const neighbours = useStore(useWorkspace().dashboard, (state) =>
    run === null ? null : (state.neighbours.get(run.id) ?? null),
  );
  return useMemo(
    () =>
      run === null || outcomes === null || neighbours === null ? null : { run, answers: { outcomes, neighbours } },
    [run, outcomes, neighbours],
  );
}

/** What the address asks for, as far as the runs at hand can answer it: without run B nothing is asked of it. */
export function answerable(filter: LookFilter, { sides }: LookView): LookFilter {
  return sides.length === 1 && needsTwo(filter.outcome) ? { ...filter, outcome: everyQuery.outcome } : filter;
}

/** Positions of the queries that fit, in order; the same list as long as nothing that matters has changed. */
export function useFitting({ table }: LookView, filter: LookFilter): Int32Array {
  const { outcome, at, from, to, className, order } = filter;
  return useMemo(
    () => filterQueries(table, { outcome, at, from, to, className, order }),
    [table, outcome, at, from, to, className, order],
  );
}
