import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { Order } from './result-order.ts';
import styles from './runs.module.css';

interface SortedHeadProps<Column> {
  readonly by: Column;
  readonly order: Order<Column>;
  readonly onOrder: (order: Order<Column>) => void;
  /** Numbers stand at the end of their column. */
  readonly numeric?: boolean;
  /** Whether the first press sorts from high to low, as of numbers unless told. */
  readonly descends?: boolean;
  readonly explanation?: ReactNode;
  readonly children: ReactNode;
}

/** A column's head that sorts by it; a second press turns the order round. */
export function SortedHead<Column>(props: SortedHeadProps<Column>) {
  const { by, order, onOrder, numeric = false, descends = numeric, explanation = null, children } = props;
  const chosen = order.by === by;
  const Arrow = order.descending ? IconArrowDown : IconArrowUp;
  return (
    <th
      scope="col"
      className={numeric ? styles.numeric : undefined}
      aria-sort={chosen ? (order.descending ? 'descending' : 'ascending') : undefined}
    >
      <span className={styles.term}>
        <button
          type="button"
          className={styles.sort}
          onClick={() => onOrder({ by, descending: chosen ? !order.descending : descends })}
        >
          {chosen ? <Arrow size={14} aria-hidden="true" /> : null}
          {children}
        </button>
        {explanation}
      </span>
    </th>
  );
}
