import { Button } from '@mantine/core';
import { IconCopy, IconMap2, IconPhotoSearch } from '@tabler/icons-react';
import { useLocation } from 'wouter';
import { jobs } from '../../app/jobs/jobs.ts';
import { formatAmount } from '../format.ts';
import { useStore } from '../use-store.ts';
import { useActions, useWorkspace } from '../workspace.tsx';
import styles from './dataset.module.css';

export interface PlainWays {
  /** Whether the images were embedded with some model. */
  readonly embedded: boolean;
  readonly busy: boolean;
  /** Goes to map or search; images that nothing has embedded are embedded first, with what needs no download. */
  goTo(address: '/dashboard?tab=map' | '/search'): Promise<void>;
}

/** What can be done with images that have no classes. */
export function usePlainWays(): PlainWays {
  const { embed } = useActions();
  const [, navigate] = useLocation();
  const embedded = useStore(useWorkspace().comparison, ({ runs }) => runs.length > 0);
  const builtIn = useStore(
    useWorkspace().models,
    ({ rows }) => rows.find(({ weights }) => weights.origin === 'built-in')?.weights.id ?? null,
  );
  const busy = useStore(jobs.store, ({ running }) => running.some(({ screen }) => screen === 'models'));
  return {
    embedded,
    busy,
    async goTo(address) {
      if (embedded || (builtIn !== null && (await embed([builtIn])))) navigate(address);
    },
  };
}

/** What can be done with images that have no roles or classes. */
export function PlainPanel({ images, onCheck }: { readonly images: number; readonly onCheck: () => void }) {
  const { embedded, busy, goTo } = usePlainWays();
  return (
    <section className={styles.invitation} aria-labelledby="plain-title">
      <h2 id="plain-title" className={styles.invitationTitle}>
        {formatAmount(images, 'image')} without classes
      </h2>
      <p className={styles.invitationText}>
        See what is alike on a map, let it be grouped, search with any image, and find copies. Name a group, and its
        images have a class: models can then be compared.
        {embedded ? '' : ' Colour and gradient embeds the images first; it needs no download.'}
      </p>
      <div className={styles.invitationActions}>
        <Button
          size="xs"
          loading={busy}
          leftSection={<IconMap2 size={16} aria-hidden="true" />}
          onClick={() => void goTo('/dashboard?tab=map')}
        >
          Show the map
        </Button>
        <Button
          size="xs"
          variant="default"
          disabled={busy}
          leftSection={<IconPhotoSearch size={16} aria-hidden="true" />}
          onClick={() => void goTo('/search')}
        >
          Search
        </Button>
        {embedded ? (
          <Button size="xs" variant="default" leftSection={<IconCopy size={16} aria-hidden="true" />} onClick={onCheck}>
            Find copies
          </Button>
        ) : null}
      </div>
    </section>
  );
}
