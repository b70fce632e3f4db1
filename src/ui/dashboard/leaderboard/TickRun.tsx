import { useActions, useWorkspace } from '../../workspace.tsx';
import styles from './leaderboard.module.css';
import { toggled } from './leaderboard-rows.ts';

interface TickRunProps {
  readonly runId: string;
  readonly name: string;
  /** As which of the two it is shown; null where it is not. */
  readonly letter: 'A' | 'B' | null;
  /** It is the only run that is shown. */
  readonly alone: boolean;
}

/** Shows the run in every tab, as A or B, or shows it no longer. */
export function TickRun({ runId, name, letter, alone }: TickRunProps) {
  const { chooseDashboard } = useActions();
  const workspace = useWorkspace();
  return (
    // The browser's own: forty of Mantine's take longer to draw than all the rest of the table.
    <input
      type="checkbox"
      className={styles.checkbox}
      aria-label={letter === null ? `Compare ${name}` : `Compare ${name}, now ${letter}`}
      title={alone ? 'The dashboard always shows a run: tick another one first' : undefined}
      checked={letter !== null}
      disabled={alone}
      onChange={() => void chooseDashboard(toggled(runId, workspace.dashboard.getState()))}
    />
  );
}
