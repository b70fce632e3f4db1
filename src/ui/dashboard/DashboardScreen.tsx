import { SegmentedControl, Tabs } from '@mantine/core';
import { IconInfoCircle } from '@tabler/icons-react';
import { type ComponentType, type LazyExoticComponent, lazy, Suspense } from 'react';
import { datasetListStore } from '../../app/dataset/dataset-list.ts';
import { clusteredSentence } from '../../metrics/clustered-words.ts';
import { Failures, Notice } from '../components/Notice.tsx';
import { ScreenHeader } from '../components/ScreenHeader.tsx';
import { formatAmount } from '../format.ts';
import { ScreenSkeleton } from '../frame/ScreenSkeleton.tsx';
import { useHashParameters } from '../location.ts';
import { OutdatedRuns } from '../runs/OutdatedRuns.tsx';
import { useStore } from '../use-store.ts';
import { useActions, useWorkspace } from '../workspace.tsx';
import { ChosenRuns } from './ChosenRuns.tsx';
import styles from './dashboard.module.css';
import { openTab, parseDashboardAddress, useDashboardAddress } from './dashboard-address.ts';
import { EmptyDashboard } from './EmptyDashboard.tsx';
import { countedSentence, noTestSentence } from './queries-words.ts';

interface DashboardTab {
  /** In the address: `#/dashboard?tab=curves`. */
  readonly id: string;
  readonly label: string;
  readonly Tab: LazyExoticComponent<ComponentType>;
  /** It looks at scores: where nothing can be scored it has nothing to show. */
  readonly ofScores?: true;
}

/** In the order of the screen. */
export const tabs: readonly [DashboardTab, ...DashboardTab[]] = [
  { id: 'leaderboard', label: 'Leaderboard', ofScores: true, Tab: lazy(() => import('./leaderboard/Leaderboard.tsx')) },
  { id: 'curves', label: 'Curves', ofScores: true, Tab: lazy(() => import('./curves/Curves.tsx')) },
  { id: 'classes', label: 'Classes', ofScores: true, Tab: lazy(() => import('./classes/Classes.tsx')) },
  { id: 'look', label: 'Look', ofScores: true, Tab: lazy(() => import('./look/Look.tsx')) },
  { id: 'map', label: 'Map', Tab: lazy(() => import('./map/EmbeddingMap.tsx')) },
  { id: 'export', label: 'Export', Tab: lazy(() => import('./export/Export.tsx')) },
];

export default function DashboardScreen() {
  const status = useStore(datasetListStore, (state) => state.status);
  const datasetId = useStore(useWorkspace().dataset, (state) => state.dataset?.id ?? null);
  const hasRuns = useStore(useWorkspace().comparison, (state) => state.runs.length > 0);
  useDashboardAddress();
  if (status === 'loading') return <ScreenSkeleton />;
  // Figures that are drawn stay until the next are: not those of another data set.
  if (datasetId !== null && hasRuns) return <Dashboard key={datasetId} />;
  return (
    <div className={styles.view}>
      <ScreenHeader title="Dashboard" />
      <Failures screen="dashboard" />
      <OutdatedRuns />
      <EmptyDashboard hasDataset={datasetId !== null} />
    </div>
  );
}

function Dashboard() {
  const workspace = useWorkspace();
  const { chooseDashboard } = useActions();
  const runs = useStore(useWorkspace().comparison, (state) => state.runs);
  const images = useStore(useWorkspace().dataset, (state) => state.images);
  const excluded = useStore(useWorkspace().dataset, (state) => state.excluded);
  const counts = useStore(useWorkspace().dataset, (state) => state.dataset?.counts);
  const clustered = useStore(useWorkspace().dataset, (state) => state.clustered);
  const loading = useStore(useWorkspace().dashboard, (state) => state.status === 'loading');
  const split = useStore(useWorkspace().dashboard, (state) => state.split);
  const { tab } = parseDashboardAddress(useHashParameters());
  const scored = runs.some(({ result }) => result.test || result.validation);
  const offered = tabs.filter(({ ofScores }) => scored || ofScores !== true);
  const shown = offered.find(({ id }) => id === tab) ?? offered[0] ?? tabs[0];
  const flattered = scored ? clusteredSentence(clustered, formatAmount) : null;
  const noTest = counts === undefined || !scored ? null : noTestSentence(runs, counts, images);
  return (
    <div className={styles.view}>
      <ScreenHeader
        title="Dashboard"
        actions={
          !scored ? undefined : (
            <SegmentedControl
              size="xs"
              aria-label="Queries that are scored"
              data={(['test', 'validation'] as const).map((value) => ({
                value,
                label: value === 'test' ? 'Test' : 'Validation',
                disabled: !runs.some(({ result }) => result[value]),
              }))}
              value={split}
              onChange={(value) => void chooseDashboard({ split: value })}
            />
          )
        }
      >
        {countedSentence(runs, split, images, excluded)}
      </ScreenHeader>
      <Failures screen="dashboard" />
      <OutdatedRuns />
      {noTest === null ? null : (
        <Notice tone="quiet" icon={<IconInfoCircle size={20} aria-hidden="true" />}>
          {noTest}
        </Notice>
      )}
      {flattered === null ? null : (
        <Notice tone="quiet" icon={<IconInfoCircle size={20} aria-hidden="true" />}>
          {flattered}
        </Notice>
      )}
      <Tabs value={shown.id} onChange={(id) => id !== null && openTab(workspace, id, shown.id)} className={styles.view}>
        <div className={styles.fixed}>
          <ChosenRuns />
          <Tabs.List className={styles.tabs} aria-label="Views of the results">
            {offered.map(({ id, label }) => (
              <Tabs.Tab key={id} value={id}>
                {label}
              </Tabs.Tab>
            ))}
          </Tabs.List>
        </div>
        <Tabs.Panel value={shown.id}>
          <Suspense fallback={<ScreenSkeleton />}>{loading ? <ScreenSkeleton /> : <shown.Tab />}</Suspense>
        </Tabs.Panel>
      </Tabs>
    </div>
  );
}
