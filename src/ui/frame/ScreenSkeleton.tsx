import styles from './ScreenSkeleton.module.css';

/** The outline of a screen while its code or its stored data loads. */
export function ScreenSkeleton() {
  return (
    <div className={styles.skeleton} role="status" aria-label="Loading">
      <span className={styles.title} />
      <span className={styles.strip} />
      <span className={styles.block} />
    </div>
  );
}
