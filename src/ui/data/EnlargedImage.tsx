import { IconCircleMinus, IconCirclePlus, IconPhotoSearch, IconTag } from '@tabler/icons-react';
import { useState } from 'react';
import { useLocation } from 'wouter';
import { useStore } from 'zustand';
import type { ImageRecord } from '../../types.ts';
import { Enlarged } from '../components/Enlarged.tsx';
import { IMAGE_KEYS, type ImageAction } from '../components/image-actions.ts';
import { searchLink } from '../dashboard/map/search-link.ts';
import { useActions, useWorkspace } from '../workspace.tsx';
import { ClassChoice } from './ClassChoice.tsx';

interface EnlargedImageProps {
  /** The images that arrow keys go through, in their order. */
  readonly images: readonly ImageRecord[];
  /** Path of the one that is shown; null where none is. */
  readonly path: string | null;
  readonly onMove: (path: string | null) => void;
  /** The model to search with; null for the best. */
  readonly runId?: string | null;
}

/** An image of the data set, large, with all that can be done with it. */
export function EnlargedImage({ images, path, onMove, runId = null }: EnlargedImageProps) {
  const { decide } = useActions();
  const [, navigate] = useLocation();
  const excluded = useStore(useWorkspace().dataset, (state) => state.excluded);
  const [choosing, setChoosing] = useState<string | null>(null);
  const at = path === null ? -1 : images.findIndex((image) => image.path === path);

  const actionsOn = (i: number): readonly ImageAction[] => {
    const image = images[i];
    if (!image) return [];
    const out = excluded.some((other) => other.path === image.path);
    return [
      {
        label: 'Search with it',
        icon: <IconPhotoSearch size={16} aria-hidden="true" />,
        shortcut: IMAGE_KEYS.search,
        disabled: image.hash === null,
        onPress: () => image.hash !== null && navigate(searchLink(image.hash, runId).replace(/^#/, '')),
      },
      {
        label: 'Set its class',
        icon: <IconTag size={16} aria-hidden="true" />,
        shortcut: IMAGE_KEYS.setClass,
        onPress: () => setChoosing(image.path),
      },
      {
        label: out ? 'Include it again' : 'Exclude it',
        icon: out ? <IconCirclePlus size={16} aria-hidden="true" /> : <IconCircleMinus size={16} aria-hidden="true" />,
        shortcut: IMAGE_KEYS.exclude,
        onPress: () => {
          void decide({ kind: out ? 'include' : 'exclude', paths: [image.path] });
          // What is left out leaves the list: the next one takes its place.
          onMove((images[i + 1] ?? images[i - 1])?.path ?? null);
        },
      },
    ];
  };
  return (
    <Enlarged
      what="Image"
      at={at < 0 ? null : at}
      count={images.length}
      imageAt={(i) => images[i] ?? null}
      onMove={(i) => {
        setChoosing(null);
        onMove(images[i]?.path ?? null);
      }}
      onClose={() => {
        setChoosing(null);
        onMove(null);
      }}
      actionsOn={(_, i) => actionsOn(i)}
    >
      {choosing !== null && choosing === path ? (
        <ClassChoice paths={[choosing]} onDone={() => setChoosing(null)} />
      ) : null}
    </Enlarged>
  );
}
