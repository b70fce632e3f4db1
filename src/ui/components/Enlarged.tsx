import { ActionIcon, Modal, VisuallyHidden } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react';
import { type ReactNode, useLayoutEffect, useRef } from 'react';
import { fileName, formatCount, formatSimilarity } from '../format.ts';
import styles from './image.module.css';
import { ActionButtons, type ImageAction, isTyped, pressImageKey } from './image-actions.tsx';
import { Name } from './Name.tsx';
import { Picture, ThumbnailNote } from './Picture.tsx';
import { framed, VerdictSign, verdictOf } from './Verdict.tsx';

export interface EnlargedImage {
  readonly hash: string | null;
  /** The file's path in its folder, or its name alone. */
  readonly path: string;
  readonly className: string | null;
  /** Among the neighbours of a query, from 1. */
  readonly rank?: number;
  /** Cosine similarity to the query. */
  readonly similarity?: number;
  /** Whether it is of the query's class; null where either is unknown. */
  readonly right?: boolean | null;
  /** Where its picture is, of an image of which nothing is in this browser. */
  readonly thumbnail?: string;
}

interface EnlargedProps {
  /** What is enlarged: "Neighbour". */
  readonly what: string;
  /** Position of the one that is shown, from 0; null where none is. */
  readonly at: number | null;
  readonly count: number;
  readonly imageAt: (at: number) => EnlargedImage | null;
  readonly onMove: (at: number) => void;
  /** Gets the position that was shown last. The focus goes back to where it was, unless it is put elsewhere here. */
  readonly onClose: (at: number) => void;
  /** Stands beside the image. */
  readonly query?: EnlargedImage | null;
  readonly actionsOn: (image: EnlargedImage, at: number) => readonly ImageAction[];
  /** What an action has opened: stands below the actions. */
  readonly children?: ReactNode;
}

const steps: Readonly<Record<string, (at: number, last: number) => number>> = {
  ArrowLeft: (at) => at - 1,
  ArrowRight: (at) => at + 1,
  Home: () => 0,
  End: (_, last) => last,
};

/** An image, large, beside the query where there is one. Arrow keys go to the next and the one before, Escape closes. */
export function Enlarged(props: EnlargedProps) {
  const { at } = props;
  const image = at === null ? null : props.imageAt(at);
  return at === null || image === null ? null : <Opened {...props} at={at} image={image} />;
}

interface OpenedProps extends EnlargedProps {
  readonly at: number;
  readonly image: EnlargedImage;
}

