import { IconPhotoSearch } from '@tabler/icons-react';
import { useLocation } from 'wouter';
import type { ImageRecord } from '../../types.ts';
import { Enlarged } from '../components/Enlarged.tsx';
import { IMAGE_KEYS, type ImageAction } from '../components/image-actions.ts';
import { searchLink } from '../dashboard/map/search-link.ts';
import { useImageDecisions } from './image-decisions.tsx';

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
  const [, navigate] = useLocation();
  const decisions = useImageDecisions();
  const at = path === null ? -1 : images.findIndex((image) => image.path === path);

  const actionsOn = (i: number): readonly ImageAction[] => {
    const image = images[i];
    if (!image) return [];
    return [
      {
        label: 'Search with it',
        icon: <IconPhotoSearch size={16} aria-hidden="true" />,
        shortcut: IMAGE_KEYS.search,
        disabled: image.hash === null,
        onPress: () => image.hash !== null && navigate(searchLink(image.hash, runId).replace(/^#/, '')),
      },
      // What is left out leaves the list: the next one takes its place.
      ...decisions.actionsOn(image.path, { moved: () => onMove((images[i + 1] ?? images[i - 1])?.path ?? null) }),
    ];
  };
  return (
    <Enlarged
      what="Image"
      at={at < 0 ? null : at}
      count={images.length}
      imageAt={(i) => images[i] ?? null}
      onMove={(i) => {
        decisions.close();
        onMove(images[i]?.path ?? null);
      }}
      onClose={() => {
        decisions.close();
        onMove(null);
      }}
      actionsOn={(_, i) => actionsOn(i)}
    >
      {decisions.panel(path)}
    </Enlarged>
  );
}
