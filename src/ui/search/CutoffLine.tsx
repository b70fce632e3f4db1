import { useStore } from '../use-store.ts';
import { useWorkspace } from '../workspace.tsx';
import { cutoffSentence, keptNeighbours } from './cutoff-words.ts';
import styles from './search.module.css';

/** Its id: it describes the choice. */
export const CUTOFF_LINE = 'cutoff-line';

/** How many neighbours the cut-off hides, and at which similarity. */
export function CutoffLine() {
  const state = useStore(useWorkspace().cutoff);
  const runId = useStore(useWorkspace().search, (search) => search.runId);
  const neighbours = useStore(useWorkspace().search, (search) => search.neighbours);
  const shown = keptNeighbours(neighbours, state, runId).length;
  return (
    <p id={CUTOFF_LINE} role="status" className={`${styles.timingWords} ${styles.ownLine}`}>
      {cutoffSentence(state, runId, shown, neighbours.length - shown)}
    </p>
  );
}