function Opened({ what, at, image, count, onMove, onClose, query = null, actionsOn, children }: OpenedProps) {
  const narrow = useMediaQuery('(max-width: 899.98px)', false, { getInitialValueInEffect: false });
  useReturnedFocus();
  // Keys may come faster than renders.
  const newest = useRef(at);
  useLayoutEffect(() => {
    newest.current = at;
  }, [at]);

  const actions = actionsOn(image, at);
  const go = (step: (at: number, last: number) => number): void => {
    const from = newest.current;
    const next = Math.max(0, Math.min(count - 1, step(from, count - 1)));
    newest.current = next;
    if (next !== from) onMove(next);
  };
  useKeysOfWindow((event) => {
    if (isTyped(event) || event.altKey || event.ctrlKey || event.metaKey) return;
    const step = steps[event.key];
    if (step !== undefined) {
      event.preventDefault();
      go(step);
    } else if (!pressImageKey(actions, event)) return;
    // What lies under the dialog may still have the focus.
    event.stopPropagation();
  });

  return (
    <Modal
      opened
      onClose={() => onClose(at)}
      title={`${what} ${formatCount(at + 1)} of ${formatCount(count)}`}
      size="min(1480px, 96vw)"
      fullScreen={narrow}
      centered={false}
      yOffset="3dvh"
      closeButtonProps={{ 'aria-label': 'Close' }}
      returnFocus={false}
      transitionProps={{ duration: 0 }}
    >
      <div className={styles.enlarged}>
        <div className={query === null ? styles.one : styles.two}>
          {query === null ? null : (
            <figure className={styles.figure}>
              <div className={styles.enlargedPicture}>
                <Picture key={query.hash} hash={query.hash} alt={`Query ${fileName(query.path)}`} />
              </div>
              <figcaption className={styles.caption}>
                <span className={styles.quiet}>Query</span>
                <Name>{query.className ?? fileName(query.path)}</Name>
              </figcaption>
            </figure>
          )}
          <figure className={styles.figure}>
            <div className={`${framed} ${styles.enlargedPicture}`} data-verdict={verdictOf(image.right ?? null)}>
              <Picture key={image.hash} hash={image.hash} alt={fileName(image.path)} url={image.thumbnail} />
              <VerdictSign right={image.right ?? null} named />
            </div>
            <figcaption className={styles.caption}>
              <span className={styles.quiet}>{what}</span>
              <Name>{image.className ?? 'class unknown'}</Name>
            </figcaption>
            {/* The picture of an image that is not in this browser comes from elsewhere. */}
            {image.hash === null || image.thumbnail !== undefined ? null : <ThumbnailNote />}
          </figure>
        </div>
        <div className={styles.side}>
          <div className={styles.steps}>
            <Step label="Previous image" ended={at === 0} onStep={() => go((from) => from - 1)}>
              <IconChevronLeft size={18} aria-hidden="true" />
            </Step>
            <Step label="Next image" ended={at === count - 1} onStep={() => go((from) => from + 1)}>
              <IconChevronRight size={18} aria-hidden="true" />
            </Step>
            <span className={`${styles.quiet} ${styles.hint}`}>or arrow keys</span>
          </div>
          <dl className={styles.facts}>
            <Fact name="File">
              <Name>{fileName(image.path)}</Name>
            </Fact>
            <Fact name="Class">{image.className === null ? 'unknown' : <Name>{image.className}</Name>}</Fact>
            {image.rank === undefined ? null : <Fact name="Rank">{formatCount(image.rank)}</Fact>}
            {image.similarity === undefined ? null : (
              <Fact name="Similarity">{formatSimilarity(image.similarity)}</Fact>
            )}
          </dl>
          {/* Where something is open below, that has the focus. */}
          <ActionButtons actions={actions} focused={!children} />
          {children}
        </div>
        <VisuallyHidden component="p" aria-live="polite">
          {spoken(image)}
        </VisuallyHidden>
      </div>
    </Modal>
  );
}

/** From the moment that it opens: a dialog gets the focus a little later, and keys that come before are meant for it too. */
function useKeysOfWindow(onKey: (event: KeyboardEvent) => void): void {
  const newest = useRef(onKey);
  useLayoutEffect(() => {
    newest.current = onKey;
  });
  useLayoutEffect(() => {
    const listen = (event: KeyboardEvent): void => newest.current(event);
    addEventListener('keydown', listen, true);
    return () => removeEventListener('keydown', listen, true);
  }, []);
}

/** Back to what had the focus before, where nothing else has taken it. */
function useReturnedFocus(): void {
  // Before the dialog takes the focus.
  useLayoutEffect(() => {
    const opener = document.activeElement;
    return () =>
      // The dialog is gone by then, and where its parent put the focus has it.
      queueMicrotask(() => {
        const free = document.activeElement === null || document.activeElement === document.body;
        if (free && opener instanceof HTMLElement) opener.focus({ preventScroll: true });
      });
  }, []);
}

function spoken({ path, className, rank, similarity, right = null }: EnlargedImage): string {
  return [
    fileName(path),
    className === null ? 'class unknown' : `class ${className}`,
    right === null ? null : right ? 'right class' : 'wrong class',
    rank === undefined ? null : `rank ${formatCount(rank)}`,
    similarity === undefined ? null : `similarity ${formatSimilarity(similarity)}`,
  ]
    .filter((part) => part !== null)
    .join(', ');
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <>
      <dt className={styles.quiet}>{name}</dt>
      <dd className={styles.value}>{children}</dd>
    </>
  );
}

interface StepProps {
  readonly label: string;
  /** At this end of the list. */
  readonly ended: boolean;
  readonly onStep: () => void;
  /** Its icon. */
  readonly children: ReactNode;
}

/** Stays in the tab order at the end of the list, or the focus would be lost there. */
export function Step({ label, ended, onStep, children }: StepProps) {
  return (
    <ActionIcon
      variant="default"
      size={32}
      aria-label={label}
      title={label}
      aria-disabled={ended}
      {...(ended ? { 'data-disabled': true } : {})}
      onClick={onStep}
    >
      {children}
    </ActionIcon>
  );
}
