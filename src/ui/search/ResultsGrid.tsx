import { useElementSize } from '@mantine/hooks';
import { type KeyboardEvent, type RefObject, useEffect, useMemo, useRef, useState } from 'react';
import type { Neighbour } from '../../app/search/search.ts';
import { Enlarged } from '../components/Enlarged.tsx';
import { type ImageAction, pressImageKey } from '../components/image-actions.tsx';
import { Name } from '../components/Name.tsx';
import { useEnlargedDecisions } from '../data/image-decisions.tsx';
import { formatAmount, formatCount } from '../format.ts';
import { isFocusFree } from '../frame/keep-focus.ts';
import { useStore } from '../use-store.ts';
import { useActions, useWorkspace } from '../workspace.tsx';
import { carryImage } from './dragged-image.ts';
import { justifyGroups, type Move, moveInRows } from './justify.ts';
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

/** From this width on, ten large images take no more than two rows. */
const WIDE = 1200;

/** Few neighbours are shown large, and all of them larger where there is room. */
function wantedHeight(count: number, width: number): number {
  const height = count <= 5 || (width >= WIDE && count <= 12) ? 260 : count <= 20 ? 190 : 140;
  return width < 480 ? Math.min(height, 150) : height;
}

interface Group {
  /** Null of those whose class is unknown, and where neighbours are not grouped. */
  readonly className: string | null;
  readonly neighbours: readonly Neighbour[];
}

/** By class, the class of the best neighbour first. */
function groupsOf(neighbours: readonly Neighbour[]): readonly Group[] {
  const groups = new Map<string | null, Neighbour[]>();
  for (const neighbour of neighbours) {
    const { className } = neighbour.image;
    const group = groups.get(className);
    if (group === undefined) groups.set(className, [neighbour]);
    else group.push(neighbour);
  }
  return [...groups].map(([className, members]) => ({ className, neighbours: members }));
}

function ratioOf({ image }: Neighbour): number {
  return image.width === null || image.height === null || image.height === 0 ? 1 : image.width / image.height;
}

interface ResultsGridProps {
  readonly neighbours: readonly Neighbour[];
  /** Whether these belong to an earlier query, while the next is on its way. */
  readonly pending: boolean;
  /** Set while a search from among the results is on its way: the focus then moves to the best new one. */
  readonly refocus: RefObject<boolean>;
}

