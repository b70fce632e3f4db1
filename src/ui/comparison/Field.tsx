import type { ReactNode } from 'react';
import { Explain } from '../components/Explain.tsx';
import styles from './RecipePanel.module.css';

interface FieldProps {
  readonly label: string;
  readonly explanation: ReactNode;
  /** A control that has the label as its accessible name. */
  readonly children: ReactNode;
}

/** A control under its name and the explanation of it. */
export function Field({ label, explanation, children }: FieldProps) {
  return (
    <div className={styles.field}>
      <span className={styles.label}>
        {label}
        <Explain term={label.toLowerCase()}>{explanation}</Explain>
      </span>
      {children}
    </div>
  );
}
