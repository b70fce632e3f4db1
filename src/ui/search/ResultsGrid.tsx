import { useElementSize } from '@mantine/hooks';
import { IconPhotoSearch } from '@tabler/icons-react';
import { type KeyboardEvent, type RefObject, useEffect, useMemo, useRef, useState } from 'react';
import { useStore } from 'zustand';
import type { Neighbour } from '../../app/search/search.ts';
import { Enlarged } from '../components/Enlarged.tsx';
import { actionOfKey, IMAGE_KEYS, type ImageAction } from '../components/image-actions.ts';
import { useActions, useWorkspace } from '../workspace.tsx';
import { carryImage } from './dragged-image.ts';
import { justify, type Move, moveInRows } from './justify.ts';
import styles from './Results.module.css';
import { ResultTile } from './ResultTile.tsx';

const GAP = 12;

const moves: Readonly<Record<string, Move>> = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'up',
  ArrowDown: 'down',
  Home: 'first',
  End: 'last',
};

/** Few neighbours are shown large. */
function wantedHeight(count: number): number {
  if (count <= 5) return 260;
  return count <= 20 ? 190 : 140;
}

function ratioOf({ image }: Neighbour): number {
  return image.width === null || image.height === null || image.height === 0 ? 1 : image.width / image.height;
}

interface ResultsGridProps {
  readonly neighbours: readonly Neighbour[];
  /** Of an earlier query, while the next is on its way. */
  readonly pending: boolean;
  /** Set while a search from among the results is on its way: the focus then moves to the best new one. */
  readonly refocus: RefObject<boolean>;
}

/** Best first. One tab stop; arrow keys move among the images, Enter enlarges the one in focus. */
export function ResultsGrid({ neighbours, pending, refocus }: ResultsGridProps) {
  const { searchHash } = useActions();
  const { ref: sizeRef, width } = useElementSize();
  const list = useRef<HTMLUListElement>(null);
  const query = useStore(useWorkspace().search, (state) => state.query);
  const [active, setActive] = useState(0);
  const [enlarged, setEnlarged] = useState<number | null>(null);
  const [answered, setAnswered] = useState(neighbours);
  if (answered !== neighbours) {
    setAnswered(neighbours);
    setActive(0);
    setEnlarged(null);
  }
  const rows = useMemo(
    () => (width === 0 ? [] : justify(neighbours.map(ratioOf), width, wantedHeight(neighbours.length), GAP)),
    [neighbours, width],
  );

  const focusTile = (at: number): void => {
    setActive(at);
    list.current?.querySelectorAll('button').item(at).focus();
  };

  useEffect(() => {
    if (!refocus.current || pending || rows.length === 0) return;
    refocus.current = false;
    const { activeElement } = document;
    const free = activeElement === document.body || list.current?.contains(activeElement) === true;
    if (free) list.current?.querySelector('button')?.focus();
  }, [refocus, pending, rows]);

  const actionsOn = (at: number): readonly ImageAction[] => {
    const hash = neighbours[at]?.image.hash ?? null;
    return [
      {
        label: 'Search with it',
        icon: <IconPhotoSearch size={16} aria-hidden="true" />,
        shortcut: IMAGE_KEYS.search,
        disabled: hash === null,
        onPress: () => {
          if (hash === null) return;
          setEnlarged(null);
          refocus.current = true;
          void searchHash(hash);
        },
      },
    ];
  };

  const onKeyDown = (event: KeyboardEvent, from: number): void => {
    const action = actionOfKey(actionsOn(from), event);
    if (action !== null) {
      event.preventDefault();
      action.onPress();
      return;
    }
    const move = moves[event.key];
    if (move === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    focusTile(moveInRows(rows, from, move, GAP));
  };

  const tiles = rows.flatMap(({ first, widths, height }) =>
    widths.map((tileWidth, at) => ({ at: first + at, width: tileWidth, height })),
  );
  return (
    <div ref={sizeRef} className={pending ? styles.pending : undefined} aria-busy={pending}>
      <ul ref={list} aria-label="Nearest gallery images" className={styles.tiles} style={{ gap: GAP }}>
        {tiles.map((tile) => {
          const neighbour = neighbours[tile.at];
          return neighbour === undefined ? null : (
            // Rounded down: a fraction of a pixel too many would wrap the row's last tile.
            <li
              key={neighbour.rank}
              style={{ width: Math.floor(tile.width) }}
              draggable={neighbour.image.hash !== null}
              onDragStart={({ dataTransfer }) => {
                if (neighbour.image.hash !== null) carryImage(dataTransfer, neighbour.image.hash);
              }}
            >
              <ResultTile
                neighbour={neighbour}
                height={tile.height}
                inTabOrder={tile.at === active}
                onFocus={() => setActive(tile.at)}
                onKeyDown={(event) => onKeyDown(event, tile.at)}
                onEnlarge={() => setEnlarged(tile.at)}
              />
            </li>
          );
        })}
      </ul>
      <Enlarged
        what="Neighbour"
        at={enlarged}
        count={neighbours.length}
        imageAt={(at) => {
          const neighbour = neighbours[at];
          return neighbour === undefined ? null : { ...neighbour.image, ...neighbour, right: neighbour.correct };
        }}
        query={query && { hash: query.hash, path: query.name, className: query.image?.className ?? null }}
        onMove={setEnlarged}
        onClose={(at) => {
          setEnlarged(null);
          focusTile(at);
        }}
        actionsOn={(_, at) => actionsOn(at)}
      />
    </div>
  );
}
