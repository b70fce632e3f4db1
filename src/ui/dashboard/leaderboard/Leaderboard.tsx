import { useMediaQuery } from '@mantine/hooks';
import { useCallback, useDeferredValue, useEffect, useMemo, useState } from 'react';
import { bestVerdict } from '../../../app/dashboard/leaderboard.ts';
import { extentOf, rankingGroups, resultRows } from '../../../core/result-rows.ts';
import { isMetricKey, metricOf } from '../../../metrics/registry.ts';
import { formatShare } from '../../format.ts';
import { useLabels } from '../../runs/model-words.ts';
import { bestFirst } from '../../runs/result-order.ts';
import { sharedParts, sharedSentence } from '../../runs/result-words.ts';
import { useStore } from '../../use-store.ts';
import { useActions, useWorkspace } from '../../workspace.tsx';
import { BestLine } from './BestLine.tsx';
import { Differences } from './Differences.tsx';
import { LeaderboardCards } from './LeaderboardCards.tsx';
import { LeaderboardTable } from './LeaderboardTable.tsx';
import styles from './leaderboard.module.css';
import {
  filterRows,
  type KindFilter,
  type LeaderboardOrder,
  orderBy,
  orderRows,
  scaleOf,
  shownMetrics,
} from './leaderboard-rows.ts';
import type { LeaderboardViewProps } from './leaderboard-view.ts';
import { Tools } from './Tools.tsx';

/** Clicking from column to column starts no comparison on the way. */
const COMPARE_AFTER_MS = 200;

/** The list before where the new one holds the same: another metric that judges seldom means other columns, and every row is drawn by them. */
function useSame<T>(list: readonly T[]): readonly T[] {
  const [kept, keep] = useState(list);
  const same = kept.length === list.length && kept.every((item, i) => item === list[i]);
  if (!same) keep(list);
  return same ? kept : list;
}

/** All models of the data set, and whether one of them is better than the others. */
export default function Leaderboard() {
  const { chooseDashboard, compareModels, setColumns, stopComparing } = useActions();
  const runs = useStore(useWorkspace().comparison, (state) => state.runs);
  const { split, a, b, outcomes, columns, macro } = useStore(useWorkspace().dashboard);
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
  const roomy = useMediaQuery('(min-width: 1800px)', false, { getInitialValueInEffect: false });
  const metrics = useSame(useMemo(() => shownMetrics(columns, roomy, judged), [columns, roomy, judged]));
  const differencesLater = useDeferredValue(differences);

  // biome-ignore lint/correctness/useExhaustiveDependencies: compareModels reads runs, split and outcomes from their stores: it compares again when one of them changes.
  useEffect(() => {
    const timer = setTimeout(() => void compareModels(judged), COMPARE_AFTER_MS);
    return () => clearTimeout(timer);
  }, [judged, runs, split, outcomes]);
  useEffect(() => stopComparing, [stopComparing]);

  const all = useMemo(() => resultRows(runs), [runs]);
  const groups = useMemo(() => rankingGroups(orderRows(all, order, split, labels)), [all, order, split, labels]);
  const shared = useMemo(() => sharedParts(runs), [runs]);
  const said = useMemo(() => sharedSentence(runs), [runs]);
  const scale = useMemo(() => scaleOf(all, split, metrics), [all, split, metrics]);
  const whole = useMemo(() => extentOf(runs, split), [runs, split]);
  const fitting = useMemo(
    () => new Set(filterRows(all, text, kind, labels).map(({ key }) => key)),
    [all, text, kind, labels],
  );
  const verdict = useMemo(() => bestVerdict(all, split, judged, differences), [all, split, judged, differences]);
  // The table answers first; the differences follow. They are of what decides, where the metric itself tells nothing apart.
  const decidingLater = useDeferredValue(verdict?.metric ?? judged);
  const view: LeaderboardViewProps = {
    ...{ groups, fitting, split, labels, a, b, unfolded, onFold, metrics, judged, verdict },
    ...{ shared, macro, scale, all: whole },
  };

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
          onMetrics={(chosen) => void setColumns({ columns: chosen?.map(({ key }) => key) ?? null })}
          macro={macro}
          onMacro={(on) => void setColumns({ macro: on })}
          sorts={narrow}
          shown={fitting.size}
          all={all.length}
        />
        {verdict === null ? null : <BestLine verdict={verdict} judged={judged} labels={labels} shared={shared} />}
        {said === null ? null : <p className={styles.shared}>{said}</p>}
        {fitting.size === 0 ? (
          <p className={styles.note}>No model fits the filter.</p>
        ) : narrow ? (
          <LeaderboardCards {...view} />
        ) : (
          <LeaderboardTable {...view} order={order} onOrder={onOrder} />
        )}
        <p className={styles.note}>
          In per cent; in brackets, and as a bar on one scale from {formatShare(scale[0])} to {formatShare(scale[1])},
          the 95 % interval; after ± the standard deviation over seeds.{' '}
          {macro ? 'Below it the macro average: every class counts alike. ' : ''}Tick two models to compare them in
          every tab as A and B; of several seeds the first is taken, unless another is ticked.
        </p>
      </section>
      <Differences rows={all} split={split} judged={decidingLater} labels={labels} differences={differencesLater} />
    </div>
  );
}
