import { type ReactNode, useId } from 'react';
import styles from './Export.module.css';

interface ExportRowProps {
  readonly icon: ReactNode;
  readonly title: string;
  /** What is in the file and what it is for. */
  readonly text: ReactNode;
  readonly options?: ReactNode;
  readonly buttons: ReactNode;
}

export function ExportRow({ icon, title, text, options = null, buttons }: ExportRowProps) {
  const id = useId();
  return (
    <section className={styles.row} aria-labelledby={id}>
      <div>
        <h2 id={id} className={styles.title}>
          {icon}
          {title}
        </h2>
        <p className={styles.text}>{text}</p>
      </div>
      <div className={styles.controls}>
        {options === null ? null : <div className={styles.options}>{options}</div>}
        <div className={styles.buttons}>{buttons}</div>
      </div>
    </section>
  );
}
