import { Button, Group } from '@mantine/core';
import { IconChartHistogram, IconMap2, IconPhoto, IconPhotoSearch } from '@tabler/icons-react';
import { Link } from 'wouter';
import { EmptyState } from '../components/EmptyState.tsx';
import { usePlainWays } from '../data/PlainPanel.tsx';
import { usePlain } from '../frame/use-steps.ts';

/** What the dashboard is for, and the next thing to do. */
export function EmptyDashboard({ hasDataset }: { readonly hasDataset: boolean }) {
  const plain = usePlain();
  if (hasDataset && plain) return <WithoutClasses />;
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

/** Models cannot be scored by images that have none: what can still be done with them. */
function WithoutClasses() {
  const { busy, goTo } = usePlainWays();
  return (
    <EmptyState
      icon={<IconMap2 size={32} stroke={1.4} aria-hidden="true" />}
      title="No image has a class"
      action={
        <Group gap="xs" justify="center">
          <Button
            loading={busy}
            leftSection={<IconMap2 size={18} aria-hidden="true" />}
            onClick={() => void goTo('/dashboard?tab=map')}
          >
            Show the map
          </Button>
          <Button
            variant="default"
            disabled={busy}
            leftSection={<IconPhotoSearch size={18} aria-hidden="true" />}
            onClick={() => void goTo('/search')}
          >
            Search
          </Button>
        </Group>
      }
    >
      Without classes models cannot be scored. See on a map what is alike, or search with any image: Colour and gradient
      embeds the images first, and needs no download. Name a group on the map, and its images have a class.
    </EmptyState>
  );
}
