import { Tabs } from '@mantine/core';
import { Suspense, useEffect } from 'react';
import { useStore } from 'zustand';
import { refreshDashboard } from '../../state/actions.ts';
import { comparisonStore } from '../../state/comparison.ts';
import { Failures } from '../components/Failures.tsx';
import { ScreenHeader } from '../components/ScreenHeader.tsx';
import { ScreenSkeleton } from '../frame/ScreenSkeleton.tsx';
import { navigate, useHashParameters } from '../location.ts';
import { tabs } from './tabs.ts';

export default function DashboardScreen() {
  const runs = useStore(comparisonStore, (state) => state.runs);
  const wanted = new URLSearchParams(useHashParameters()).get('tab');
  const shown = tabs.find(({ id }) => id === wanted) ?? tabs[0];
  // biome-ignore lint/correctness/useExhaustiveDependencies: loads anew whenever the runs are others.
  useEffect(() => void refreshDashboard(), [runs]);
  return (
    <>
      <ScreenHeader title="Dashboard" />
      <Failures screen="dashboard" />
      <Tabs value={shown.id} onChange={(id) => id !== null && navigate(`/dashboard?tab=${id}`, { replace: true })}>
        <Tabs.List>
          {tabs.map(({ id, label }) => (
            <Tabs.Tab key={id} value={id}>
              {label}
            </Tabs.Tab>
          ))}
        </Tabs.List>
      </Tabs>
      <Suspense fallback={<ScreenSkeleton />}>
        <shown.Tab />
      </Suspense>
    </>
  );
}
