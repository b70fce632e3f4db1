import { runColour } from '../../../figures/palette.ts';
import styles from './RunLetter.module.css';

interface RunLetterProps {
  readonly letter: 'A' | 'B';
  /** Slot of the run's colour. */
  readonly colour: number;
}

/** The letter of a run, underlined in the colour that it has in every figure. */
export function RunLetter({ letter, colour }: RunLetterProps) {
  return (
    <span className={styles.letter} style={{ borderColor: runColour(colour) }}>
      {letter}
    </span>
  );
}
