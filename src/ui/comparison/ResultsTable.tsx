import { UnstyledButton } from '@mantine/core';
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import { Fragment, type ReactNode } from 'react';
import { measures } from './measures.tsx';
import styles from './Results.module.css';
import { FigureCell, Model, RunActions } from './result-cells.tsx';
import { figureOf, highest, type ResultOrder, seedOf } from './result-rows.ts';
import type { ResultsViewProps } from './results-view.ts';

export function ResultsTable(props: ResultsViewProps) {
  const { rows, split, labels, unfolded, onFold, order, onOrder } = props;
  const best = measures.map(({ measure }) => highest(rows, split, measure));
  return (
    <table className={styles.table} aria-label="Results">
      <thead>
        <tr>
          <Sorted by="model" order={order} onOrder={onOrder}>
            Model
          </Sorted>
          {measures.map(({ measure, title, explanation }) => (
            <Sorted key={measure} by={measure} order={order} onOrder={onOrder} explanation={explanation}>
              {title}
            </Sorted>
          ))}
          <th scope="col">
            <span className={styles.hidden}>Actions</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => {
          const [first] = row.runs;
          const several = row.runs.length > 1;
          const open = several && unfolded.has(row.key);
          return (
            <Fragment key={row.key}>
              <tr>
                <th scope="row" className={styles.modelCell}>
                  <Model row={row} labels={labels} unfolded={open} onFold={() => onFold(row.key)} />
                </th>
                {measures.map(({ measure }, at) => {
                  const figure = figureOf(row.runs, split, measure);
                  return (
                    <td key={measure} className={styles.numeric}>
                      <FigureCell figure={figure} best={figure !== null && figure.share === best[at]} />
                    </td>
                  );
                })}
                <td>
                  <RunActions run={first} labels={labels} ofSeveral={several} />
                </td>
              </tr>
              {open
                ? row.runs.map((run) => (
                    <tr key={run.id} className={styles.seed}>
                      <th scope="row" className={styles.seedName}>
                        seed {seedOf(run)}
                      </th>
                      {measures.map(({ measure }) => (
                        <td key={measure} className={styles.numeric}>
                          <FigureCell figure={figureOf([run], split, measure)} />
                        </td>
                      ))}
                      <td>
                        <RunActions run={run} labels={labels} ofSeveral />
                      </td>
                    </tr>
                  ))
                : null}
            </Fragment>
          );
        })}
      </tbody>
    </table>
  );
}

interface SortedProps {
  readonly by: ResultOrder['by'];
  readonly order: ResultOrder;
  readonly onOrder: (order: ResultOrder) => void;
  readonly explanation?: ReactNode;
  readonly children: ReactNode;
}

/** A column's head that sorts by it; a second press turns the order round. */
function Sorted({ by, order, onOrder, explanation = null, children }: SortedProps) {
  const chosen = order.by === by;
  const Arrow = order.descending ? IconArrowDown : IconArrowUp;
  return (
    <th
      scope="col"
      className={by === 'model' ? undefined : styles.numeric}
      aria-sort={chosen ? (order.descending ? 'descending' : 'ascending') : undefined}
    >
      <span className={styles.term}>
        <UnstyledButton
          className={styles.sort}
          onClick={() => onOrder({ by, descending: chosen ? !order.descending : by !== 'model' })}
        >
          {chosen ? <Arrow size={14} aria-hidden="true" /> : null}
          {children}
        </UnstyledButton>
        {explanation}
      </span>
    </th>
  );
}
