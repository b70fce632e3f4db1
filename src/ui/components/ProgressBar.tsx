import styles from './status.module.css';

interface ProgressBarProps {
  /** What is in progress, for screen readers. */
  readonly label: string;
  /** Whole per cent; null while not known. */
  readonly percent: number | null;
}

export function ProgressBar({ label, percent }: ProgressBarProps) {
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={percent ?? undefined}
      className={styles.bar}
    >
      <div className={percent === null ? styles.unknown : styles.value} style={{ width: `${percent ?? 30}%` }} />
    </div>
  );
}
