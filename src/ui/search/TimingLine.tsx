import { useStore } from 'zustand';
import { useWorkspace } from '../workspace.tsx';
import { CutoffLine } from './CutoffLine.tsx';
import styles from './TimingLine.module.css';
import { indexWords, timingWords } from './timing-words.ts';

/** One quiet line: how long it took, and what the index is doing. */
export function TimingLine() {
  const timing = useStore(useWorkspace().search, (state) =>
    state.timing === null ? '' : `${timingWords(state.timing, state.index)}.`,
  );
  const index = useStore(useWorkspace().search, (state) => indexWords(state.index, state.indexChoice) ?? '');
  const pending = useStore(useWorkspace().search, (state) =>
    state.status === 'embedding' ? 'Embedding the query…' : state.status === 'searching' ? 'Searching…' : '',
  );
  return (
    <div className={styles.line}>
      <h2 className={styles.heading}>Neighbours</h2>
      <p role="status" className={styles.words}>
        {pending === '' ? timing : pending}
      </p>
      {index === '' ? null : <p className={styles.words}>{index}</p>}
      <CutoffLine />
    </div>
  );
}
