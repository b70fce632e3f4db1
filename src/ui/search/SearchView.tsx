import { useMediaQuery } from '@mantine/hooks';
import { useEffect } from 'react';
import { Explain } from '../components/Explain.tsx';
import { Name } from '../components/Name.tsx';
import { Failures } from '../components/Notice.tsx';
import { ScreenHeader } from '../components/ScreenHeader.tsx';
import { DecisionBar } from '../data/DecisionBar.tsx';
import { useStore } from '../use-store.ts';
import { useActions, useWorkspace } from '../workspace.tsx';
import { answerPieces, answerSource, percentOf } from './answer-words.ts';
import { Controls, CutoffLine } from './Controls.tsx';
import { QueryPanel } from './QueryPanel.tsx';
import { QueryStrip } from './QueryStrip.tsx';
import { RankingNotes } from './RankingChoice.tsx';
import { Results } from './Results.tsx';
import { ServerGallery, useServerGallery } from './ServerGallery.tsx';
import styles from './search.module.css';
import { goBack, useSearchAddress } from './search-address.ts';
import { indexWords, timingFigure, timingWords } from './timing-words.ts';

export function SearchView() {
  useSearchAddress();
  usePaste();
  useEscape();
  useServerGallery();
  const narrow = useMediaQuery('(max-width: 639.98px)', false, { getInitialValueInEffect: false });
  const wide = useMediaQuery('(min-width: 1800px)', false, { getInitialValueInEffect: false });
  return (
    <div className={styles.search}>
      <div className={styles.title}>
        <ScreenHeader title="Search" />
        <Failures screen="search" />
        <DecisionBar />
      </div>
      <div className={styles.controls}>
        {narrow ? (
          <details>
            <summary className={styles.summary}>Model, ranking and more</summary>
            <Controls />
          </details>
        ) : (
          <Controls />
        )}
      </div>
      <div className={styles.strip}>
        <QueryStrip />
      </div>
      <div className={styles.query}>
        <QueryPanel />
      </div>
      <div className={styles.results}>
        <ServerGallery narrow={narrow} />
        <AnswerLine />
        <TimingLine />
        <Results />
      </div>
      {wide ? (
        <aside className={styles.side} aria-label="About this answer">
          <AnswerBars />
          <section aria-labelledby="ranking-heading">
            <h2 id="ranking-heading" className={styles.sideHeading}>
              Ranking
            </h2>
            <RankingNotes />
          </section>
        </aside>
      ) : null}
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

/** What the query probably is; while that is not known, what is being done about it. Said to those who do not see it. */
function AnswerLine() {
  const answer = useStore(useWorkspace().search, (state) => state.answer);
  const pending = useStore(useWorkspace().search, (state) =>
    state.status === 'embedding' ? 'Embedding the query…' : state.status === 'searching' ? 'Searching…' : '',
  );
  const answerable = useStore(useWorkspace().dataset, ({ images }) =>
    images.some(({ className }) => className !== null),
  );
  return (
    <div role="status" className={answerable ? styles.line : styles.pendingLine}>
      {pending !== '' ? (
        <p className={styles.quiet}>{pending}</p>
      ) : answer === null ? null : (
        <>
          <p className={styles.sentence}>
            {answerPieces(answer).map((piece) =>
              typeof piece === 'string' ? piece : <bdi key={piece.className}>{piece.className}</bdi>,
            )}
          </p>
          <p className={styles.quiet}>{answerSource(answer)}</p>
        </>
      )}
    </div>
  );
}

/** Classes that are shown with a bar. */
const SHOWN = 8;

/** The likeliest classes with their shares, where a wide window has room for them. */
function AnswerBars() {
  const answer = useStore(useWorkspace().search, (state) => state.answer);
  if (answer === null || answer.guesses.length === 0) return null;
  return (
    <section aria-labelledby="answer-heading">
      <h2 id="answer-heading" className={styles.heading}>
        {answer.by === 'votes' ? 'Votes' : 'Likely classes'}
      </h2>
      <ol className={styles.bars}>
        {answer.guesses.slice(0, SHOWN).map(({ className, share }) => (
          <li key={className}>
            <span className={styles.barWords}>
              <Name>{className}</Name>
              <span>{percentOf(share)}</span>
            </span>
            <span className={styles.track} aria-hidden="true">
              <span className={styles.fill} style={{ width: `${share * 100}%` }} />
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}

/** One quiet figure: how long it took, its parts behind it; and what the index is doing, where that matters. */
function TimingLine() {
  const timing = useStore(useWorkspace().search, (state) => state.timing);
  const index = useStore(useWorkspace().search, (state) => state.index);
  const server = useStore(useWorkspace().search, (state) => state.server);
  const rankable = useStore(useWorkspace().search, (state) => state.rankable);
  const words = server?.chosen ? null : indexWords(index);
  return (
    <div className={styles.timing}>
      <h2 className={styles.timingHeading}>Neighbours</h2>
      {timing === null ? null : (
        <span className={styles.timingFigure}>
          <span title={`${timingWords(timing, index, server)}.`}>{timingFigure(timing)}</span>
          <Explain term="the time">
            <p>{timingWords(timing, index, server)}.</p>
          </Explain>
        </span>
      )}
      {words === null ? null : <p className={styles.timingWords}>{words}</p>}
      {rankable ? <CutoffLine /> : null}
    </div>
  );
}