/** Best first. One tab stop; arrow keys move among the images, Enter enlarges the one in focus. */
export function ResultsGrid({ neighbours: found, pending, refocus }: ResultsGridProps) {
  const grouped = useStore(useWorkspace().search, (state) => state.grouped);
  const { searchHash } = useActions();
  const { ref: sizeRef, width } = useElementSize();
  const list = useRef<HTMLDivElement>(null);
  const query = useStore(useWorkspace().search, (state) => state.query);
  const reasons = useStore(useWorkspace().search, (state) => state.reasons);
  const decisions = useEnlargedDecisions();
  const [active, setActive] = useState(0);
  // By its path: an answer that comes again, since its class is another now, may have it elsewhere.
  const [enlargedPath, setEnlargedPath] = useState<string | null>(null);
  const [answered, setAnswered] = useState(found);
  if (answered !== found) {
    setAnswered(found);
    setActive(0);
  }
  const groups = useMemo(
    () => (grouped ? groupsOf(found) : [{ className: null, neighbours: found }]),
    [grouped, found],
  );
  // In the order in which they are shown.
  const neighbours = useMemo(() => groups.flatMap((group) => group.neighbours), [groups]);
  const enlargedAt = neighbours.findIndex(({ image }) => image.path === enlargedPath);
  const enlarged = enlargedAt < 0 ? null : enlargedAt;
  const setEnlarged = (at: number | null): void =>
    setEnlargedPath(at === null ? null : (neighbours[at]?.image.path ?? null));
  // Another query has another answer.
  const [asked, setAsked] = useState(query?.hash);
  if (asked !== query?.hash) {
    setAsked(query?.hash);
    setEnlargedPath(null);
  }
  const laid = useMemo(() => {
    const ratios = groups.map((group) => group.neighbours.map(ratioOf));
    return width === 0 ? [] : justifyGroups(ratios, width, wantedHeight(found.length, width), GAP);
  }, [groups, found.length, width]);
  const rows = useMemo(() => laid.flat(), [laid]);

  const focusTile = (at: number): void => {
    setActive(at);
    list.current?.querySelectorAll<HTMLElement>('[data-tile]').item(at).focus();
  };

  useEffect(() => {
    if (!refocus.current || pending || rows.length === 0) return;
    refocus.current = false;
    const { activeElement } = document;
    const free = isFocusFree() || list.current?.contains(activeElement) === true;
    if (free) list.current?.querySelector<HTMLElement>('[data-tile]')?.focus();
  }, [refocus, pending, rows]);

  const actionsOn = (at: number): readonly ImageAction[] => {
    const neighbour = neighbours[at];
    // An image of the server's gallery has no file here, and nothing can be decided about it.
    if (neighbour === undefined || neighbour.thumbnail !== undefined) return [];
    const leave = (): void => {
      setEnlarged(null);
      refocus.current = true;
    };
    return decisions.actionsOn(neighbour.image, {
      enlarge: () => setEnlarged(at),
      onMoved: leave,
      onSearch: (hash) => {
        leave();
        void searchHash(hash);
      },
    });
  };

  const onKeyDown = (event: KeyboardEvent, from: number): void => {
    if (pressImageKey(actionsOn(from), event)) return;
    const move = moves[event.key];
    if (move === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    focusTile(moveInRows(rows, from, move, GAP));
  };

  return (
    <div ref={sizeRef} className={pending ? styles.pending : undefined} aria-busy={pending}>
      <div ref={list} className={styles.groups}>
        {laid.map((groupRows, g) => {
          const group = groups[g];
          if (group === undefined) return null;
          const label = grouped ? groupWords(group) : 'Nearest gallery images';
          return (
            <div key={group.className ?? ''}>
              {grouped ? (
                <h3 className={styles.group}>
                  <Name>{group.className ?? 'Class unknown'}</Name>
                  <span className={styles.quiet}>{formatCount(group.neighbours.length)}</span>
                </h3>
              ) : null}
              <ul aria-label={label} className={styles.tiles} style={{ gap: GAP }}>
                {groupRows.flatMap(({ first, widths, height }) =>
                  widths.map((tileWidth, i) => {
                    const at = first + i;
                    const neighbour = neighbours[at];
                    return neighbour === undefined ? null : (
                      // Rounded down: a fraction of a pixel too many would wrap the row's last tile.
                      <li
                        key={neighbour.rank}
                        style={{ width: Math.floor(tileWidth) }}
                        draggable={neighbour.image.hash !== null && neighbour.thumbnail === undefined}
                        onDragStart={({ dataTransfer }) => {
                          if (neighbour.image.hash !== null) carryImage(dataTransfer, neighbour.image.hash);
                        }}
                      >
                        <ResultTile
                          neighbour={neighbour}
                          reason={reasons === null ? undefined : (reasons.get(neighbour.image.path) ?? null)}
                          height={height}
                          inTabOrder={at === active}
                          onFocus={() => setActive(at)}
                          onKeyDown={(event) => onKeyDown(event, at)}
                          onEnlarge={() => setEnlarged(at)}
                        />
                      </li>
                    );
                  }),
                )}
              </ul>
            </div>
          );
        })}
      </div>
      <Enlarged
        what="Neighbour"
        at={enlarged}
        count={neighbours.length}
        imageAt={(at) => {
          const neighbour = neighbours[at];
          return neighbour === undefined ? null : { ...neighbour.image, ...neighbour, right: neighbour.correct };
        }}
        query={query && { hash: query.hash, path: query.name, className: query.image?.className ?? null }}
        onMove={(at) => {
          decisions.close();
          setEnlarged(at);
        }}
        onClose={(at) => {
          decisions.close();
          setEnlarged(null);
          focusTile(at);
        }}
        actionsOn={(_, at) => actionsOn(at)}
      >
        {decisions.panel(enlarged === null ? null : (neighbours[enlarged]?.image.path ?? null))}
      </Enlarged>
    </div>
  );
}

const groupWords = ({ className, neighbours }: Group): string =>
  `${className === null ? 'Class unknown' : `Class ${className}`}, ${formatAmount(neighbours.length, 'neighbour')}`;
