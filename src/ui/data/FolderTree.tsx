import styles from './FolderTree.module.css';

/** The expected folders, drawn; `depth` in steps, dim lines are examples. */
const lines: readonly { readonly depth: number; readonly name: string; readonly note: string }[] = [
  { depth: 0, name: 'photos/', note: '' },
  { depth: 1, name: 'training/', note: 'labelled images to learn from' },
  { depth: 2, name: 'apple/', note: 'one folder a class' },
  { depth: 2, name: 'bread/', note: '' },
  { depth: 1, name: 'test/', note: '' },
  { depth: 2, name: 'query/', note: 'images to ask with' },
  { depth: 2, name: 'gallery/', note: 'images to find' },
];

export function FolderTree() {
  return (
    <figure className={styles.tree}>
      <figcaption className={styles.caption}>The folders expected</figcaption>
      <ul className={styles.list}>
        {lines.map((line) => (
          <li key={line.name} className={styles.line} style={{ paddingInlineStart: `${line.depth * 20}px` }}>
            {line.depth === 0 ? null : <span className={styles.branch} aria-hidden="true" />}
            <code>{line.name}</code>
            <span className={styles.note}>{line.note}</span>
          </li>
        ))}
      </ul>
    </figure>
  );
}
