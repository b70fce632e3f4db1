import { useMediaQuery } from '@mantine/hooks';
import { useCallback, useDeferredValue, useEffect, useMemo, useState } from 'react';
import { useStore } from 'zustand';
import { bestVerdict } from '../../../app/dashboard/leaderboard.ts';
import { resultRows } from '../../../core/result-rows.ts';
import { isMetricKey, type Metric, metricOf } from '../../../metrics/registry.ts';
import { currentParameters, navigate, useHashParameters } from '../../location.ts';
import { useLabels } from '../../runs/model-words.ts';
import { bestFirst } from '../../runs/result-order.ts';
import { useActions, useWorkspace } from '../../workspace.tsx';
import { BestLine } from './BestLine.tsx';
import { Differences } from './Differences.tsx';
import styles from './Leaderboard.module.css';
import { LeaderboardCards } from './LeaderboardCards.tsx';
import { LeaderboardTable } from './LeaderboardTable.tsx';
import {
  filterRows,
  type KindFilter,
  type LeaderboardOrder,
  orderBy,
  orderRows,
  shownMetrics,
  withColumns,
} from './leaderboard-rows.ts';
import type { LeaderboardViewProps } from './leaderboard-view.ts';
import { Tools } from './Tools.tsx';

/** Clicking from column to column starts no comparison on the way. */
const COMPARE_AFTER_MS = 200;

/** Keeps the columns in the address; the rest of it stays. */
function chooseColumns(columns: readonly Metric[] | null): void {
  navigate(`/dashboard?${withColumns(currentParameters(), columns)}`, { replace: true });
}

/** All models of the data set, and whether one of them is better than the others. */
export default function Leaderboard() {
  const { chooseDashboard, compareModels, stopComparing } = useActions();
  const runs = useStore(useWorkspace().comparison, (state) => state.runs);
  const { split, a, b, outcomes } = useStore(useWorkspace().dashboard);
  const differences = useStore(useWorkspace().leaderboard, (state) => state.differences);
  const labels = useLabels();
  const narrow = useMediaQuery('(max-width: 899.98px)', false, { getInitialValueInEffect: false });
  const judged = useStore(useWorkspace().dashboard, ({ metric }) => metricOf(metric));
  const [chosenOrder, setChosenOrder] = useState<LeaderboardOrder>(() => bestFirst(judged));
  const order = orderBy(chosenOrder, judged);
  const onOrder = useCallback(
    (next: LeaderboardOrder) => {
      setChosenOrder(next);
      if (isMetricKey(next.by)) void chooseDashboard({ metric: next.by });
    },
    [chooseDashboard],
  );
  const [text, setText] = useState('');
  const [kind, setKind] = useState<KindFilter>('all');
  const [unfolded, setUnfolded] = useState<ReadonlySet<string>>(new Set());
  const onFold = useCallback(
    (key: string) =>
      setUnfolded((keys) => new Set(keys.has(key) ? [...keys].filter((other) => other !== key) : [...keys, key])),
    [],
  );
  const parameters = useHashParameters();
  const roomy = useMediaQuery('(min-width: 1800px)', false, { getInitialValueInEffect: false });
  const metrics = useMemo(() => shownMetrics(parameters, roomy, judged), [parameters, roomy, judged]);
  // The table answers first; the differences follow.
  const judgedLater = useDeferredValue(judged);
  const differencesLater = useDeferredValue(differences);

  // biome-ignore lint/correctness/useExhaustiveDependencies: compareModels reads runs, split and outcomes from their stores: it compares again when one of them changes.
  useEffect(() => {
    const timer = setTimeout(() => void compareModels(judged), COMPARE_AFTER_MS);
    return () => clearTimeout(timer);
  }, [judged, runs, split, outcomes]);
  useEffect(() => stopComparing, [stopComparing]);

  const all = useMemo(() => resultRows(runs), [runs]);
  const rows = useMemo(() => orderRows(all, order, split, labels), [all, order, split, labels]);
  const fitting = useMemo(
    () => new Set(filterRows(all, text, kind, labels).map(({ key }) => key)),
    [all, text, kind, labels],
  );
  const verdict = useMemo(() => bestVerdict(all, split, judged, differences), [all, split, judged, differences]);
  const view: LeaderboardViewProps = { rows, fitting, split, labels, a, b, unfolded, onFold, metrics, judged, verdict };

  return (
    <div className={styles.view}>
      <section className={styles.part} aria-label="Leaderboard">
        <Tools
          text={text}
          onText={setText}
          kind={kind}
          onKind={setKind}
          by={order.by}
          onOrder={onOrder}
          metrics={metrics}
          onMetrics={chooseColumns}
          sorts={narrow}
          shown={fitting.size}
          all={all.length}
        />
        {verdict === null ? null : <BestLine verdict={verdict} judged={judged} labels={labels} />}
        {fitting.size === 0 ? (
          <p className={styles.note}>No model fits the filter.</p>
        ) : narrow ? (
          <LeaderboardCards {...view} />
        ) : (
          <LeaderboardTable {...view} order={order} onOrder={onOrder} />
        )}
        <p className={styles.note}>
          In per cent; in brackets the 95 % interval, after ± the standard deviation over seeds. Tick two models to
          compare them in every tab as A and B; of several seeds the first is taken, unless another is ticked.
        </p>
      </section>
      <Differences rows={all} split={split} judged={judgedLater} labels={labels} differences={differencesLater} />
    </div>
  );
}
