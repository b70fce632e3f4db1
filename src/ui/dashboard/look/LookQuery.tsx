import { Modal, VisuallyHidden } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react';
import { memo, useEffect, useState } from 'react';
import { Step } from '../../components/Enlarged.tsx';
import { ActionButtons, IMAGE_KEYS, ImageKeys, pressImageKey } from '../../components/image-actions.tsx';
import { Name } from '../../components/Name.tsx';
import { Picture, ThumbnailNote } from '../../components/Picture.tsx';
import { fileName, formatCount } from '../../format.ts';
import { currentParameters } from '../../location.ts';
import { LookRanking } from './LookRanking.tsx';
import styles from './look.module.css';
import { closeQuery, openQuery, parseLookAddress } from './look-address.ts';
import { type LookImages, useLookImages } from './look-images.tsx';
import { copyOf, openedQuery, type Place, placeOf } from './look-order.ts';
import { queryWords } from './look-words.ts';
import type { LookView } from './use-look.ts';

interface LookQueryProps {
  readonly view: LookView;
  readonly fitting: Int32Array;
  /** Neighbours a run. */
  readonly k: number;
  /** Position in the table of the query that is open. */
  readonly query: number | null;
}

/** One query, large, with the rankings of both runs side by side. Arrow keys go along the list, Escape closes. */
export const LookQuery = memo(function LookQuery({ view, fitting, k, query }: LookQueryProps) {
  const narrow = useMediaQuery('(max-width: 899.98px)', false, { getInitialValueInEffect: false });
  const place = query === null ? null : placeOf(fitting, query);
  const images = useLookImages(view, k);
  const [asked, setAsked] = useState(query);
  if (asked !== query) {
    setAsked(query);
    images.enlarge(null);
  }
  return (
    <>
      <Modal
        opened={query !== null}
        onClose={closeQuery}
        title={query === null || place === null ? '' : placeWords(place, fitting.length)}
        size="min(1480px, 96vw)"
        fullScreen={narrow}
        centered={false}
        yOffset="3dvh"
        closeButtonProps={{ 'aria-label': 'Close' }}
        // The list takes the focus itself: at the query that was looked at last.
        returnFocus={false}
        closeOnEscape={!images.isOpen}
        transitionProps={{ duration: 0 }}
      >
        {query === null || place === null ? null : (
          <Opened view={view} fitting={fitting} k={k} query={query} place={place} images={images} />
        )}
      </Modal>
      {images.enlarged}
    </>
  );
});

function placeWords({ at }: Place, count: number): string {
  return at < 0 ? 'Query outside the filters' : `Query ${formatCount(at + 1)} of ${formatCount(count)}`;
}

interface OpenedProps {
  readonly view: LookView;
  readonly fitting: Int32Array;
  readonly k: number;
  readonly query: number;
  readonly place: Place;
  readonly images: LookImages;
}

function Opened({ view, fitting, k, query, place: { before, after }, images }: OpenedProps) {
  const { table, sides } = view;
  const image = table.queries[query];
  const itself = { query, side: 0, at: null };

  const go = (direction: 'before' | 'after'): void => {
    // Keys may come faster than renders: what is open is what the address says.
    const now = openedQuery(table, parseLookAddress(currentParameters()));
    const to = now === null ? null : placeOf(fitting, now)[direction];
    const hash = to === null ? null : (table.queries[to]?.hash ?? null);
    if (to !== null && hash !== null) openQuery(hash, copyOf(table, to), 'replace');
  };

  useEffect(() => {
    const key = (event: KeyboardEvent): void => {
      // An image that is enlarged covers it, and a neighbour in focus has taken its keys already.
      if (images.isOpen || event.defaultPrevented || event.shiftKey) return;
      if (pressImageKey(images.actionsOn(itself), event)) return;
      if (event.altKey || event.ctrlKey || event.metaKey) return;
      if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return;
      event.preventDefault();
      go(event.key === 'ArrowLeft' ? 'before' : 'after');
    };
    addEventListener('keydown', key);
    return () => removeEventListener('keydown', key);
  });

  if (image === undefined) return null;
  return (
    <div className={styles.opened}>
      <section className={styles.openedQuery} aria-label="Query">
        <div className={styles.large}>
          <Picture key={image.hash} hash={image.hash} alt={`Query ${fileName(image.path)}`} />
        </div>
        <div className={styles.about}>
          <div className={styles.step}>
            <Step label="Previous query" ended={before === null} onStep={() => go('before')}>
              <IconChevronLeft size={18} aria-hidden="true" />
            </Step>
            <Step label="Next query" ended={after === null} onStep={() => go('after')}>
              <IconChevronRight size={18} aria-hidden="true" />
            </Step>
            <span className={styles.quiet}>or arrow keys</span>
          </div>
          <Name className={styles.name}>{fileName(image.path)}</Name>
          <span className={styles.quiet}>
            {image.className === null ? 'Class unknown' : <Name>{`Class ${image.className}`}</Name>}
          </span>
          <ThumbnailNote several />
          {/* Each run's ranking has its own button to search with it. */}
          <div className={styles.actions}>
            <ActionButtons
              actions={images.actionsOn(itself).filter(({ shortcut }) => shortcut !== IMAGE_KEYS.search)}
            />
          </div>
          <ImageKeys />
        </div>
        <VisuallyHidden component="p" aria-live="polite">
          {queryWords(table, query)}
        </VisuallyHidden>
      </section>
      <div className={sides.length === 2 ? styles.two : styles.one}>
        {sides.map((side, i) => (
          <LookRanking
            key={side.letter}
            table={table}
            side={side}
            letter={sides.length === 2}
            query={query}
            hash={image.hash}
            k={k}
            onEnlarge={(at) => images.enlarge({ query, side: i, at })}
            actionsOn={(at) => images.actionsOn({ query, side: i, at })}
          />
        ))}
      </div>
    </div>
  );
}
