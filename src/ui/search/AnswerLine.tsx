import { Fragment } from 'react';
import { Name } from '../components/Name.tsx';
import { useStore } from '../use-store.ts';
import { useWorkspace } from '../workspace.tsx';
import styles from './Answer.module.css';
import { answerPieces, answerSource, percentOf } from './answer-words.ts';

/** What the query probably is; while that is not known, what is being done about it. Said to those who do not see it. */
export function AnswerLine() {
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
            {answerPieces(answer).map((piece, i) =>
              typeof piece === 'string' ? (
                // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of a sentence have no other name than their place.
                <Fragment key={i}>{piece}</Fragment>
              ) : (
                <bdi key={piece.className}>{piece.className}</bdi>
              ),
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
export function AnswerBars() {
  const answer = useStore(useWorkspace().search, (state) => state.answer);
  if (answer === null || answer.guesses.length === 0) return null;
  return (
    <section aria-labelledby="answer-heading">
      <h2 id="answer-heading" className={styles.heading}>
        {answer.by === 'votes' ? 'Votes' : 'Likely classes'}
      </h2>
      <ol className={styles.bars}>
        {answer.guesses.slice(0, SHOWN).map(({ className, share }) => (
          <li key={className} className={styles.bar}>
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
