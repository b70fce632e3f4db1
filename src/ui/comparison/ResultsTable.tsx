import { VisuallyHidden } from '@mantine/core';
import { Fragment } from 'react';
import { figureOf, highest, seedOf } from '../../state/result-rows.ts';
import { FigureCell } from '../runs/FigureCell.tsx';
import { measures } from '../runs/measures.tsx';
import styles from '../runs/runs.module.css';
import { SortedHead } from '../runs/SortedHead.tsx';
import { Model, RunActions } from './result-cells.tsx';
import type { ResultsViewProps } from './results-view.ts';

export function ResultsTable(props: ResultsViewProps) {
  const { rows, split, labels, unfolded, onFold, order, onOrder } = props;
  const best = measures.map(({ measure }) => highest(rows, split, measure));
  return (
    <table className={styles.table} aria-label="Results">
      <thead>
        <tr>
          <SortedHead by="model" order={order} onOrder={onOrder}>
            Model
          </SortedHead>
          {measures.map(({ measure, title, explanation }) => (
            <SortedHead key={measure} by={measure} numeric order={order} onOrder={onOrder} explanation={explanation}>
              {title}
            </SortedHead>
          ))}
          <th scope="col">
            <VisuallyHidden>Actions</VisuallyHidden>
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
