import styles from './Name.module.css';

/** A name that came from a file: text of any script and length, cut with an ellipsis, whole in the tooltip. */
export function Name({ children, className }: { readonly children: string; readonly className?: string | undefined }) {
  return (
    <bdi dir="auto" title={children} className={className === undefined ? styles.name : `${styles.name} ${className}`}>
      {children}
    </bdi>
  );
}

/** A path whose last part stays readable: the folders before it are quieter and cut first. */
export function PathName({ path }: { readonly path: string }) {
  // A slash at the very end belongs to the folder's name.
  const cut = path.lastIndexOf('/', path.length - 2) + 1;
  return (
    <span className={styles.path} title={path}>
      {cut === 0 ? null : (
        <bdi dir="auto" className={`${styles.name} ${styles.before}`}>
          {path.slice(0, cut)}
        </bdi>
      )}
      <bdi dir="auto" className={`${styles.name} ${styles.last}`}>
        {path.slice(cut)}
      </bdi>
    </span>
  );
}
