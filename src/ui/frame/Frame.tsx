import { Button } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { Component, type ReactNode, type RefObject, Suspense, useEffect, useRef } from 'react';
import { useLocation } from 'wouter';
import { startedStore } from '../../app/started.ts';
import { toAppError } from '../../errors.ts';
import { EmptyState } from '../components/EmptyState.tsx';
import { formatSentence } from '../format.ts';
import { navigate } from '../location.ts';
import { screenAt, screens } from '../screens.tsx';
import { useStore } from '../use-store.ts';
import { useWorkspace } from '../workspace.tsx';
import { DropTarget } from './DropTarget.tsx';
import styles from './frame.module.css';
import { Announcer, JobLines, JobRoom } from './JobLines.tsx';
import { InterruptedNotice, OtherTabNotice, UpdateNotice } from './Notices.tsx';
import { Path } from './Path.tsx';
import { Rail } from './Rail.tsx';
import { ScreenSkeleton } from './ScreenSkeleton.tsx';
import { StorageNotice } from './StorageNotice.tsx';
import { TopBar } from './TopBar.tsx';

/** What stays while the screens change: rail, top bar, running work, and the window as drop target. */
export function Frame() {
  const [path] = useLocation();
  const known = screens.some((entry) => entry.path === path);
  const entry = screenAt(path);
  const top = useTopHeight();
  const started = useStore(startedStore, (state) => state.started);
  const workspace = useWorkspace();
  const datasetName = useStore(workspace.dataset, (state) => state.dataset?.name ?? null);

  useEffect(() => {
    if (!known) navigate(screens[0].path, { replace: true });
  }, [known]);

  useEffect(() => {
    document.title = [entry.label, datasetName, 'Likeness'].filter((part) => part !== null).join(' · ');
  }, [entry.label, datasetName]);

  return (
    <div className={styles.frame}>
      <button type="button" className={styles.skip} onClick={() => document.getElementById('content')?.focus()}>
        Skip to the content
      </button>
      <Rail />
      <div className={styles.page}>
        <div ref={top} className={styles.top}>
          <TopBar />
          <JobLines />
          <UpdateNotice />
        </div>
        <JobRoom />
        {/* At once: a database that cannot be opened is what the start waits for. */}
        <StorageNotice />
        {started ? (
          <>
            <Path screen={entry.id} />
            <InterruptedNotice />
            <OtherTabNotice />
          </>
        ) : null}
        {/* Another element once there is something to show: the same one would count as pushed down by what is above. */}
        <main key={started ? 'screen' : 'outline'} id="content" tabIndex={-1} className={styles.content}>
          {started ? (
            <ScreenBoundary key={entry.id === 'settings' ? entry.id : `${entry.id} ${workspace.id}`}>
              <Suspense fallback={<ScreenSkeleton />}>
                <entry.Screen />
              </Suspense>
            </ScreenBoundary>
          ) : (
            <ScreenSkeleton says="Opening what is stored here …" />
          )}
        </main>
      </div>
      <Announcer />
      <DropTarget screen={entry.id} />
    </div>
  );
}

/** Publishes the element's height as `--top-height`: what a screen keeps in sight stays under it. */
function useTopHeight(): RefObject<HTMLDivElement | null> {
  const top = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = top.current;
    if (element === null) return;
    const observer = new ResizeObserver(() => {
      document.documentElement.style.setProperty('--top-height', `${element.offsetHeight}px`);
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return top;
}

interface ScreenBoundaryState {
  readonly message: string | null;
}

/** A screen that cannot be drawn takes neither the frame nor the running work with it. */
class ScreenBoundary extends Component<{ readonly children: ReactNode }, ScreenBoundaryState> {
  override readonly state: ScreenBoundaryState = { message: null };

  static getDerivedStateFromError(error: unknown): ScreenBoundaryState {
    return { message: toAppError(error).message };
  }

  override render(): ReactNode {
    if (this.state.message === null) return this.props.children;
    return (
      <EmptyState
        icon={<IconAlertTriangle size={32} aria-hidden="true" />}
        title="This screen could not be shown"
        action={<Button onClick={() => location.reload()}>Reload</Button>}
      >
        {formatSentence(this.state.message)} What is stored is kept; reload the page to go on.
      </EmptyState>
    );
  }
}
