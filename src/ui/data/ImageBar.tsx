import { Button, Popover } from '@mantine/core';
import { IconCircleMinus, IconCirclePlus, IconTag } from '@tabler/icons-react';
import { useRef, useState } from 'react';
import type { ImageRecord } from '../../types.ts';
import { formatAmount } from '../format.ts';
import { useStore } from '../use-store.ts';
import { useActions, useWorkspace } from '../workspace.tsx';
import { ClassChoice } from './ClassChoice.tsx';
import styles from './decisions.module.css';

interface ImageBarProps {
  /** Chosen on the wall or on the map. */
  readonly images: readonly Pick<ImageRecord, 'path'>[];
  /** As ClassChoice has it. */
  readonly clusteredBy?: string | null;
  readonly onClear: () => void;
  /** They have been given a class, excluded or included again. */
  readonly onDecided?: () => void;
  /** Whether the choice of a class is open; it can be opened by a key from outside. */
  readonly choosing: boolean;
  readonly onChoosing: (choosing: boolean) => void;
}

/** What can be done with the chosen images. */
export function ImageBar({ images, clusteredBy = null, onClear, onDecided, choosing, onChoosing }: ImageBarProps) {
  const { decide } = useActions();
  const excluded = useStore(useWorkspace().dataset, (state) => state.excluded);
  const bar = useRef<HTMLElement>(null);
  if (images.length === 0) return null;
  const paths = images.map(({ path }) => path);
  const out = new Set(excluded.map(({ path }) => path));
  const excludes = paths.some((path) => !out.has(path));
  return (
    <section ref={bar} className={styles.bar} aria-label="Selected images">
      <strong role="status">{formatAmount(images.length, 'image')} selected</strong>
      <span className={styles.actions}>
        <Popover
          opened={choosing}
          onChange={onChoosing}
          width={280}
          position="top-start"
          trapFocus
          hideDetached={false}
          shadow="md"
        >
          <Popover.Target>
            <Button
              size="xs"
              leftSection={<IconTag size={16} aria-hidden="true" />}
              aria-keyshortcuts="c"
              aria-expanded={choosing}
              onClick={() => onChoosing(!choosing)}
            >
              Class…
            </Button>
          </Popover.Target>
          <Popover.Dropdown
            // The bar may lie below what is in sight: opened by a key or from beside the map. The focus itself scrolls first, to where
            // the choice was before it had its place.
            onFocus={() => requestAnimationFrame(() => bar.current?.scrollIntoView({ block: 'nearest' }))}
          >
            <ClassChoice
              paths={paths}
              clusteredBy={clusteredBy}
              onDone={() => {
                onChoosing(false);
                onClear();
                onDecided?.();
              }}
            />
          </Popover.Dropdown>
        </Popover>
        <Button
          size="xs"
          variant="default"
          aria-keyshortcuts="x"
          leftSection={
            excludes ? (
              <IconCircleMinus size={16} aria-hidden="true" />
            ) : (
              <IconCirclePlus size={16} aria-hidden="true" />
            )
          }
          onClick={() => {
            void decide({ kind: excludes ? 'exclude' : 'include', paths });
            onClear();
            onDecided?.();
          }}
        >
          {excludes ? 'Exclude' : 'Include again'}
        </Button>
        <Button size="xs" variant="subtle" onClick={onClear}>
          Clear
        </Button>
      </span>
    </section>
  );
}

/** Whether the choice of a class is open. */
export const useChoosing = () => useState(false);
