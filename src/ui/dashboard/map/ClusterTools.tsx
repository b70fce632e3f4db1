import { Button, TextInput } from '@mantine/core';
import { IconChartDots3 } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import { Explain } from '../../components/Explain.tsx';
import { useStore } from '../../use-store.ts';
import { useActions, useWorkspace } from '../../workspace.tsx';
import styles from './map.module.css';

const MOST = 100;

/** As many as are easily distinguished, until the user says how many. */
const usual = (images: number): number => Math.max(2, Math.min(10, Math.round(Math.sqrt(images / 2))));

interface ClusterToolsProps {
  readonly images: number;
  /** As many clusters as are shown; null for classes. */
  readonly shown: number | null;
}

/** Groups images that look alike, as many groups as the user wants; shows classes again. */
export function ClusterTools({ images, shown }: ClusterToolsProps) {
  const { findClusters } = useActions();
  const clustering = useStore(useWorkspace().map, (state) => state.clustering);
  const [typed, setTyped] = useState<string | null>(null);
  const text = typed ?? String(shown ?? usual(images));
  const count = /^\d+$/.test(text.trim()) ? Number(text) : Number.NaN;
  const fits = count >= 2 && count <= Math.min(MOST, images);
  const find = (event: FormEvent): void => {
    event.preventDefault();
    if (fits) void findClusters(count);
  };
  if (images < 3) return null;
  return (
    <form className={styles.part} aria-label="Clusters" onSubmit={find}>
      <div className={styles.clusters}>
        <TextInput
          size="xs"
          w={64}
          inputMode="numeric"
          autoComplete="off"
          aria-label="Number of clusters"
          error={!fits}
          value={text}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
        <Button
          type="submit"
          size="xs"
          variant="default"
          leftSection={<IconChartDots3 size={16} aria-hidden="true" />}
          loading={clustering}
          aria-disabled={!fits}
        >
          Find clusters
        </Button>
        {shown !== null ? (
          <Button size="xs" variant="subtle" onClick={() => void findClusters(null)}>
            Show classes
          </Button>
        ) : null}
        <Explain term="clusters">
          <p>
            Groups of images that the model finds alike (k-means in the full space, not on the map). Name a cluster, and
            its images have that class; it can be undone. Figures of this model then look better than they are, which
            the dashboard and the report say.
          </p>
        </Explain>
      </div>
      {fits ? null : <p className={styles.classNote}>A whole number from 2 to {Math.min(MOST, images)}.</p>}
    </form>
  );
}
