import { useStore } from 'zustand';
import { datasetStore } from '../../state/datasets.ts';
import { ScreenSkeleton } from '../frame/ScreenSkeleton.tsx';
import { DatasetView } from './DatasetView.tsx';
import { Start } from './Start.tsx';

export default function DataScreen() {
  const status = useStore(datasetStore, (state) => state.status);
  const dataset = useStore(datasetStore, (state) => state.dataset);
  if (status === 'loading') return <ScreenSkeleton />;
  return dataset === null ? <Start /> : <DatasetView key={dataset.id} dataset={dataset} />;
}
