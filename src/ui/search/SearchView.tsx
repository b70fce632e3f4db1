import { useEffect } from 'react';
import { Failures } from '../components/Failures.tsx';
import { ScreenHeader } from '../components/ScreenHeader.tsx';
import { useActions } from '../workspace.tsx';
import { Controls } from './Controls.tsx';
import { QueryPanel } from './QueryPanel.tsx';
import { QueryStrip } from './QueryStrip.tsx';
import { Results } from './Results.tsx';
import styles from './SearchScreen.module.css';
import { goBack, useSearchAddress } from './search-address.ts';
import { TimingLine } from './TimingLine.tsx';

export function SearchView() {
  useSearchAddress();
  usePaste();
  useEscape();
  return (
    <div className={styles.view}>
      <ScreenHeader title="Search" actions={<Controls />} />
      <Failures screen="search" />
      <QueryStrip />
      <div className={styles.columns}>
        <QueryPanel />
        <div className={styles.results}>
          <TimingLine />
          <Results />
        </div>
      </div>
    </div>
  );
}

/** An image on the clipboard becomes the query. */
function usePaste(): void {
  const { searchFile } = useActions();
  useEffect(() => {
    const paste = (event: ClipboardEvent): void => {
      const image = [...(event.clipboardData?.files ?? [])].find((file) => file.type.startsWith('image/'));
      if (image === undefined) return;
      event.preventDefault();
      void searchFile(image);
    };
    addEventListener('paste', paste);
    return () => removeEventListener('paste', paste);
  }, [searchFile]);
}

/** Escape goes back to the previous query, unless it closes something that is open. */
function useEscape(): void {
  const actions = useActions();
  useEffect(() => {
    const key = (event: KeyboardEvent): void => {
      if (event.key !== 'Escape' || event.defaultPrevented) return;
      if (document.querySelector('[role="dialog"], [aria-expanded="true"]') !== null) return;
      // The crop frame and the camera have an end of their own.
      if (event.target instanceof Element && event.target.closest('[data-keeps-escape]') !== null) return;
      goBack(actions);
    };
    // Capturing: what the key closes is still open when this looks.
    addEventListener('keydown', key, true);
    return () => removeEventListener('keydown', key, true);
  }, [actions]);
}
