import { IconCircleMinus, IconCirclePlus, IconTag } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import { IMAGE_KEYS, type ImageAction } from '../components/image-actions.ts';
import { useStore } from '../use-store.ts';
import { useActions, useWorkspace } from '../workspace.tsx';
import { ClassChoice } from './ClassChoice.tsx';

interface ImageDecisions {
  /** To set an image's class, and to exclude it or include it again. */
  readonly actionsOn: (path: string, then?: Then) => readonly ImageAction[];
  /** What setting the class of this image has opened. */
  readonly panel: (path: string | null) => ReactNode;
  /** Closes what is open. */
  readonly close: () => void;
}

interface Then {
  /** Its class is being chosen. */
  readonly chosen?: () => void;
  /** It has been excluded or included again. */
  readonly moved?: () => void;
}

/** What can be decided of an image, on every screen that enlarges images. */
export function useImageDecisions(): ImageDecisions {
  const { decide } = useActions();
  const excluded = useStore(useWorkspace().dataset, (state) => state.excluded);
  const [choosing, setChoosing] = useState<string | null>(null);
  return {
    actionsOn: (path, { chosen, moved } = {}) => {
      const out = excluded.some((other) => other.path === path);
      return [
        {
          label: 'Set its class',
          icon: <IconTag size={16} aria-hidden="true" />,
          shortcut: IMAGE_KEYS.setClass,
          onPress: () => {
            setChoosing(path);
            chosen?.();
          },
        },
        {
          label: out ? 'Include it again' : 'Exclude it',
          icon: out ? (
            <IconCirclePlus size={16} aria-hidden="true" />
          ) : (
            <IconCircleMinus size={16} aria-hidden="true" />
          ),
          shortcut: IMAGE_KEYS.exclude,
          onPress: () => {
            void decide({ kind: out ? 'include' : 'exclude', paths: [path] });
            moved?.();
          },
        },
      ];
    },
    panel: (path) =>
      choosing !== null && choosing === path ? (
        <ClassChoice paths={[choosing]} onDone={() => setChoosing(null)} />
      ) : null,
    close: () => setChoosing(null),
  };
}
