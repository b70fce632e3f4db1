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

const RADIUS = 6;
const LENGTH = 2 * Math.PI * RADIUS;

/** A small ring of progress; a quarter that turns while the share is not known. Decoration: say it in words beside it. */
export function Ring({ percent }: { readonly percent: number | null }) {
  const shown = percent ?? 25;
  return (
    <svg
      className={percent === null ? `${styles.ring} ${styles.ringUnknown}` : styles.ring}
      viewBox="0 0 16 16"
      aria-hidden="true"
    >
      <circle className={styles.ringTrack} cx="8" cy="8" r={RADIUS} />
      <circle
        className={styles.ringValue}
        cx="8"
        cy="8"
        r={RADIUS}
        strokeDasharray={`${(shown / 100) * LENGTH} ${LENGTH}`}
        transform="rotate(-90 8 8)"
      />
    </svg>
  );
}
