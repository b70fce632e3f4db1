import styles from './Name.module.css';

/** A name that came from a file: text of any script and length, cut with an ellipsis, whole in the tooltip. */
export function Name({ children, className }: { readonly children: string; readonly className?: string | undefined }) {
  return (
    <bdi dir="auto" title={children} className={className === undefined ? styles.name : `${styles.name} ${className}`}>
      {children}
    </bdi>
  );
}
