import { Explain } from '../components/Explain.tsx';
import { useStore } from '../use-store.ts';
import { useWorkspace } from '../workspace.tsx';
import { CutoffLine } from './CutoffLine.tsx';
import styles from './TimingLine.module.css';
import { indexWords, timingFigure, timingWords } from './timing-words.ts';

/** One quiet figure: how long it took, its parts behind it; and what the index is doing, where that matters. */
export function TimingLine() {
  const timing = useStore(useWorkspace().search, (state) => state.timing);
  const index = useStore(useWorkspace().search, (state) => state.index);
  const server = useStore(useWorkspace().search, (state) => state.server);
  const rankable = useStore(useWorkspace().search, (state) => state.rankable);
  const words = server?.chosen ? null : indexWords(index);
  return (
    <div className={styles.line}>
      <h2 className={styles.heading}>Neighbours</h2>
      {timing === null ? null : (
        <span className={styles.figure}>
          <span title={`${timingWords(timing, index, server)}.`}>{timingFigure(timing)}</span>
          <Explain term="the time">
            <p>{timingWords(timing, index, server)}.</p>
          </Explain>
        </span>
      )}
      {words === null ? null : <p className={styles.words}>{words}</p>}
      {rankable ? <CutoffLine /> : null}
    </div>
  );
}
