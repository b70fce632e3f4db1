import styles from './frame.module.css';

/** The outline of a screen while its code or its stored data loads; `says` in words what is waited for. */
export function ScreenSkeleton({ says }: { readonly says?: string }) {
  return (
    <div className={styles.skeleton} role="status" aria-label={says ?? 'Loading'}>
      {says === undefined ? null : <p className={styles.says}>{says}</p>}
      <span className={styles.skeletonTitle} />
      <span className={styles.skeletonStrip} />
      <span className={styles.skeletonBlock} />
    </div>
  );
}
