import { UnstyledButton } from '@mantine/core';
import { defaultRangeExtractor, useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from 'react';
import { pressImageKey } from '../components/image-actions.tsx';
import { Thumbnail } from '../components/Picture.tsx';
import { EnlargedImage } from '../data/EnlargedImage.tsx';
import { useEnlargedDecisions } from '../data/image-decisions.tsx';
import { fileName, formatAmount } from '../format.ts';
import { useStore } from '../use-store.ts';
import { useActions, useWorkspace } from '../workspace.tsx';
import styles from './query.module.css';

const SIDE = 64;
const GAP = 6;

const steps: Readonly<Record<string, (at: number, count: number) => number>> = {
  ArrowLeft: (at) => at - 1,
  ArrowRight: (at) => at + 1,
  PageUp: (at) => at - 10,
  PageDown: (at) => at + 10,
  Home: () => 0,
  End: (_, count) => count - 1,
};

/** The query split in one row, or the gallery where there is none. One tab stop; arrow keys move along it. */
export function QueryStrip() {
  const { searchHash } = useActions();
  const images = useStore(useWorkspace().dataset, (state) => state.images);
  const current = useStore(useWorkspace().search, (state) => state.query?.hash ?? null);
  const queries = useMemo(() => images.filter((image) => image.split === 'query'), [images]);
  const shown = useMemo(
    () => (queries.length > 0 ? queries : images.filter((image) => image.split === 'gallery')),
    [queries, images],
  );
  const [active, setActive] = useState(0);
  const [enlarged, setEnlarged] = useState<string | null>(null);
  const decisions = useEnlargedDecisions();
  const box = useRef<HTMLDivElement>(null);
  const wanted = useRef<number | null>(null);
  const stop = Math.min(active, shown.length - 1);

  const virtualizer = useVirtualizer({
    horizontal: true,
    count: shown.length,
    getScrollElement: () => box.current,
    estimateSize: () => SIDE + GAP,
    overscan: 4,
    // The tab stop stays in the document when it is scrolled away, or the keyboard could not enter.
    rangeExtractor: (range) =>
      stop < 0 ? [] : [...new Set([...defaultRangeExtractor(range), stop])].sort((a, b) => a - b),
  });

  useEffect(() => {
    if (wanted.current === null) return;
    const tile = box.current?.querySelector<HTMLElement>(`[data-index="${wanted.current}"]`);
    if (tile === null || tile === undefined) return;
    wanted.current = null;
    tile.focus({ preventScroll: true });
  });

  const onSearch = (hash: string): void => {
    setEnlarged(null);
    void searchHash(hash);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const image = shown[stop];
    const enlarge = () => setEnlarged(image?.path ?? null);
    if (image && pressImageKey(decisions.actionsOn(image, { enlarge, onSearch }), event)) return;
    const step = steps[event.key];
    if (step === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const next = Math.max(0, Math.min(shown.length - 1, step(wanted.current ?? stop, shown.length)));
    wanted.current = next;
    setActive(next);
    virtualizer.scrollToIndex(next);
  };

  if (shown.length === 0) return null;
  const label =
    queries.length > 0
      ? `${formatAmount(shown.length, 'query image')} to search with`
      : `${formatAmount(shown.length, 'gallery image')} to search with`;
  return (
    <section className={styles.stripSection} aria-label={label}>
      <p className={styles.stripLabel} aria-hidden="true">
        {label}
      </p>
      <div ref={box} className={styles.stripBox}>
        <div
          role="toolbar"
          tabIndex={-1}
          aria-label={label}
          className={styles.strip}
          style={{ width: virtualizer.getTotalSize() - GAP, height: SIDE }}
          onKeyDown={onKeyDown}
        >
          {virtualizer.getVirtualItems().map((item) => {
            const image = shown[item.index];
            if (image === undefined) return null;
            const { hash } = image;
            const name = fileName(image.path);
            return (
              <UnstyledButton
                key={image.path}
                data-index={item.index}
                className={styles.stripTile}
                style={{ width: SIDE, height: SIDE, transform: `translateX(${item.start}px)` }}
                tabIndex={item.index === stop ? 0 : -1}
                aria-label={image.className === null ? name : `${name}, class ${image.className}`}
                aria-pressed={hash !== null && hash === current}
                aria-disabled={hash === null}
                title={name}
                onFocus={() => setActive(item.index)}
                onClick={() => {
                  if (hash !== null) void searchHash(hash);
                }}
              >
                <Thumbnail hash={hash} alt="" />
              </UnstyledButton>
            );
          })}
        </div>
      </div>
      <EnlargedImage images={shown} path={enlarged} onMove={setEnlarged} decisions={decisions} onSearch={onSearch} />
    </section>
  );
}
