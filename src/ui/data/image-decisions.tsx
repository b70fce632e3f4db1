import { IconCircleMinus, IconCirclePlus, IconPhotoSearch, IconTag } from '@tabler/icons-react';
import { type ReactNode, useMemo, useState } from 'react';
import type { ImageRecord } from '../../types.ts';
import { IMAGE_KEYS, type ImageAction } from '../components/image-actions.tsx';
import { navigate } from '../location.ts';
import { searchAddress } from '../search/search-address.ts';
import { useStore } from '../use-store.ts';
import { useActions, useWorkspace } from '../workspace.tsx';
import { ClassChoice } from './ClassChoice.tsx';

type ActedOn = Pick<ImageRecord, 'hash' | 'path'>;

interface Ways {
  /** Opens the choice of a class. */
  readonly onChoose: () => void;
  /** What gets a class or is excluded: the selection that the image is in. Itself unless given. */
  readonly paths?: readonly string[];
  /** It has been excluded or included again. */
  readonly onMoved?: () => void;
  /** The model to search with; null for the best. */
  readonly runId?: string | null;
  /** Searches where it is shown, in place of going to the search screen. */
  readonly onSearch?: (hash: string) => void;
}

/** What can be done with an image: the same, by the same keys, on every screen that shows any. */
export function useImageActions(): (image: ActedOn, ways: Ways) => readonly ImageAction[] {
  const { decide } = useActions();
  const excluded = useStore(useWorkspace().dataset, (state) => state.excluded);
  const out = useMemo(() => new Set(excluded.map(({ path }) => path)), [excluded]);
  return ({ hash, path }, { onChoose, paths = [path], onMoved, runId = null, onSearch }) => {
    const isOut = paths.every((one) => out.has(one));
    return [
      {
        label: 'Search with it',
        icon: <IconPhotoSearch size={16} aria-hidden="true" />,
        shortcut: IMAGE_KEYS.search,
        disabled: hash === null,
        onPress: () => {
          if (hash === null) return;
          if (onSearch) onSearch(hash);
          else navigate(searchAddress(hash, runId));
        },
      },
      {
        label: 'Set its class',
        icon: <IconTag size={16} aria-hidden="true" />,
        shortcut: IMAGE_KEYS.setClass,
        onPress: onChoose,
      },
      {
        label: isOut ? 'Include it again' : 'Exclude it',
        icon: isOut ? (
          <IconCirclePlus size={16} aria-hidden="true" />
        ) : (
          <IconCircleMinus size={16} aria-hidden="true" />
        ),
        shortcut: IMAGE_KEYS.exclude,
        onPress: () => {
          void decide({ kind: isOut ? 'include' : 'exclude', paths });
          onMoved?.();
        },
      },
    ];
  };
}

/** Path of the image whose class is being chosen; null where none is. */
type Choosing = string | null;

export interface EnlargedDecisions {
  /** What can be done with an image, enlarged or not: `enlarge` shows it large, beside the choice of its class. */
  readonly actionsOn: (
    image: ActedOn,
    ways?: Omit<Ways, 'onChoose'> & { readonly enlarge?: () => void },
  ) => readonly ImageAction[];
  /** The choice of a class, where it is open for this image. */
  readonly panel: (path: string | null) => ReactNode;
  /** Closes what is open. */
  readonly close: () => void;
}

/** The actions on images that can be enlarged, with the choice of a class beside the enlargement. */
export function useEnlargedDecisions(): EnlargedDecisions {
  const actionsOn = useImageActions();
  const [choosing, setChoosing] = useState<Choosing>(null);
  return {
    actionsOn: (image, { enlarge, ...ways } = {}) =>
      actionsOn(image, {
        ...ways,
        onChoose: () => {
          setChoosing(image.path);
          enlarge?.();
        },
      }),
    panel: (path) =>
      choosing !== null && choosing === path ? (
        <ClassChoice paths={[choosing]} onDone={() => setChoosing(null)} />
      ) : null,
    close: () => setChoosing(null),
  };
}
