import { Anchor } from '@mantine/core';
import { hands } from '../../app/dataset/demo-results.ts';
import styles from './start.module.css';

/** Who drew the demo's pictures, and under which licence they are used. */
export function DemoCredits() {
  return (
    <details className={styles.credits}>
      <summary>Who drew the demo’s pictures</summary>
      <p>
        {hands.length} open sets of emoji, as the icon packages of Iconify hand them out. The demo puts each drawing on
        a coloured ground, at another size and turned; nothing else is changed, and none of the authors endorses it.
      </p>
      <ul>
        {hands.map((hand) => (
          <li key={hand.id}>
            <Anchor href={hand.url} target="_blank" rel="noreferrer" inherit underline="always">
              {hand.name}
            </Anchor>{' '}
            by {hand.author} ({hand.split}), licence{' '}
            <Anchor href={hand.licenceUrl} target="_blank" rel="noreferrer" inherit underline="always">
              {hand.licence}
            </Anchor>
          </li>
        ))}
      </ul>
      <p>
        Texts of the licences that ask to travel along:{' '}
        <Anchor href="./licences/Apache-2.0.txt" target="_blank" inherit underline="always">
          Apache-2.0
        </Anchor>
        ,{' '}
        <Anchor href="./licences/MIT-Fluent-Emoji.txt" target="_blank" inherit underline="always">
          MIT
        </Anchor>
        .
      </p>
    </details>
  );
}
