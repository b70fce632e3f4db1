import { Button } from '@mantine/core';
import { IconChartHistogram, IconPhoto } from '@tabler/icons-react';
import { Link } from 'wouter';
import { EmptyState } from '../components/EmptyState.tsx';

/** What the dashboard is for, and the next thing to do. */
export function EmptyDashboard({ hasDataset }: { readonly hasDataset: boolean }) {
  return hasDataset ? (
    <EmptyState
      icon={<IconChartHistogram size={32} stroke={1.4} aria-hidden="true" />}
      title="No results to look at yet"
      action={
        <Button component={Link} href="/comparison">
          Go to Comparison
        </Button>
      }
    >
      Compare models first. Then choose here which one to use, see why it fails, and take the results into a paper or
      another program.
    </EmptyState>
  ) : (
    <EmptyState
      icon={<IconPhoto size={32} stroke={1.4} aria-hidden="true" />}
      title="No images and no results yet"
      action={
        <Button component={Link} href="/data">
          Go to Data
        </Button>
      }
    >
      Open a folder of images and compare models on it. Then choose here which one to use, see why it fails, and take
      the results with you.
    </EmptyState>
  );
}
