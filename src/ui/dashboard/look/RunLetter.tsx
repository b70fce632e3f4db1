import { RunMark } from '../ChosenRuns.tsx';

interface RunLetterProps {
  readonly letter: 'A' | 'B';
  /** Slot of the run's colour. */
  readonly colour: number;
}

/** The mark of a run that there is, as it stands at the top of the dashboard. */
export function RunLetter({ letter, colour }: RunLetterProps) {
  return <RunMark letter={letter} slot={colour} />;
}
