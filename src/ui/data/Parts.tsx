import { Tabs } from '@mantine/core';
import { useMemo } from 'react';
import type { Dataset, ImageRecord, Split } from '../../types.ts';
import { formatCount } from '../format.ts';
import panel from './Panel.module.css';
import { Problems } from './Problems.tsx';
import { Wall } from './Wall.tsx';

export type PartName = Split | 'problems';

const parts: readonly { readonly name: PartName; readonly label: string }[] = [
  { name: 'training', label: 'Training' },
  { name: 'query', label: 'Query' },
  { name: 'gallery', label: 'Gallery' },
  { name: 'problems', label: 'Problems' },
];

interface PartsProps {
  readonly dataset: Dataset;
  readonly images: readonly ImageRecord[];
  /** Null until the user chooses: then the first split that has images. */
  readonly part: PartName | null;
  readonly onChange: (part: PartName) => void;
}

/** The splits' images and the problems, one at a time. */
export function Parts({ dataset, images, part, onChange }: PartsProps) {
  const sizeOf = (name: PartName): number => (name === 'problems' ? dataset.problems.length : dataset.counts[name]);
  const shown = part ?? parts.find(({ name }) => sizeOf(name) > 0)?.name ?? 'training';
  const members = useMemo(() => images.filter((image) => image.split === shown), [images, shown]);

  return (
    <Tabs
      value={shown}
      keepMounted={false}
      onChange={(value) => {
        const wanted = parts.find(({ name }) => name === value);
        if (wanted !== undefined) onChange(wanted.name);
      }}
    >
      <Tabs.List aria-label="Parts of the data set">
        {parts.map(({ name, label }) => (
          <Tabs.Tab key={name} value={name} className={panel.tab}>
            {label} <span className={panel.count}>{formatCount(sizeOf(name))}</span>
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {parts.map(({ name, label }) => (
        <Tabs.Panel key={name} value={name} pt="xs">
          {name === 'problems' ? (
            <Problems problems={dataset.problems} />
          ) : sizeOf(name) === 0 ? (
            <p className={panel.none}>No images in this split.</p>
          ) : (
            <Wall label={`${label} images`} images={members} />
          )}
        </Tabs.Panel>
      ))}
    </Tabs>
  );
}
