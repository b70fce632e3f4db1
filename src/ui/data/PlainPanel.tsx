import { Button } from '@mantine/core';
import { IconCopy, IconMap2, IconPhotoSearch } from '@tabler/icons-react';
import { Link, useLocation } from 'wouter';
import { jobs } from '../../app/jobs/jobs.ts';
import { formatAmount } from '../format.ts';
import { useStore } from '../use-store.ts';
import { useActions, useWorkspace } from '../workspace.tsx';
import styles from './DemoPanel.module.css';

/** Of images without roles or classes: what can be done with them all the same. */
export function PlainPanel({ images, onCheck }: { readonly images: number; readonly onCheck: () => void }) {
  const { embed } = useActions();
  const [, navigate] = useLocation();
  const embedded = useStore(useWorkspace().comparison, ({ runs }) => runs.length > 0);
  const builtIn = useStore(
    useWorkspace().models,
    ({ rows }) => rows.find(({ weights }) => weights.origin === 'built-in')?.weights.id ?? null,
  );
  const busy = useStore(jobs.store, ({ running }) => running.some(({ screen }) => screen === 'models'));
  const showMap = async (): Promise<void> => {
    if (embedded || (builtIn !== null && (await embed([builtIn])))) navigate('/dashboard?tab=map');
  };
  return (
    <section className={styles.panel} aria-labelledby="plain-title">
      <h2 id="plain-title" className={styles.title}>
        {formatAmount(images, 'image')} without classes
      </h2>
      <p className={styles.text}>
        See what is alike on a map, let it be grouped, search with any image, and find copies. Name a group, and its
        images have a class: models can then be compared.
        {embedded ? '' : ' Colour and gradient embeds the images first; it needs no download.'}
      </p>
      <div className={styles.actions}>
        <Button
          size="xs"
          loading={busy}
          leftSection={<IconMap2 size={16} aria-hidden="true" />}
          onClick={() => void showMap()}
        >
          Show the map
        </Button>
        {embedded ? (
          <>
            <Button
              component={Link}
              href="/search"
              size="xs"
              variant="default"
              leftSection={<IconPhotoSearch size={16} aria-hidden="true" />}
            >
              Search
            </Button>
            <Button
              size="xs"
              variant="default"
              leftSection={<IconCopy size={16} aria-hidden="true" />}
              onClick={onCheck}
            >
              Find copies
            </Button>
          </>
        ) : null}
      </div>
    </section>
  );
}
