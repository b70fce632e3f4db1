import { Tabs } from '@mantine/core';
import { useMemo, useState } from 'react';
import type { Dataset, ImageRecord, Split } from '../../types.ts';
import panel from '../components/screen.module.css';
import { formatAmount, formatCount } from '../format.ts';
import { useStore } from '../use-store.ts';
import { useWorkspace } from '../workspace.tsx';
import { CarePanel } from './CarePanel.tsx';
import styles from './dataset.module.css';
import { EnlargedImage } from './EnlargedImage.tsx';
import { useEnlargedDecisions } from './image-decisions.tsx';
import { Problems } from './Problems.tsx';
import { useSelection } from './use-selection.ts';
import { Wall } from './Wall.tsx';
import { groupByClass } from './wall-rows.ts';

export type PartName = Split | 'left-out' | 'care' | 'problems';

const parts: readonly { readonly name: PartName; readonly label: string }[] = [
  { name: 'training', label: 'Training' },
  { name: 'query', label: 'Query' },
  { name: 'gallery', label: 'Gallery' },
  { name: 'left-out', label: 'Left out' },
  { name: 'care', label: 'Check' },
  { name: 'problems', label: 'Problems' },
];

interface PartsProps {
  readonly dataset: Dataset;
  readonly images: readonly ImageRecord[];
  /** Null until the user chooses: then the first split that has images. */
  readonly part: PartName | null;
  readonly onChange: (part: PartName) => void;
}

function leftOutSentence(excluded: number, unclassed: number): string {
  const parts = [
    excluded > 0 ? `${formatAmount(excluded, 'image')} you excluded: select them to include them again.` : null,
    unclassed > 0
      ? `${formatAmount(unclassed, 'training image')} without a class: select them and give them one with Class….`
      : null,
  ];
  return parts.filter((part) => part !== null).join(' ');
}

/** The splits' images and the problems, one at a time. */
export function Parts({ dataset, images, part, onChange }: PartsProps) {
  const excluded = useStore(useWorkspace().dataset, (state) => state.excluded);
  const unclassed = useStore(useWorkspace().dataset, (state) => state.unclassed);
  const selection = useSelection();
  const [enlarged, setEnlarged] = useState<string | null>(null);
  const decisions = useEnlargedDecisions();
  const sizeOf = (name: PartName): number => {
    if (name === 'problems') return dataset.problems.length;
    if (name === 'care') return 0;
    return name === 'left-out' ? excluded.length + unclassed.length : dataset.counts[name];
  };
  // Where nothing is left out, there is no such part.
  const offered = parts.filter(({ name }) => name !== 'left-out' || name === part || sizeOf(name) > 0);
  const shown = part ?? parts.find(({ name }) => sizeOf(name) > 0)?.name ?? 'training';
  const members = useMemo(
    () => (shown === 'left-out' ? [...unclassed, ...excluded] : images.filter((image) => image.split === shown)),
    [images, shown, unclassed, excluded],
  );

  // In the order of the wall.
  const inOrder = useMemo(
    () => (enlarged === null ? [] : groupByClass(members).flatMap((group) => group.images)),
    [members, enlarged],
  );

  return (
    <>
      <Tabs
        value={shown}
        keepMounted={false}
        onChange={(value) => {
          const wanted = parts.find(({ name }) => name === value);
          if (wanted === undefined) return;
          selection.clear();
          onChange(wanted.name);
        }}
      >
        <Tabs.List aria-label="Parts of the data set">
          {offered.map(({ name, label }) => (
            <Tabs.Tab key={name} value={name} className={styles.tab}>
              {label} {name === 'care' ? null : <span className={styles.tabCount}>{formatCount(sizeOf(name))}</span>}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {offered.map(({ name, label }) => (
          <Tabs.Panel key={name} value={name} pt="xs">
            {name === 'problems' ? (
              <Problems problems={dataset.problems} />
            ) : name === 'care' ? (
              <CarePanel />
            ) : sizeOf(name) === 0 ? (
              <p className={styles.none}>
                {name === 'left-out' ? 'Every image takes part.' : 'No images in this split.'}
              </p>
            ) : (
              <>
                {name === 'left-out' ? (
                  <p className={panel.note}>{leftOutSentence(excluded.length, unclassed.length)}</p>
                ) : null}
                <Wall
                  label={`${label} images`}
                  images={members}
                  selection={selection}
                  onEnlarge={({ path }) => setEnlarged(path)}
                />
              </>
            )}
          </Tabs.Panel>
        ))}
      </Tabs>
      <EnlargedImage images={inOrder} path={enlarged} onMove={setEnlarged} decisions={decisions} />
    </>
  );
}
