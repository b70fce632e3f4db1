import type { CSSProperties, ReactNode, Ref } from 'react';
import styles from './VirtualTable.module.css';

interface ScrollBoxProps {
  /** What is in it, for those who come by keyboard. */
  readonly label: string;
  readonly ref?: Ref<HTMLElement>;
  readonly id?: string;
  readonly hidden?: boolean;
  readonly style?: CSSProperties;
  readonly children: ReactNode;
}

/** A box that scrolls by itself, by keyboard too. */
export function ScrollBox({ label, children, ...rest }: ScrollBoxProps) {
  return (
    <section
      className={styles.box}
      aria-label={`${label}, scrolls`}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: without it the box could not be scrolled by keyboard (WCAG 2.1.1; axe: scrollable-region-focusable).
      tabIndex={0}
      {...rest}
    >
      {children}
    </section>
  );
}
