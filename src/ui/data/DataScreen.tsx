import { lazy, Suspense } from 'react';
import { datasetListStore } from '../../app/dataset/dataset-list.ts';
import { ScreenSkeleton } from '../frame/ScreenSkeleton.tsx';
import { useStore } from '../use-store.ts';
import { useWorkspace } from '../workspace.tsx';
import { Start } from './Start.tsx';

/** Loaded with the first data set: who has none yet, waits for the start alone. */
const DatasetView = lazy(() => import('./DatasetView.tsx'));

export default function DataScreen() {
  const status = useStore(datasetListStore, (state) => state.status);
  const dataset = useStore(useWorkspace().dataset, (state) => state.dataset);
  if (status === 'loading') return <ScreenSkeleton />;
  if (dataset === null) return <Start />;
  return (
    <Suspense fallback={<ScreenSkeleton />}>
      <DatasetView key={dataset.id} dataset={dataset} />
    </Suspense>
  );
}
